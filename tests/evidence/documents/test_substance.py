"""What a part of a document must hold: each kind by the samples of its table, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from orr.evidence.documents import substance
from orr.evidence.documents.links import broken_links
from orr.evidence.documents.markdown import read_document
from orr.evidence.documents.outline import Document
from orr.evidence.documents.restructured import read_restructured
from orr.evidence.documents.substance import Part, holds, kinds, lacking
from orr.messages import LANGUAGES
from orr.source.yaml import parse_shipped

TABLE = parse_shipped(Path(substance.__file__).with_name("substance.yaml"))["kinds"]


def section(text: str) -> Part:
    """What stands under the only section of a document, beside which lies `plan.md`."""
    return part_of(read_document(f"# Page\n\n## Part\n\n{text}\n\n## Next\n\nAna Ruiz, 5 minutes.\n", "docs/page.md"))


def part_of(document: Document) -> Part:
    dead = broken_links(document, lambda path: path == "docs/plan.md")
    heading = document.headings[1]
    return Part(document, heading.line, document.end(heading), document.substance, dead)


SAMPLES = [
    pytest.param(kind, text, held == "holds", id=f"{kind} {held} {language} {number}")
    for kind, row in TABLE.items()
    for held in ("holds", "lacks")
    for language, texts in row[held].items()
    for number, text in enumerate(texts)
]


@pytest.mark.parametrize(("kind", "text", "held"), SAMPLES)
def test_a_sample_holds_its_kind_or_does_not(kind: str, text: str, held: bool) -> None:
    assert holds(section(text), kind) is held


@pytest.mark.parametrize("kind", TABLE)
def test_a_kind_has_a_title_and_samples_for_and_against_it_in_both_languages(kind: str) -> None:
    for told in ("title", "holds", "lacks"):
        assert set(TABLE[kind][told]) == set(LANGUAGES)
        assert all(TABLE[kind][told].values())


HOLLOW = {
    "one word": "ok",
    "a word of approval": "好的",
    "an unfilled template": "- [ ] Metrics\n  - Metric name:\n  - Owner:\n- [ ] Other (as last resort)\n  - Details:",
    "an unfilled table": "| Metric | Owner |\n|---|---|\n| | |",
    "text to show print": "Lorem ipsum dolor sit amet, consectetur adipiscing elit.\nSed do eiusmod tempor incididunt.",
    "to be written": "To be written.",
    "a web link": "[ok](https://example.com/x)",
}


@pytest.mark.parametrize("kind", [kind for kind in TABLE if kind != "web-link"])
@pytest.mark.parametrize("text", HOLLOW.values(), ids=HOLLOW)
def test_hollow_text_holds_nothing(text: str, kind: str) -> None:
    assert not holds(section(text), kind)


def test_of_two_kinds_joined_by_a_bar_either_will_do() -> None:
    part = section("Run `make rollback`.")
    assert lacking(part, ["command|two-steps", "person"]) == ["person"]


RST = """
Page
====

Part
----

1. Run ``make stop``.
2. Start the old version::

      make start VERSION=1

Ask Ana Ruiz.
"""


@pytest.mark.parametrize("kind", ["command", "two-steps", "person", "entry"])
def test_restructured_text_is_read_as_markdown_is(kind: str) -> None:
    assert holds(part_of(read_restructured(RST, "docs/page.rst")), kind)


def test_a_line_that_goes_on_is_read_as_one() -> None:
    assert holds(section("Roll back when errors last for five\nminutes."), "duration")


def test_every_pattern_names_a_sort_of_text_that_a_part_has() -> None:
    assert {one.source for one in kinds().values()} <= set(dir(Part))
