"""Lenses that come in and go out again: the same JSON, or a note at every difference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.formats.checklist import checklist_yaml
from orr.formats.lens.exporting import export_lens
from orr.formats.lens.importing import ImportedLens, import_lens
from orr.model.checklist import Checklist
from orr.model.validation import read
from orr.source.faults import Path
from orr.source.json_text import parse_json
from orr.source.yaml import parse

TEXTS = st.sampled_from(
    ["Boats", " Boats ", "Two\nlines", "Two\n\nparts", "- Law <https://example.com/law>", "<https://example.com>",
     "# x", "yes", "null", "'=1", "船", "a <b>", "x\n\n- Law <https://example.com>"]
)  # fmt: skip
URLS = st.sampled_from(["https://example.com/a", "http://example.com", "javascript:alert(1)", "example.com/a,b"])
RESOURCES = st.fixed_dictionaries({"displayText": TEXTS}, optional={"url": URLS, "Url": URLS})
MORE = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["HELPFUL_RESOURCE", "IMPROVEMENT_PLAN"]),
        "content": st.lists(RESOURCES, min_size=1, max_size=2),
    }
)
CONDITIONS = ("a && b", "a||!b", "(a && b) || b", "!a", "b", "(a)")


@st.composite
def questions(draw: st.DrawFn, name: str) -> dict[str, Any]:
    resources = {
        "helpfulResource": RESOURCES,
        "improvementPlan": RESOURCES,
        "additionalResources": st.lists(MORE, max_size=2),
    }
    choice = st.fixed_dictionaries({"title": TEXTS}, optional={**resources, "description": TEXTS, "extra": TEXTS})
    rule = st.fixed_dictionaries(
        {"condition": st.sampled_from(CONDITIONS), "risk": st.sampled_from(["HIGH_RISK", "MEDIUM_RISK", "NO_RISK"])}
    )
    ends = st.sampled_from([[], [{"condition": "default", "risk": "HIGH_RISK"}]])
    more = draw(st.fixed_dictionaries({}, optional={"description": TEXTS, "helpfulResource": RESOURCES}))
    choices = [{"id": one, **draw(choice)} for one in ("a", "b", f"{name}_no")]
    rules = [*draw(st.lists(rule, min_size=1, max_size=3)), *draw(ends)]
    return {"id": name, "title": draw(TEXTS), **more, "choices": choices, "riskRules": rules}


@st.composite
def lenses(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(["SEC", "cost", "a_B", "ops"]), min_size=1, max_size=3, unique=True))
    pillars = [
        {
            "id": name,
            "name": draw(TEXTS),
            "questions": [draw(questions(f"{name}_{n}")) for n in range(draw(st.integers(1, 2)))],
        }
        for name in names
    ]
    about = draw(st.fixed_dictionaries({}, optional={"description": TEXTS}))
    return {"schemaVersion": "2021-11-01", "name": draw(TEXTS), **about, "pillars": pillars}


def written(lens: object) -> str:
    return json.dumps(lens, indent=1, ensure_ascii=False)


def brought(lens: object) -> tuple[ImportedLens, object]:
    """What a lens becomes, and the lens that its checklists, written to files and read again, become."""
    found = import_lens(written(lens), "lens.json")
    files = [read(Checklist, parse(checklist_yaml(one), "c.yaml")) for one in found.checklists]
    return found, json.loads(export_lens(files).text)


def leaves(value: object, at: Path = ()) -> Iterator[tuple[Path, object]]:
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*at, key))
    else:
        yield at, value


@pytest.mark.slow
@given(lenses())
def test_a_lens_comes_back_as_it_was_or_every_difference_is_told_where_it_is(lens: dict[str, Any]) -> None:
    found, back = brought(lens)
    assert back == lens or found.notes
    told, (_, places) = {note.place for note in found.notes}, parse_json(written(lens), "lens.json")
    now = dict(leaves(back))
    for at, value in leaves(lens):
        if at not in now or now[at] != value:
            assert any(places[at[:end]] in told for end in range(1, len(at) + 1)), at
    again, same = brought(back)
    assert same == back
    assert not any(note.wrong.key == "exchange.lens.differs" for note in again.notes)
