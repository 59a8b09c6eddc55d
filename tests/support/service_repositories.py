"""Small repositories of services, each laid out as some teams lay out theirs."""

from __future__ import annotations

from pathlib import Path

WORKFLOW = "on: [push]\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps: [{run: make test image}]\n"
DEPENDABOT = "version: 2\nupdates: [{package-ecosystem: docker, directory: /, schedule: {interval: weekly}}]\n"
RUNBOOK = """\
<!--
    Written in the form that the whole company uses.
-->
# Drafts API

Drafts API keeps what editors have not published yet.

## Service Tier

Platinum

## Architecture

Two replicas in each of two regions, behind one address. [Diagram](https://draw.example.com/x)

<!-- Placeholder - remove the marks to use it
## Can Download Personal Data
Choose Yes or No
-->

## Failover Details

Each region takes all requests when the other is gone; nobody has to do anything.

## Release Details

The pipeline releases what is merged, one region after the other.

## First Line Troubleshooting

1. Restart the pods of the region that answers slowly, one at a time.
2. Look whether the region answers within its objective again.
"""
CATALOGUE = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: portal
  annotations: {backstage.io/techdocs-ref: 'dir:.'}
spec: {type: website, owner: group:portal-team, lifecycle: production, consumesApis: [portal-api]}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: portal-api}
spec:
  type: graphql
  lifecycle: production
  owner: portal-team
  definition:
    $text: https://portal.example.com/schema
"""
DECISION = """\
# 1. Events are kept, not states

## Context

Readers ask what a page looked like on a day.

## Considered options

A table of versions; a log of events.

## Decision

A log of events.

## Consequences

Every reader folds events; a deletion is an event too.
"""
OPEN_CHARTS = """\
# Whoever may write may merge
*

# The platform's people look at these
/.github/ @acme/platform
/charts/ @acme/platform

# Charts of a team
/charts/search/ @acme/search @acme/platform

# Anybody may change what is not production
/charts/values-test.yaml
"""

REPOSITORIES: dict[str, dict[str, str]] = {
    "owned-as-a-whole": {
        "CODEOWNERS": "* @acme/certificates\n",
        ".github/dependabot.yml": DEPENDABOT,
        ".github/workflows/build.yml": WORKFLOW,
        "Makefile": "test:\n\tgo test ./...\n",
        "cmd/main.go": "package main\n",
        "docs/release.md": "# How a release is made\n\nTag it; the pipeline does the rest.\n",
        "README.md": "# Certificates\n",
    },
    "with-one-runbook": {
        ".github/CODEOWNERS": "# Of publishing:\n* @acme/publishing\n\n# Looked after by:\n* @acme/data\n",
        ".circleci/config.yml": (
            "version: 2.1\njobs: {build: {docker: [{image: 'golang:1'}], steps: [checkout, {run: go test ./...}]}}\n"
        ),
        "runbooks/runbook.md": RUNBOOK,
        "helm/drafts/values.yaml": "replicas: 2\n",
    },
    "in-a-catalogue": {
        ".github/CODEOWNERS": "# The last rule that matches counts.\n*         @acme/portal-team @sam\n",
        "catalog-info.yaml": CATALOGUE,
        "renovate.json": '{"extends": ["config:best-practices"], "vulnerabilityAlerts": {"enabled": true}}\n',
        "packages/app.ts": "export {};\n",
    },
    "open-to-all": {
        ".github/CODEOWNERS": OPEN_CHARTS,
        ".github/dependabot.yml": DEPENDABOT,
        ".github/workflows/release.yaml": WORKFLOW,
        "charts/search/Chart.yaml": "name: search\n",
        "charts/values-test.yaml": "replicas: 1\n",
        "docs/humans.md": "# Who we are\n",
        "README.md": "# Charts\n",
    },
    "owned-by-nobody": {
        ".github/dependabot.yml": DEPENDABOT,
        ".github/workflows/test.yml": WORKFLOW,
        "docs/arch/adr-001-keep-events.md": DECISION,
        "Procfile": "web: bin/serve\n",
    },
}


def make(folder: Path, name: str) -> Path:
    """Write one of them below a folder."""
    root = folder / name
    for path, text in REPOSITORIES[name].items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root
