"""Taking over changes of the shipped checklists without losing what a workspace edited."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orr.system.resources import shipped
from orr.workspace.updating import RECORD, Outcome, Updated, record, update

NAME = "data-protection.yaml"
SHIPPED = (shipped("checklists") / NAME).read_text(encoding="utf-8")
FIRST, SECOND = "inventory", "privacy-assessed"


def copies(root: Path, as_shipped_before: str = SHIPPED) -> Path:
    """A workspace whose copies are of an earlier version, without any edit."""
    shutil.copytree(shipped("checklists"), root / "checklists")
    copy = root / "checklists" / NAME
    copy.write_text(as_shipped_before, encoding="utf-8")
    record(root / "checklists")
    return copy


def of(found: list[Updated], name: str = NAME) -> Updated:
    return next(one for one in found if one.path == Path("checklists") / name)


def changed(text: str, item: str, old: str, new: str) -> str:
    """The text with the first such words after an item's begin for others."""
    at = text.index(f"- item: {item}\n")
    assert old in text[at:]
    return text[:at] + text[at:].replace(old, new, 1)


OLDER = changed(SHIPPED, FIRST, "effort: 10m", "effort: 30m").replace("version: 1", "version: 0", 1)
EDITED = ("effort: 10m", "effort: 20m")


def without(text: str, item: str) -> str:
    at = text.index(f"      - item: {item}\n")
    return text[:at] + text[text.index("      - item: ", at + 10) :]


def test_a_copy_that_nobody_edited_becomes_what_is_shipped(tmp_path: Path) -> None:
    copy = copies(tmp_path, OLDER)
    assert of(update(tmp_path)) == Updated(Path("checklists") / NAME, Outcome.UPDATED, (FIRST,))
    assert copy.read_text(encoding="utf-8") == SHIPPED
    assert {one.outcome for one in update(tmp_path)} == {Outcome.SAME}


def test_an_item_that_was_edited_stays_and_the_others_are_taken_over(tmp_path: Path) -> None:
    copy = copies(tmp_path, OLDER)
    copy.write_text(changed(OLDER, SECOND, *EDITED), encoding="utf-8")
    assert of(update(tmp_path)) == Updated(Path("checklists") / NAME, Outcome.UPDATED, (FIRST,), (SECOND,))
    assert copy.read_text(encoding="utf-8") == changed(SHIPPED, SECOND, *EDITED)
    assert of(update(tmp_path)).kept == (SECOND,)


def test_an_item_that_was_added_or_taken_out_here_stays_so(tmp_path: Path) -> None:
    copy = copies(tmp_path, OLDER)
    own = "      - item: own\n        ask: Ours?\n        risk: low\n"
    at = OLDER.index(f"      - item: {SECOND}")
    copy.write_text(without(OLDER[:at] + own + OLDER[at:], SECOND), encoding="utf-8")
    assert of(update(tmp_path)).kept == ("own", SECOND)
    text = copy.read_text(encoding="utf-8")
    assert own in text
    assert SECOND not in text
    assert text.replace(own, "") == without(SHIPPED, SECOND)


def test_an_item_that_is_shipped_anew_or_no_more_is_taken_over(tmp_path: Path) -> None:
    gone = SHIPPED.replace(f"- item: {SECOND}\n", "- item: earlier\n")
    copy = copies(tmp_path, gone)
    assert set(of(update(tmp_path)).taken) == {SECOND, "earlier"}
    assert copy.read_text(encoding="utf-8") == SHIPPED


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(OLDER.replace("checklist: data-protection", "checklist: ours"), id="edited outside its items"),
        pytest.param("checklist: [\n", id="no YAML"),
    ],
)
def test_what_cannot_be_told_from_an_edit_is_left_alone_and_listed(tmp_path: Path, text: str) -> None:
    copy = copies(tmp_path, OLDER)
    copy.write_text(text, encoding="utf-8")
    found = of(update(tmp_path))
    assert (found.outcome, FIRST in found.kept) == (Outcome.LEFT, True)
    assert copy.read_text(encoding="utf-8") == text


def test_copies_of_which_nothing_was_written_down_are_left_alone(tmp_path: Path) -> None:
    copy = copies(tmp_path, OLDER)
    (copy.parent / RECORD).unlink()
    assert of(update(tmp_path)) == Updated(Path("checklists") / NAME, Outcome.LEFT, kept=(FIRST,))
    assert copy.read_text(encoding="utf-8") == OLDER


def test_a_checklist_that_is_new_is_written_and_one_that_was_taken_out_is_not(tmp_path: Path) -> None:
    copy = copies(tmp_path)
    copy.unlink()
    assert of(update(tmp_path)).outcome is Outcome.LEFT
    assert not copy.exists()
    record(copy.parent)
    assert of(update(tmp_path)).outcome is Outcome.NEW
    assert copy.read_text(encoding="utf-8") == SHIPPED


def test_a_workspace_without_copies_has_nothing_to_update(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        update(tmp_path)
