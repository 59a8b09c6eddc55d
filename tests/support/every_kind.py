"""A workspace with every kind of check, one of another package too, and the servers that they ask."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat

from orr.evidence.kinds import registry
from support import ROOT
from support.local_server import Asked, local_server
from support.site_stage import committed

ORR_YAML = """\
timezone: Asia/Shanghai
checklists: [checklists]
allow: [aws, command, http, licence, metric, notebook, service]
policy:
  - {tiers: [1, 2, 3, 4], no_go: [high], conditional: [medium], sign_offs: [service-owner], waiver_max_days: 90}
"""
CHECKS: Mapping[str, Mapping[str, Any]] = {
    "alerts": {"path": "convention:alert-rules"},
    "aws": {
        "service": "logs",
        "operation": "DescribeLogGroups",
        "rows": "logGroups",
        "at_least": 1,
        "regions": ["eu-west-1"],
    },
    "calendar": {"path": "convention:change-calendar", "meaning": "default_open"},
    "command": {"argv": ["git", "--version"]},
    "document": {"path": "docs/rollback.md", "reviewed_within": "90d"},
    "files": {"paths": "docs/*.md", "at_least": 2, "newest_within": "90d", "age_from": "git"},
    "http": {"url": "SERVER/health", "contains": "up"},
    "incidents": {"path": "convention:incidents", "within": "365d", "none": True, "overdue": 0},
    "licence": {"names": ["BSD", "MIT"]},
    "metric": {"at": "SERVER", "query": "sum(up)", "at_least": 3},
    "notebook": {"path": "notebooks/drill.ipynb", "good_for": "30d"},
    "ownership": {"aspects": ["owners", "parts"]},
    "results": {"path": "convention:test-results", "formats": ["junit"], "undecided": 20},
    "review": {"scenarios": 1, "responses": True},
    "roster": {"path": "convention:roster", "days": "30d", "secondary": True},
    "service": {
        "recipe": "github/branch-protected",
        "at": "SERVER",
        "values": {"owner": "acme", "repository": "{workload}"},
    },
    "slo": {"path": "convention:objectives", "rules": "convention:alert-rules"},
    "value": {"path": "renovate.json", "value": '"$schema"', "none": False, "equals": "x"},
}
"""By kind, what an item asks."""

PLUG_IN = '''\
from orr.evidence import Context, Finding, Outcome, check

@check(acts=True)
def licence(context: Context, names: list[str]) -> Finding:
    """Look for one of several licences.

    Parameters
    ----------
    names
        Words of which one must be there.
    """
    return Finding("", Outcome.MET, f"one of {', '.join(names)}")
'''
REVIEW = """\
review: shop
answers:
  kinds/owner:
    answer: yes
    evidence: [{title: Decisions, path: docs/launch.md}]
    by: lee
    on: 2026-11-01
pre_mortem:
  - scenario: The database is away
    likelihood: medium
    impact: high
    detection: An alert
    response: docs/playbooks/database-down.md
    tested_on: 2026-11-10
"""
ITEM = "      - {{item: {item}, ask: Is {item} as it ought to be?, risk: {risk}, checks: [{checks}]}}\n"


def checklist(server: str) -> str:
    """An item for each kind, one for any of several, and two that people answer."""
    checks = {kind: json.dumps({"check": kind, **keys}) for kind, keys in CHECKS.items()}
    either = f"{{any_of: [{checks['service']}, {checks['document']}, {checks['http']}]}}"
    items = [ITEM.format(item=item, risk="medium", checks=one) for item, one in {**checks, "either": either}.items()]
    return (
        "checklist: kinds\nversion: 1\ntitle: {en: Kinds, zh-CN: 种类}\nsections:\n  - section: all\n    items:\n"
        + "".join(items).replace("SERVER", server)
        + "      - {item: owner, ask: Does one person decide?, risk: high, evidence: required}\n"
        + "      - {item: cake, ask: Is there cake?, risk: low}\n"
        + "      - {item: later, ask: Is it still so?, risk: low, occasions: [recurring], "
        + "checks: [{check: command, argv: [git, version]}]}\n"
    )


def workspace_in(root: Path, server: str) -> Path:
    """The workspace in a git repository; what its checks read is that of an example."""
    shop = root / "workloads/shop"
    shutil.copytree(ROOT / "workloads/checkout", shop)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print('Drilled.')")])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    texts = {
        "orr.yaml": ORR_YAML,
        "checklists/kinds.yaml": checklist(server),
        "notebooks/drill.ipynb": nbformat.writes(notebook),
        "workloads/shop/workload.yaml": "workload: shop\ntitle: {en: Shop, zh-CN: 商店}\ntier: 1\n"
        "owner: {team: sales}\nlaunch: 2027-01-15T09:00+08:00\n",
        "teams/sales.yaml": "team: sales\n",
        "workloads/shop/review.yaml": REVIEW,
    }
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return committed(root)


def _aws(asked: Asked) -> tuple[int, dict[str, str], Any]:
    if asked.headers.get("X-Amz-Target", "").endswith("DescribeLogGroups"):
        return 200, {"Content-Type": "application/x-amz-json-1.1"}, {"logGroups": [{"logGroupName": "/shop"}]}
    says = (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        "<Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
    )
    return 200, {"Content-Type": "text/xml"}, says


def _forget() -> None:
    """Have the installed packages looked at anew."""
    registry._entry_points.cache_clear()
    registry.kind_named.cache_clear()


@contextmanager
def plug_in(package: Path) -> Iterator[None]:
    """The package with the kind `licence`, installed for as long as the block runs."""
    (package / "acme-1.0.dist-info").mkdir(parents=True)
    (package / "acme_orr.py").write_text(PLUG_IN, encoding="utf-8")
    (package / "acme-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (package / "acme-1.0.dist-info/entry_points.txt").write_text("[orr.checks]\nlicence = acme_orr:licence\n")
    path = os.pathsep.join([str(package), os.environ.get("PYTHONPATH", "")])
    with patch.dict(os.environ, PYTHONPATH=path), patch.object(sys, "path", [*sys.path, str(package)]):
        _forget()
        yield
    _forget()


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """The workspace, with all that its checks ask in reach for as long as the block runs."""
    with local_server() as server, plug_in(folder / "package"):
        server.answer("/health", "up")
        sample = {"metric": {}, "value": [1_795_000_000, "3"]}
        server.answer("/api/v1/query", {"status": "success", "data": {"resultType": "vector", "result": [sample]}})
        server.answer("/repos/acme/shop/branches/main", {"name": "main", "protected": True})
        server.answers["/"] = _aws
        reach = {
            "AWS_ENDPOINT_URL": server.url,
            "AWS_ACCESS_KEY_ID": "fake",
            "AWS_SECRET_ACCESS_KEY": "fake",
            "GITHUB_TOKEN": "fake",
        }
        with patch.dict(os.environ, reach):
            yield workspace_in(folder / "shop", server.url)
