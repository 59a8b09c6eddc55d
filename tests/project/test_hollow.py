"""What the checklists that come with orr accept as documents: no form without substance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from support import ROOT
from support.asked_documents import document_of, headings

from orr.model.checklist import Checklist, CheckSpec, item_id
from orr.model.finding import Finding, Outcome
from orr.testing import run_check
from tools.coverage_page import shipped_checklists

TODAY = date(2026, 11, 23)
CHECKLISTS = (*shipped_checklists(), *shipped_checklists("optional"))


def checks(checklist: Checklist) -> Iterator[tuple[str, CheckSpec]]:
    for section in checklist.sections:
        for item in section.items:
            yield from ((item_id(checklist.checklist, item.item), one) for one in item.sources)


READERS = [
    (name, check)
    for one in CHECKLISTS
    for name, check in checks(one)
    if check.check in ("document", "files", "incidents") and document_of(check) is not None
]
IDS = [f"{name} {number}" for number, (name, _) in enumerate(READERS)]
CHECKS = [check for _, check in READERS]


def documents() -> Mapping[str, list[str]]:
    """All documents that the checklists ask for, with all headings that they ask for in each."""
    found: dict[str, dict[str, None]] = {}
    for _, check in READERS:
        found.setdefault(str(document_of(check)), {}).update(dict.fromkeys(headings(check)))
    return {name: [*one] or ["Notes"] for name, one in found.items()}


TEMPLATE = (
    "- [ ] Metrics\n  - Metric name:\n  - [Optional] Aggregation method:\n- [ ] Other (as a last resort)\n  - Details:"
)
LOREM = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt."
HOLLOW = {
    "one word": "ok",
    "an untouched template": TEMPLATE,
    "text to show print": LOREM,
    "one sentence": "The team follows the standard procedure of the company here.",
    "one sentence in Chinese": "团队按照公司的标准流程执行相关操作。",
    "one sentence of all kinds": "The engineering lead runs `make rollback` within 5 minutes, as tried on 2026-11-12.",
}


@pytest.fixture(scope="module", params=HOLLOW.values(), ids=HOLLOW)
def hollow(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with every document and every heading, and nothing in it."""
    folder = tmp_path_factory.mktemp("hollow")
    head = f"{request.param}\n\n" if "`" in request.param else ""  # a document may have one heading alone
    for name, sections in documents().items():
        text = "".join(f"## {one}\n\n{request.param}\n\n" for one in sections)
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            f"---\nowner: payments\nreviewed: 2026-11-20\ntested: never\n---\n# Page\n\n{head}{text}",
            encoding="utf-8",
        )
    return folder


def found(folder: Path, check: CheckSpec) -> Finding:
    return run_check(check.check, folder, today=TODAY, **check.parameters)


def test_the_checklists_ask_for_many_documents() -> None:
    assert len(documents()) >= 28
    assert len({name for name, _ in READERS}) >= 66


def test_a_hollow_document_meets_nothing(hollow: Path) -> None:
    outcomes = {name: found(hollow, check).outcome for name, check in zip(IDS, CHECKS, strict=True)}
    good = {name: one for name, one in outcomes.items() if one not in (Outcome.NOT_MET, Outcome.UNKNOWN)}
    assert good == {}


def test_an_item_that_reads_a_document_says_what_it_must_hold() -> None:
    for name, check in zip(IDS, CHECKS, strict=True):
        asked = [*check.parameters.get("sections", ()), *check.parameters.get("front_matter", ())]
        assert check.check == "incidents" or check.parameters.get("has") or asked, name
        assert all(one.get("has") for one in asked), name


EXAMPLES = [ROOT / "workloads" / name for name in ("checkout", "image-resizer", "loyalty-points")]
SECTIONED = [(name, check) for name, check in READERS if headings(check)]
LOOSE = {"something to fill in": "TBD: what else?", "a dead link": "See [the rest](gone/away.md)."}


def test_each_example_has_documents_that_meet_what_is_asked_of_them() -> None:
    met = {name for folder in EXAMPLES for name, check in READERS if found(folder, check).outcome is Outcome.MET}
    assert len(met) >= 66


@pytest.mark.parametrize("loose", LOOSE.values(), ids=LOOSE)
def test_a_loose_end_in_one_section_makes_partial_what_asks_for_that_section_alone(tmp_path: Path, loose: str) -> None:
    plan = (ROOT / "workloads/checkout/docs/rollback.md").read_text(encoding="utf-8")
    (tmp_path / "docs").mkdir()
    asks = [(name, check) for name, check in READERS if document_of(check) == "docs/rollback.md"]
    assert len(asks) >= 9
    for changed in ("Trigger", "Verification", "Irreversible parts"):
        (tmp_path / "docs/rollback.md").write_text(
            plan.replace(f"## {changed}\n", f"## {changed}\n\n{loose}\n"), encoding="utf-8"
        )
        partial = {name for name, check in asks if found(tmp_path, check).outcome is Outcome.PARTIAL}
        assert partial == {name for name, check in asks if changed in headings(check)}
