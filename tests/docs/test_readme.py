"""What the README shows is what the commands print, and what it promises exists."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from support import ROOT

from orr.cli import main
from orr.model.checklist import Checklist
from orr.source.file import InputFile

READMES = ("README.md", "README.zh-CN.md")


def blocks(name: str, kind: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.kernel
@pytest.mark.parametrize("name", READMES)
def test_the_commands_print_what_is_shown(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("ORR_TEST_CLOCK", "system")  # on whatever day somebody reads it
    sessions = blocks(name, "console")
    assert len(sessions) == 3
    for session in sessions:
        call, _, shown = session.partition("\n")
        assert call.startswith("$ orr ")
        main(shlex.split(call.removeprefix("$ orr ")))
        assert capsys.readouterr().out.strip() == shown.strip(), call


@pytest.mark.parametrize("name", READMES)
def test_the_python_session_gives_what_is_shown(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (session,) = blocks(name, "pycon")
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("ORR_TEST_CLOCK", "system")
    written = session.replace('save("', f'save("{tmp_path.as_posix()}/')
    test = doctest.DocTestParser().get_doctest(written, {}, name, name, 0)
    assert len(test.examples) == 6
    said: list[str] = []
    assert doctest.DocTestRunner(verbose=False).run(test, out=said.append).failed == 0, "".join(said)
    assert (tmp_path / "checkout.html").stat().st_size > 100_000


@pytest.mark.parametrize("name", READMES)
def test_the_checklist_in_ten_lines_is_one(name: str) -> None:
    (text,) = blocks(name, "yaml")
    assert len(text.splitlines()) == 10
    assert InputFile(Path("cache.yaml"), "cache.yaml", text.encode()).read_as(Checklist).checklist == "cache"


@pytest.mark.parametrize("name", READMES)
def test_every_link_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", text)
    assert len(targets) > 5
    assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []


def test_the_other_language_is_linked_on_line_two() -> None:
    assert (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[1] == "[简体中文](README.zh-CN.md)"
    assert (ROOT / "README.zh-CN.md").read_text(encoding="utf-8").splitlines()[1] == "[English](README.md)"


@pytest.mark.parametrize("name", READMES)
def test_the_check_that_is_shown_works(name: str, tmp_path: Path) -> None:
    from datetime import date

    from orr.testing import run_check

    (source,) = blocks(name, "python")
    space: dict[str, object] = {}
    exec(source, space)
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n", encoding="utf-8")
    found = run_check(space["changelog"], tmp_path, today=date(2026, 11, 23))  # type: ignore[arg-type]
    assert found.outcome == "met"
    assert run_check(space["changelog"], tmp_path, today=date(2026, 11, 23), path="no.md").outcome == "unknown"  # type: ignore[arg-type]
