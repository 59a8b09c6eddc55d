"""What docs/checks.md shows works as it stands there."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from orr.evidence import faults_of
from orr.evidence.kinds import Kind, all_kinds
from orr.model import CheckSpec
from orr.yamlfile import parse

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "docs/checks").glob("*.md"))
TEXT = (ROOT / "docs/checks.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def specs() -> list[CheckSpec]:
    read = [parse(block, "docs/checks.md") for block in blocks("yaml")]
    entries = [entry for data in read for entry in (data.get("checks", []) if isinstance(data, dict) else data)]
    return [CheckSpec.model_validate(entry) for entry in entries]


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
        CheckSpec.model_validate(entry)
        for block in re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        for entry in parse(block, page.name)
    ]
    assert {spec.check for spec in specs} == {page.stem}
    assert [fault for spec in specs for fault in faults_of(spec)] == []
    assert f"[`{page.stem}`](checks/{page.name})" in TEXT


def assert_names_every_parameter(name: str, text: str) -> None:
    kind = dict(all_kinds())[name]
    assert isinstance(kind, Kind)
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", text, re.MULTILINE))
    assert list(rows) == [parameter.name for parameter in kind.signature.parameters]
    for parameter in kind.signature.parameters:
        if isinstance(parameter.default, (bool, int, float)):
            assert (
                rows[parameter.name].strip("`").rstrip("d") == f"{parameter.default:g}".lower()
                or rows[parameter.name].strip("`") == str(parameter.default).lower()
            )
        assert (rows[parameter.name] == "mandatory") is parameter.required


def test_its_plug_in_passes_its_own_test(tmp_path: Path) -> None:
    package, test, _ = blocks("python")
    points = re.search(r'^\[project\.entry-points\."orr\.checks"\]\n(.*)', blocks("toml")[0], re.MULTILINE | re.DOTALL)
    assert points is not None
    (tmp_path / "orr_changelog.py").write_text(package)
    (tmp_path / "test_changelog.py").write_text(test)
    information = tmp_path / "orr_changelog-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: orr-changelog\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[orr.checks]\n" + points[1].replace('"', ""))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_changelog.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_it_names_what_a_check_is_given() -> None:
    from orr.evidence import Context

    public = {name for name, _ in inspect.getmembers(Context) if not name.startswith("_")} | set(
        Context.__dataclass_fields__
    )
    told = set(re.findall(r"`context\.(\w+)", TEXT))
    assert told <= public
    assert public - told == {"of", "ground"}
