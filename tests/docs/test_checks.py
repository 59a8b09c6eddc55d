"""What docs/checks.md shows works as it stands there."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT
from uv import find_uv_bin

from orr.evidence import faults_of
from orr.evidence.kinds.kind import Kind
from orr.evidence.kinds.registry import all_kinds
from orr.model.checklist import CheckSpec
from orr.source.yaml import parse

PAGES = sorted((ROOT / "docs/checks").glob("*.md"))
TEXT = (ROOT / "docs/checks.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def specs() -> list[CheckSpec]:
    written = [parse(block, "docs/checks.md") for block in blocks("yaml")]
    entries = [entry for data in written for entry in (data.get("checks", []) if isinstance(data, dict) else data)]
    return [CheckSpec.of(entry) for entry in entries]


def test_every_kind_of_our_own_has_a_page_or_an_example_here() -> None:
    built_in = {name for name, kind in all_kinds() if isinstance(kind, Kind) and kind.built_in}
    shown = {page.stem for page in PAGES} | {spec.check for spec in specs()}
    assert built_in - shown == set()
    assert {page.stem for page in PAGES} <= built_in


@pytest.mark.parametrize("spec", [spec for spec in specs() if spec.check != "changelog"], ids=lambda spec: spec.check)
def test_its_examples_have_no_fault(spec: CheckSpec) -> None:
    assert faults_of(spec) == []


@pytest.mark.parametrize("name", ["document", "files"])
def test_it_names_every_parameter_of_a_kind_with_its_default(name: str) -> None:
    assert_names_every_parameter(name, TEXT.split(f"## `{name}`")[1].split("\n## ")[0])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_of_a_kind_names_every_parameter_with_its_default(page: Path) -> None:
    assert_names_every_parameter(page.stem, page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_example_of_a_page_has_no_fault_and_the_list_of_kinds_leads_there(page: Path) -> None:
    specs = [
        CheckSpec.of(entry)
        for block in re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        for entry in parse(block, page.name)
    ]
    assert {spec.check for spec in specs} == {page.stem}
    assert [fault for spec in specs for fault in faults_of(spec)] == []
    assert f"[`{page.stem}`](checks/{page.name})" in TEXT


@pytest.mark.parametrize("name", sorted(name for name, kind in all_kinds() if isinstance(kind, Kind) and kind.built_in))
def test_every_kind_tells_what_makes_each_outcome_or_that_it_has_none(name: str) -> None:
    page = ROOT / f"docs/checks/{name}.md"
    text = page.read_text(encoding="utf-8") if page in PAGES else TEXT.split(f"## `{name}`")[1].split("\n## ")[0]
    outcomes = {"partial", "unknown", "not-met"} | ({"met"} if page in PAGES else set())
    assert {outcome for outcome in outcomes if f"`{outcome}`" not in text} == set()
    uses = "Outcome.PARTIAL" in inspect.getsource(inspect.getmodule(dict(all_kinds())[name].function))
    assert not (uses and "`partial` is not used" in text)


def assert_names_every_parameter(name: str, text: str) -> None:
    kind = dict(all_kinds())[name]
    assert isinstance(kind, Kind)
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", text, re.MULTILINE))
    assert list(rows) == [parameter.name for parameter in kind.parameters]
    for parameter in kind.parameters:
        if isinstance(parameter.default, (bool, int, float)):
            assert (
                rows[parameter.name].strip("`").rstrip("d") == f"{parameter.default:g}".lower()
                or rows[parameter.name].strip("`") == str(parameter.default).lower()
            )
        assert (rows[parameter.name] == "mandatory") is parameter.required


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plug-in of the page, built and installed as anybody would."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site")
    package, test, _ = blocks("python")
    (source / "orr_changelog.py").write_text(package)
    (source / "pyproject.toml").write_text(blocks("toml")[0])
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--quiet", "--python", sys.executable]
    subprocess.run([find_uv_bin(), "pip", "install", *options, "--target", target, source], check=True)
    (target / "test_changelog.py").write_text(test)
    return target


def run_beside(installed: Path, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(installed), str(ROOT)])
    command = [sys.executable, "-m", *arguments]
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(
        command, cwd=folder or installed, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_its_plug_in_is_installed_and_passes_its_own_test(installed: Path) -> None:
    done = run_beside(installed, "pytest", "-q", "-p", "no:cacheprovider", "test_changelog.py")
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_its_plug_in_is_listed_with_its_parameters(installed: Path) -> None:
    done = run_beside(installed, "orr", "checks", "changelog")
    assert done.returncode == 0, done.stderr
    assert "changelog: Look for a version in the change log." in done.stdout
    assert "version (" in done.stdout
    assert "path (" in done.stdout


def test_a_checklist_asks_its_plug_in(installed: Path, tmp_path: Path) -> None:
    item = {"item": "i", "ask": "?", "risk": "high", "checks": parse(blocks("yaml")[-1], "x")["checks"]}
    section = {"section": "s", "items": [item]}
    checklist = {"checklist": "c", "version": 1, "title": "C", "sections": [section]}
    for name, data in {
        "orr.yaml": {"checklists": ["c.yaml"]},
        "c.yaml": checklist,
        "workloads/shop/workload.yaml": {"workload": "shop", "title": "Shop", "tier": 4, "owner": {"team": "t"}},
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps(data))
    (tmp_path / "workloads/shop/CHANGELOG.md").write_text("# Changes\n\n## 1.2\n")
    done = run_beside(installed, "orr", "check", "shop", "--format", "json", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    (evidence,) = json.loads(done.stdout)["items"][0]["evidence"]
    assert (evidence["check"], evidence["outcome"], evidence["says"]) == (
        "changelog",
        "met",
        "CHANGELOG.md:3 describes 1.2",
    )


def test_it_names_what_a_check_is_given() -> None:
    from orr.evidence import Context

    public = {name for name, _ in inspect.getmembers(Context) if not name.startswith("_")} | set(
        Context.__dataclass_fields__
    )
    told = set(re.findall(r"`context\.(\w+)", TEXT))
    assert told <= public
    assert public - told == {"of", "reader", "held", "once", "untrusted"}
