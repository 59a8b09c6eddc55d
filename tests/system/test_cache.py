"""What is remembered from one run to the next is a short cut, and never the only way."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evidence.documents.markdown import read_document
from orr.evidence.documents.outline import lines_of
from orr.evidence.documents.reading import markdown
from orr.source import yaml as yamlfile
from orr.source.faults import FaultyInput
from orr.source.yaml.reader import read, read_with_places
from orr.system import cache
from orr.system.cache import VARIABLE, remembered

MAKERS = ("orr.source.yaml.reader",)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    found = tmp_path / "cache"
    monkeypatch.setenv(VARIABLE, str(found))
    return found


class Counted:
    """Counts how often something was worked out."""

    def __init__(self, gives: Any) -> None:
        self.times, self.gives = 0, gives

    def __call__(self) -> Any:
        self.times += 1
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives


def entries(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"entries/{'[0-9a-f]' * 64}"))


def test_a_text_is_worked_out_once(folder: Path) -> None:
    make = Counted({"a": [1, 2.5, None, "é"]})
    assert [remembered(MAKERS, "text", make) for _ in range(3)] == [make.gives] * 3
    assert make.times == 1
    assert len(entries(folder)) == 1


def test_another_text_is_worked_out_by_itself(folder: Path) -> None:
    one, other = Counted(1), Counted(2)
    assert (remembered(MAKERS, "one", one), remembered(MAKERS, "other", other)) == (1, 2)
    assert len(entries(folder)) == 2


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _altered(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"right", b"wrong"))


def _anothers(path: Path) -> None:
    remembered(MAKERS, "another", Counted({"a": "wrong"}))
    (other,) = (entry for entry in entries(path.parents[1]) if entry != path)
    path.write_bytes(other.read_bytes())


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [Path.unlink, _empty, _cut, _altered, _anothers, _a_folder])
def test_what_is_missing_torn_or_altered_is_worked_out_anew(folder: Path, spoil: Callable[[Path], None]) -> None:
    make = Counted({"a": "right"})
    remembered(MAKERS, "text", make)
    (entry,) = entries(folder)
    spoil(entry)
    assert remembered(MAKERS, "text", make) == {"a": "right"}
    assert make.times == 2


def test_what_other_code_made_is_worked_out_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = folder.parent / "maker_of_cached.py"
    module.write_text("VERSION = 1\n")
    monkeypatch.syspath_prepend(folder.parent)
    make = Counted("made")
    for source, times in (("VERSION = 1\n", 1), ("VERSION = 1\n", 1), ("VERSION = 2\n", 2)):
        module.write_text(source)
        cache._code.cache_clear()  # another process
        remembered(("maker_of_cached",), "text", make)
        assert make.times == times


def test_a_failure_is_told_every_time_and_never_kept(folder: Path) -> None:
    make = Counted(ValueError("no"))
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            remembered(MAKERS, "text", make)
    assert make.times == 2
    assert entries(folder) == []


def test_what_json_cannot_hold_is_not_kept(folder: Path) -> None:
    make = Counted({"day": object()})
    assert remembered(MAKERS, "text", make) is make.gives
    assert entries(folder) == []


def test_with_an_empty_variable_nothing_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    make = Counted(1)
    remembered(MAKERS, "text", make)
    remembered(MAKERS, "text", make)
    assert make.times == 2
    assert not folder.exists()


SPOILS = {
    "group": lambda path: path.chmod(path.stat().st_mode | 0o020),
    "anyone": lambda path: path.chmod(path.stat().st_mode | 0o002),
    "another owner": lambda path: os.chown(path, 65534, 65534),
}


@pytest.mark.parametrize("spoil", SPOILS)
@pytest.mark.parametrize("place", ["entry", "folder of entries", "folder", "folder above"])
def test_what_others_may_have_written_is_not_believed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, spoil: str, place: str
) -> None:
    make = Counted(1)
    remembered(MAKERS, "text", make)
    (entry,) = entries(folder)
    spoiled = {"entry": entry, "folder of entries": entry.parent, "folder": folder, "folder above": folder.parent}
    if spoil == "another owner" and os.geteuid() != 0:  # only root gives files away: become another instead
        monkeypatch.setattr(os, "geteuid", lambda: 65534)
    else:
        SPOILS[spoil](spoiled[place])
    cache._folder.cache_clear()  # another process
    remembered(MAKERS, "text", make)
    assert make.times == 2


def test_a_folder_of_others_is_neither_read_nor_written_to_nor_swept(folder: Path) -> None:
    theirs = folder / "entries" / ("0" * 64)
    theirs.parent.mkdir(parents=True)
    theirs.write_text("theirs")
    os.utime(theirs, (0, 0))
    make = Counted(1)
    assert [remembered(MAKERS, "text", make) for _ in range(2)] == [1, 1]
    assert make.times == 2
    assert [path.name for path in theirs.parent.iterdir()] == [theirs.name]


def test_only_entries_are_ever_deleted(folder: Path) -> None:
    remembered(MAKERS, "text", Counted(1))
    theirs = [folder / "ab" / "old", folder / "entries" / "notes.txt", folder / "entries" / "ab" / "old"]
    a_folder, link = folder / "entries" / ("0" * 64), folder / "entries" / ("1" * 64)
    for path in theirs:
        path.parent.mkdir(exist_ok=True)
        path.write_text("theirs")
    a_folder.mkdir()
    link.symlink_to(theirs[0])
    for path in (*theirs, a_folder, folder / "entries" / "swept"):
        os.utime(path, (0, 0))
    os.utime(link, (0, 0), follow_symlinks=False)
    cache._sweep.cache_clear()  # another process
    remembered(MAKERS, "new", Counted("new"))
    assert all(path.exists() for path in (*theirs, a_folder, link))


def test_a_folder_that_cannot_be_made_is_no_hindrance(folder: Path) -> None:
    folder.write_text("a file")
    make = Counted(1)
    assert [remembered(MAKERS, "text", make) for _ in range(2)] == [1, 1]


def test_the_folder_is_for_the_user_alone(folder: Path) -> None:
    remembered(MAKERS, "text", Counted(1))
    (entry,) = entries(folder)
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder, entry.parent, entry))


def test_what_nobody_asked_for_in_a_month_is_dropped(folder: Path) -> None:
    for text in ("old", "young"):
        remembered(MAKERS, text, Counted(text))
    old = next(entry for entry in entries(folder) if b"old" in entry.read_bytes())
    long_ago = time.time() - 40 * 86400
    for path in (old, folder / "entries" / "swept"):
        os.utime(path, (long_ago, long_ago))
    cache._sweep.cache_clear()  # another process
    remembered(MAKERS, "new", Counted("new"))
    assert sorted(json.loads(entry.read_bytes()[64:]) for entry in entries(folder)) == ["new", "young"]


def test_what_is_asked_for_stays(folder: Path) -> None:
    make = Counted("used")
    remembered(MAKERS, "text", make)
    (entry,) = entries(folder)
    some_time_ago = time.time() - 20 * 86400
    os.utime(entry, (some_time_ago, some_time_ago))
    remembered(MAKERS, "text", make)
    assert time.time() - entry.stat().st_mtime < 86400


TEXTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**90), 10**90)
    | st.floats(allow_nan=False)
    | st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], max_codepoint=0xFFFF), max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text("abcé0: ", max_size=4), below, max_size=3),
    max_leaves=8,
).map(lambda data: json.dumps({"document": data}, ensure_ascii=False))


@given(TEXTS)
def test_a_remembered_yaml_document_is_the_one_that_was_read(text: str) -> None:
    fresh = read_with_places(text, "x.yaml")
    for _ in range(2):
        assert repr(yamlfile.parse(text, "x.yaml")) == repr(read(text, "x.yaml"))
        assert yamlfile.parse_with_places(text, "x.yaml") == fresh


def test_the_faults_of_a_yaml_document_name_the_file_that_is_read_now() -> None:
    for path in ("one.yaml", "two.yaml"):
        with pytest.raises(FaultyInput, match=f"^{path}:2:1: "):
            yamlfile.parse("a: 1\na: 2\n", path)


DOCUMENT = """---
owner: media
---
# Title {#top}

Some *prose* with a [link](other.md) and `code`.

**Steps:**

| a | b |
|---|---|
| 1 | 2 |

<h2>In HTML</h2>
"""


@pytest.mark.parametrize(
    "text", [DOCUMENT, "", "plain", "+++\nday = 2026-11-23\n+++\n# T", "---\na: 1\na: 2\n---\n# T"]
)
def test_a_remembered_document_is_the_one_that_was_read(text: str) -> None:
    for path in ("docs/one.md", "docs/two.md"):
        assert markdown(text, path) == replace(read_document(text, path), lines=lines_of(text))
