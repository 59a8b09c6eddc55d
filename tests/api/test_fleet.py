"""All workloads' assessments for a notebook: `orr.assess_fleet`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from support.fleet_sample import TODAY, answer, make_workload, make_workspace, write

import orr
from orr.api.fleet import Fleet
from orr.fleet.page.tables import COLUMNS

WAIVER = """\
waivers:
  - {waiver: W-1, items: [basics/owner], reason: moving, requested_by: ann, approved_by: bo, approved_on: 2026-11-20,
     states: {basics/owner: not-met}, expires: 2026-11-30}
"""
FRAMES: dict[str, Callable[[Fleet], pd.DataFrame]] = {
    "workloads": Fleet.to_frame,
    "launches": Fleet.launches,
    "blockers": Fleet.blockers,
    "waivers": Fleet.waivers,
    "owners": Fleet.owners,
    "unchecked": Fleet.unchecked,
    "teams": Fleet.teams,
    "heat_map": Fleet.heat_map,
    "over_time": Fleet.over_time,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """One workload ready, one carried by a waiver, one that is not, and one whose file is faulty."""
    root = make_workspace(tmp_path, "ready", "waived", "late", "unread")
    answer(root, "waived", owner="no", more=WAIVER)
    answer(root, "late", owner="no")
    write(root / "workloads" / "unread" / "review.yaml", "review: [")
    return root


@pytest.fixture
def fleet(root: Path) -> Fleet:
    return orr.assess_fleet(root, today=TODAY)


def test_every_workload_is_a_row_worst_first_whether_it_can_be_assessed_or_not(fleet: Fleet) -> None:
    frame = fleet.to_frame()
    assert list(frame["workload"]) == ["unread", "late", "waived", "ready"]
    assert frame["verdict"].astype(object).where(frame["verdict"].notna(), None).to_list() == [
        None, "no-go", "conditional-go", "go",
    ]  # fmt: skip
    assert frame["headline"].fillna("").to_list() == [
        "", "no-go: 1 known to be missing", "conditional go: 1 known to be missing", "go",
    ]  # fmt: skip
    assert "No-go: 1 known to be missing" in fleet.report().html()
    assert "unread" in frame["next"][0]
    assert fleet.counts == {"none": 1, "no-go": 1, "conditional-go": 1, "go": 1}


def test_what_needs_a_decision_is_a_frame_each(fleet: Fleet) -> None:
    assert list(fleet.launches()["workload"]) == ["unread", "late", "waived", "ready"]
    (blocker,) = fleet.blockers().to_dict("records")
    assert (blocker["item"], blocker["workloads"]) == ("basics/owner", ["late", "waived"])
    assert list(fleet.waivers()["waiver"]) == ["W-1"]
    assert dict(fleet.owners()[["owner", "open"]].itertuples(index=False)) == {"sales": 2}
    assert "review.yaml" in fleet.unchecked()["problem"][0]
    assert len(fleet.heat_map()) == 3
    assert fleet.over_time()["on"].iloc[-1] == pd.Timestamp(TODAY)


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_has_its_columns_and_types_with_and_without_rows(
    fleet: Fleet, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    assert set(FRAMES) == set(COLUMNS)
    nothing = orr.assess_fleet(make_workspace(tmp_path_factory.mktemp("nothing")), today=TODAY)
    for frame in (FRAMES[name](fleet), FRAMES[name](nothing)):
        assert {column: str(kind) for column, kind in frame.dtypes.items()} == COLUMNS[name]
    assert len(FRAMES[name](nothing)) == (name == "over_time")


@pytest.mark.parametrize(
    ("language", "line", "words"),
    [
        (
            "en",
            "Fleet of 4 workloads: 1 not assessed, 1 no-go, 1 conditional go, 1 go",
            ["Fleet readiness", ".launches()", "late"],
        ),
        (
            "zh-CN",
            "共 4 个工作负载：1 个未评估、1 个不可上线、1 个有条件上线、1 个可以上线",
            [".launches()", "late"],
        ),
    ],
)
def test_it_is_a_line_of_text_and_a_card_in_the_language_asked_for(
    root: Path, language: str, line: str, words: list[str]
) -> None:
    fleet = orr.assess_fleet(root, today=TODAY, language=language)
    assert repr(fleet) == line
    assert fleet.language == language
    html = fleet._repr_html_()
    assert [word for word in words if word not in html] == []
    assert "<script" not in html
    assert 'href="' not in html  # the parts of the report are not below it


@pytest.mark.parametrize(("names", "line"), [((), "Fleet without a workload"), (("one",), "Fleet of 1 workload: 1 go")])
def test_a_small_fleet_is_told_as_such(tmp_path: Path, names: tuple[str, ...], line: str) -> None:
    fleet = orr.assess_fleet(make_workspace(tmp_path, *names), today=TODAY)
    assert repr(fleet) == line
    assert fleet._repr_html_()


def test_the_report_is_shown_whole_and_saved_as_the_page_that_the_command_writes(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orr.cli import main

    monkeypatch.chdir(root)
    make_workload(root, "new")
    report = orr.assess_fleet(root, today=TODAY).report()
    shown = report._repr_html_()
    assert [part.name for part in report.parts() if part.html not in shown] == []
    report.save(tmp_path / "saved.html")
    main(["fleet", "--today", TODAY.isoformat(), "--lang", "en"])
    assert (tmp_path / "saved.html").read_bytes() == (root / "reports" / "fleet.html").read_bytes()
