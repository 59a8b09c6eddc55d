"""Whoever follows the tutorial sees what it shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT

from orr.cli import main
from orr.cli.frame import Status

PAGES = ("docs/tutorial.md", "docs/tutorial.zh-CN.md")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
"""The page leaves digests out: they are long, and say nothing to a reader."""


def blocks(page: str) -> Iterator[tuple[str, str]]:
    """The language and the title of every block of code, and its text, as they stand."""
    text = (ROOT / page).read_text(encoding="utf-8")
    yield from re.findall(r"^```([^\n]*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def sessions(text: str) -> Iterator[tuple[list[str], str]]:
    """The commands of a block, each with what is shown below it."""
    for part in re.split(r"^\$ ", text.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
        call, _, shown = part.partition("\n")
        yield shlex.split(call), shown.strip()


@pytest.mark.kernel
@pytest.mark.parametrize("page", PAGES)
def test_its_files_and_its_commands_give_what_it_shows(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ORR_BY", raising=False)
    monkeypatch.setenv("ORR_TEST_CLOCK", "2026-11-23")
    ran = []
    for kind, text in blocks(page):
        title = re.search(r'title="([^"]+)"', kind)
        if title is not None:
            Path(title[1]).parent.mkdir(parents=True, exist_ok=True)
            Path(title[1]).write_text(text, encoding="utf-8")
        for (program, *arguments), shown in sessions(text) if kind == "console" else ():
            if program == "mkdir":
                Path(*arguments).mkdir()
            elif program == "cd":
                monkeypatch.chdir(*arguments)
            else:
                assert program == "orr"
                status = main(arguments)
                printed = capsys.readouterr()
                seen = printed.out + (printed.err if status == Status.BAD_INPUT else "")
                assert "\n".join(line.rstrip() for line in DIGEST.sub("sha256:…", seen).strip().split("\n")) == shown
                ran.append(arguments[0])
    assert ran == ["init", "check", "lint", "check", "waive", "waive", "waive", "check", *["sign"] * 3, "report"]
    assert Path("reports/payments/report.html").is_file()


def test_both_languages_give_the_same_commands_and_files() -> None:
    english, chinese = (
        [
            (kind, [[word for word in call if word.isascii()] for call, _ in sessions(text)])
            for kind, text in blocks(page)
        ]
        for page in PAGES
    )
    spared = {"--lang", "zh-CN", "--reason", "--compensating"}
    assert [kind for kind, _ in english] == [kind for kind, _ in chinese]
    for (_, ours), (_, theirs) in zip(english, chinese, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            assert {word for word in other if word not in spared} <= set(one)
