"""What files must hold to count as a build, a pipeline or updates of dependencies."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.testing import run_check

TODAY = date(2026, 11, 23)
MET, NOT_MET, UNKNOWN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN


def files(folder: Path, **parameters: object) -> Finding:
    finding = run_check("files", folder, today=TODAY, **parameters)
    assert all(render(finding.says, language) for language in LANGUAGES)
    return finding


BUILD = [
    ("package.json", '{"devDependencies": {"@playwright/test": "1"}, "scripts": {"test": "playwright test"}}', NOT_MET),
    ("package.json", '{"dependencies": {"@playwright/test": "1"}, "scripts": {"start": "playwright test"}}', NOT_MET),
    ("package.json", '{"name": "shop", "version": "1"}', NOT_MET),
    ("package.json", "{", NOT_MET),
    ("package.json", '{"dependencies": {"express": "4"}}', MET),
    ("package.json", '{"devDependencies": {"vite": "5"}, "scripts": {"build": "vite build"}}', MET),
    ("package.json", '{"scripts": {"build": "echo nothing to build"}}', NOT_MET),
    ("package.json", '{"scripts": {"build": "exit 0"}}', NOT_MET),
    ("pom.xml", "<project/>\n", NOT_MET),
    ("package.json", '{"workspaces": ["packages/*"]}', MET),
    ("Dockerfile", "FROM hadolint/hadolint\nCOPY . .\n", NOT_MET),
    ("Dockerfile", 'FROM python:3.12\nCOPY . /src\nENTRYPOINT ["ruff", "check"]\n', NOT_MET),
    ("tools/lint/Dockerfile", "FROM golang\nCOPY . .\nRUN go build\n", NOT_MET),
    (".devcontainer/Dockerfile", "FROM golang\nCOPY . .\n", NOT_MET),
    ("Dockerfile", "FROM nginx\n# COPY . .\n", NOT_MET),
    ("Dockerfile", "FROM a AS b\nCOPY . .\nFROM scratch\nCOPY --from=b /x /x\n", MET),
    ("Dockerfile", "FROM golang AS lint\nRUN golangci-lint run\nFROM golang\nCOPY . .\n", MET),
    ("pyproject.toml", "[tool.ruff]\nline-length = 120\n", NOT_MET),
    ("pyproject.toml", '[project]\nname = "shop"\n', MET),
    ("Gemfile", 'source "https://rubygems.org"\ngem "rubocop"\ngem "rubocop-rails"\n', NOT_MET),
    ("Gemfile", 'gem "rails"\ngem "rubocop"\n', MET),
    ("main.tf", 'terraform {\n  required_version = "1"\n}\n', NOT_MET),
    ("main.tf", 'resource "aws_s3_bucket" "b" {}\n', MET),
    ("deploy/README.md", "# Deploy\n\nRun it.\n", NOT_MET),
    ("deploy/app.yaml", "apiVersion: apps/v1\nkind: Deployment\n", MET),
    ("charts/shop/values.yaml", "replicas: 2\n", NOT_MET),
    ("charts/shop/Chart.yaml", "apiVersion: v2\nname: shop\n", MET),
    ("shop.slnx", "<Solution>\n</Solution>\n", NOT_MET),
    ("shop.slnx", '<Solution>\n  <Project Path="a.csproj" />\n</Solution>\n', MET),
    ("src/Shop/Shop.csproj", '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>\n', MET),
    ("src/Shop.Tests/Shop.Tests.csproj", "<Project><IsTestProject>true</IsTestProject></Project>\n", NOT_MET),
    ("t/Shop.csproj", '<Project><PackageReference Include="xunit" Version="2"/></Project>\n', NOT_MET),
    (".aspire/settings.json", '{"appHostPath": "../AppHost/AppHost.csproj"}', MET),
    ("compose.yaml", "services:\n  # none\n", NOT_MET),
    ("compose.yaml", "services:\n  shop:\n    build: .\n", MET),
    ("go.mod", "", NOT_MET),
    ("go.mod", "module example.com/shop\n", MET),
]


@pytest.mark.parametrize(("path", "text", "outcome"), BUILD, ids=[f"{n}-{one[0]}" for n, one in enumerate(BUILD)])
def test_a_file_rebuilds_something_or_proves_nothing(
    tmp_path: Path, write, path: str, text: str, outcome: Outcome
) -> None:
    write(path, text)
    found = files(tmp_path, paths="convention:build", content="build")
    assert found.outcome is outcome
    assert path in render(found.says, "en")


def workflow(*steps: str) -> str:
    return "\n".join(["on: push", "jobs:", "  build and test:", "    steps:", *(f"      - {one}" for one in steps), ""])


GITHUB = ".github/workflows/ci.yml"
PIPELINE = [
    (GITHUB, workflow("uses: actions/checkout@v4", "run: npm ci", "run: npm run lint"), NOT_MET),
    (GITHUB, workflow("name: Build and test", "run: pip install ruff && ruff check src/build"), NOT_MET),
    (GITHUB, workflow("uses: golangci/golangci-lint-action@v6"), NOT_MET),
    (GITHUB, workflow("uses: actions/github-script@v7", "run: echo build"), NOT_MET),
    (GITHUB, workflow("uses: actions/labeler@v5"), NOT_MET),
    (GITHUB, workflow("run: make test", "if: ${{ false }}").replace("      - if", "        if"), NOT_MET),
    (GITHUB, workflow("run: make test").replace("    steps:", "    if: false\n    steps:"), NOT_MET),
    (GITHUB, workflow("run: make test", "if: github.ref != 'x'").replace("      - if", "        if"), MET),
    (GITHUB, workflow("run: 'true # make test'"), NOT_MET),
    (GITHUB, workflow("run: make -n test"), NOT_MET),
    (GITHUB, workflow("run: pytest --collect-only"), NOT_MET),
    (GITHUB, workflow("run: ./gradlew spotlessCheck"), NOT_MET),
    (GITHUB, workflow("run: ./gradlew spotlessCheck build"), MET),
    (".gitlab-ci.yml", ".build:\n  script: [make build]\n", NOT_MET),
    (".gitlab-ci.yml", ".build:\n  script: [make build]\nall:\n  extends: .build\n", MET),
    (".gitlab-ci.yml", "build:\n  script: [make build]\n  when: never\n", NOT_MET),
    (".gitlab-ci.yml", "build:\n  script: [make build]\n  rules: [{when: never}]\n", NOT_MET),
    (".gitlab-ci.yml", "build:\n  script: [make build]\n  rules: [{if: $X, when: never}, {when: always}]\n", MET),
    (GITHUB, workflow("run: npm run lint && npm test"), MET),
    (GITHUB, workflow("run: |\n          make lint\n          make build"), MET),
    (GITHUB, workflow("uses: docker/build-push-action@v6"), MET),
    (GITHUB, "on: push\njobs:\n  a:\n    uses: ./.github/workflows/deploy.yml\n", MET),
    (GITHUB, workflow("run: kubectl apply -f k8s"), MET),
    (".gitlab-ci.yml", "lint:\n  script:\n    - yamllint .\n", NOT_MET),
    (".gitlab-ci.yml", "test:\n  script:\n    - !reference [.setup, script]\n    - pytest -q\n", MET),
    (".circleci/config.yml", "jobs:\n  a:\n    steps:\n      - checkout\n      - run: go test ./...\n", MET),
    ("Jenkinsfile", "pipeline {\n  stages {\n    stage('Build') {\n      steps { echo 'x' }\n    }\n  }\n}\n", NOT_MET),
    ("Jenkinsfile", "pipeline {\n  stages {\n    stage('B') {\n      steps {\n        sh 'make build'\n", MET),
    ("ci.yml", "pipeline:\n  build:\n    commands:\n      - cargo build\n", MET),
    ("cloudbuild.yaml", "steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -t, shop, .]\n", MET),
    (".buildkite/pipeline.yml", "steps:\n  - command: cargo test\n", MET),
    ("ci.yml", "", NOT_MET),
]


@pytest.mark.parametrize(("path", "text", "outcome"), PIPELINE, ids=[f"{n}-{one[0]}" for n, one in enumerate(PIPELINE)])
def test_a_pipeline_builds_tests_or_deploys(tmp_path: Path, write, path: str, text: str, outcome: Outcome) -> None:
    write(path, text)
    assert files(tmp_path, paths="convention:pipelines", content="pipeline").outcome is outcome


MATRIX = """\
on: push
jobs:
  b:
    strategy:
      matrix:
        tests: ["./t.sh --lints", "FAST=yes ./t.sh {kind}"]
        include: [{tests: ./lint.sh}]
    steps:
      - run: docker compose pull
      - run: ${{ matrix.tests }}
"""
RUNS = "steps:\n  - run: |\n"
CALLING = [
    ({GITHUB: MATRIX.replace("{kind}", "--unit")}, MET, ""),
    ({GITHUB: MATRIX.replace("{kind}", "--integration")}, MET, ""),
    ({GITHUB: MATRIX.replace("{kind}", "--generate")}, UNKNOWN, "runs `./t.sh --generate`"),
    ({GITHUB: MATRIX.replace("{kind}", "--generate"), "t.sh": "docker compose run app ./test.sh\n"}, MET, ""),
    ({GITHUB: workflow("run: ./go.sh")}, UNKNOWN, "ci.yml runs `./go.sh`, a script that is not here"),
    ({GITHUB: workflow("run: ./go.sh"), "go.sh": b"\0"}, UNKNOWN, "`./go.sh`"),
    ({GITHUB: workflow("run: ./go.sh"), "go.sh": "#!/bin/sh\nset -e\npytest -q\n"}, MET, ""),
    ({GITHUB: workflow("run: bash ci/go.sh"), "ci/go.sh": ". ci/all.sh\n", "ci/all.sh": "cargo build\n"}, MET, ""),
    ({GITHUB: workflow("run: ./go.sh"), "go.sh": "./go.sh\nruff check .\n"}, NOT_MET, "no step that is known"),
    ({GITHUB: workflow("run: ./go.sh"), "go.sh": "curl -d done https://chat.example.com\n"}, NOT_MET, "no step"),
    ({GITHUB: workflow("run: python tools/all.py"), "tools/all.py": "# pytest\n"}, UNKNOWN, "`python tools/all.py`"),
    ({GITHUB: workflow("run: ../elsewhere/go.sh")}, NOT_MET, "no step"),
    ({GITHUB: workflow("uses: ./.github/actions/tool\n        with: {args: test rules a.yaml}")}, MET, ""),
    ({GITHUB: workflow("uses: acme/notify@v1\n        with: {args: build is done}")}, NOT_MET, "no step"),
    ({GITHUB: workflow("uses: ./tool"), "tool/action.yml": "runs:\n  " + RUNS + "      go test ./...\n"}, MET, ""),
    (
        {GITHUB: workflow("uses: ./tool"), "tool/action.yml": "runs:\n  " + RUNS + "      ruff check\n"},
        NOT_MET,
        "no step",
    ),
    ({GITHUB: workflow("run: bundle exec prspec spec/a_spec.rb")}, MET, ""),
    ({GITHUB: workflow("run: bundle exec rake pact:verify")}, MET, ""),
    ({GITHUB: workflow("run: bundle exec rails db:setup")}, NOT_MET, "no step"),
    ({GITHUB: workflow("run: docker pull acme/app-test")}, NOT_MET, "no step"),
]


@pytest.mark.parametrize(("contents", "outcome", "says"), CALLING, ids=map(str, range(len(CALLING))))
def test_a_pipeline_is_followed_into_the_scripts_and_actions_of_the_repository(
    tmp_path: Path, write, contents: dict[str, str | bytes], outcome: Outcome, says: str
) -> None:
    for path, text in contents.items():
        write(path, text)
    found = files(tmp_path, paths=".github/workflows/*.yml", content="pipeline")
    assert found.outcome is outcome, render(found.says, "en")
    assert says in render(found.says, "en")


WHOLE = "  - package-ecosystem: npm\n    directory: /\n    schedule: {interval: weekly}\n"
BOT = ".github/dependabot.yml"
UPDATES = [
    (BOT, "version: 2\n", NOT_MET),
    (BOT, "version: 2\nupdates: []\n", NOT_MET),
    (BOT, "version: 2\nupdates:\n" + WHOLE, MET),
    (BOT, "version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n", NOT_MET),
    (BOT, 'version: 2\nupdates:\n  - package-ecosystem: ""\n    directory: /\n', NOT_MET),
    (BOT, "version: 2\nupdates:\n" + WHOLE + "  - package-ecosystem: docker\n", NOT_MET),
    (BOT, "updates:\n" + WHOLE, NOT_MET),
    (BOT, "version: 2\nupdates:\n" + WHOLE + "    open-pull-requests-limit: 0\n", NOT_MET),
    (BOT, "version: 2\nupdates:\n" + WHOLE + '    ignore: [{dependency-name: "*"}]\n', NOT_MET),
    (BOT, "version: 2\nupdates:\n" + WHOLE.replace("weekly", "never"), NOT_MET),
    (BOT, "version: 2\nupdates:\n" + WHOLE.replace("weekly", "cron"), NOT_MET),
    (BOT, "version: 2\nupdates:\n" + WHOLE.replace("weekly", "cron, cronjob: 0 9 * * 1"), MET),
    (BOT, "version: 2\nupdates: [\n", UNKNOWN),
    ("renovate.json", "", NOT_MET),
    ("renovate.json", '{"extends": ["config:recommended"]}', MET),
    ("renovate.json", '{"enabled": false}', NOT_MET),
    ("renovate.json", '{"enabled": "false"}', NOT_MET),
    ("renovate.json", '{"packageRules": [{"matchPackageNames": ["*"], "enabled": false}]}', NOT_MET),
    ("renovate.json5", "{\n  // ours\n  extends: ['config:recommended'],\n}\n", MET),
    (".github/workflows/vuln.yml", workflow("run: npm run lint"), NOT_MET),
    (".github/workflows/any.yml", workflow("uses: google/osv-scanner-action@v1"), MET),
]


@pytest.mark.parametrize(("path", "text", "outcome"), UPDATES, ids=[f"{n}-{one[0]}" for n, one in enumerate(UPDATES)])
def test_dependencies_are_watched_by_whole_settings(
    tmp_path: Path, write, path: str, text: str, outcome: Outcome
) -> None:
    write(path, text)
    found = files(tmp_path, paths="convention:dependency-updates", content="dependency-updates")
    assert found.outcome is outcome


def test_a_finding_says_why_a_file_proves_nothing(tmp_path: Path, write) -> None:
    write("package.json", '{"devDependencies": {"@playwright/test": "1"}}')
    says = render(files(tmp_path, paths="package.json", content="build").says, "en")
    assert says == (
        "one file has such a name and proves nothing: package.json has nothing but linters or tools for tests"
    )


@pytest.mark.parametrize("text", ["", " \n\n"], ids=["empty", "blank"])
def test_an_empty_file_proves_nothing(tmp_path: Path, write, text: str) -> None:
    write("drills/2026-11-12.md", text)
    found = files(tmp_path, paths="drills/*.md", newest_within="90d")
    assert (found.outcome, render(found.says, "en")) == (
        NOT_MET,
        "one file has such a name and proves nothing: drills/2026-11-12.md is empty",
    )


@pytest.mark.parametrize("kind", ["files", "document", "results", "alerts"])
def test_a_pointer_of_git_lfs_proves_nothing(tmp_path: Path, write, kind: str) -> None:
    write("scans/a.json", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
    found = run_check(kind, tmp_path, today=TODAY, **{"paths" if kind == "files" else "path": "scans/*"})
    assert found.outcome is UNKNOWN
    assert "git lfs pull" in render(found.says, "en")


def test_a_pipeline_of_more_commands_than_are_read_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "Jenkinsfile").write_text("echo\n" * 10_001 + "make test\n")
    finding = run_check("files", tmp_path, paths="Jenkinsfile", content="pipeline")
    assert finding.outcome is Outcome.UNKNOWN
    assert "Jenkinsfile runs more than the 10000 commands that are read" in str(finding.says)


GITHUB = "on: push\njobs:\n  deploy:\n    runs-on: x\n    steps:\n"
GATES = [
    ("a step", GITHUB + "      - run: opsctl calendar require-open shop\n      - run: make deploy\n", MET),
    ("a condition", "deploy:\n  script: [make deploy]\n  rules: [{if: $CI_DEPLOY_FREEZE, when: never}]\n", MET),
    ("a condition of a job", GITHUB + "      - run: make deploy\n        if: ${{ !vars.FREEZE }}\n", MET),
    ("none", GITHUB + "      - run: make deploy\n", NOT_MET),
    ("a remark", GITHUB + "      # mind the freeze\n      - run: make deploy # freeze\n", NOT_MET),
    ("a name", GITHUB + "      - name: no freeze here\n        run: make deploy\n", NOT_MET),
    ("nothing deployed", GITHUB + "      - run: echo freeze\n", NOT_MET),
]


@pytest.mark.parametrize(("text", "outcome"), [one[1:] for one in GATES], ids=[one[0] for one in GATES])
def test_a_pipeline_holds_a_deployment_back_where_it_asks_for_a_freeze(
    tmp_path: Path, write, text: str, outcome: Outcome
) -> None:
    name = ".github/workflows/ci.yml" if text.startswith("on:") else ".gitlab-ci.yml"
    write(name, text)
    assert files(tmp_path, paths=name, content="freeze-gate").outcome is outcome


def test_a_calendar_holds_no_deployment_back(tmp_path: Path, write) -> None:
    write("change-calendar.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    assert files(tmp_path, paths="convention:pipelines", content="freeze-gate").outcome is NOT_MET
