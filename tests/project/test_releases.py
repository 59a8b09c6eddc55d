"""The version stands once, and the changelog lists each release."""

from __future__ import annotations

import re
import tomllib
from datetime import date

from support import ROOT

from orr.system.version import __version__

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
RELEASES = re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]


def test_the_version_stands_once() -> None:
    folders = [path for name in ("orr", "tools", "docs") for path in (ROOT / name).rglob("*")]
    written = [
        path.relative_to(ROOT).as_posix()
        for path in (*ROOT.glob("*"), *folders)
        if path.suffix in (".py", ".toml", ".yml", ".yaml", ".md", ".js") and path.name != "CHANGELOG.md"
        for _ in re.findall(rf"(?<![\d.]){re.escape(VERSION)}(?![\d.])", path.read_text(encoding="utf-8"))
    ]
    assert written == ["pyproject.toml"]


def test_the_package_has_the_version_of_the_project() -> None:
    assert __version__ == VERSION


def test_the_changelog_begins_with_what_is_unreleased_and_then_the_version_with_its_day() -> None:
    unreleased, newest = (release.partition("\n")[0] for release in RELEASES[:2])
    assert unreleased == "Unreleased"
    version, _, day = newest.partition(" - ")
    assert version == VERSION
    assert date.fromisoformat(day)


def test_each_thing_of_the_changelog_has_a_line_under_a_known_head_and_stands_once() -> None:
    lines = [line for release in RELEASES for line in release.split("\n")[1:] if line]
    heads = {line for line in lines if line.startswith("#")}
    entries = [line for line in lines if not line.startswith("#")]
    assert heads <= {"### Added", "### Changed", "### Deprecated", "### Fixed", "### Removed", "### Security"}
    assert [entry for entry in entries if not re.fullmatch(r"- \S.*\.", entry)] == []
    assert len(entries) == len(set(entries)) > 50
