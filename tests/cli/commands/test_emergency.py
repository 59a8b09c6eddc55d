"""`orr emergency`: how a release passes in an emergency."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.gate_stage import FILES, gate, orr, stage
from support.keys import ssh

from orr.cli import COMMANDS

REVIEW = "workloads/shop/review.yaml"


def test_it_is_a_command() -> None:
    assert "emergency" in COMMANDS


def test_an_emergency_passes_with_two_persons_until_it_ends_or_is_closed(tmp_path: Path, capsys: Any) -> None:
    root = stage(tmp_path, voted=False)
    assert orr(root, "emergency", "shop", "--reason", "payments are down", "--by", "ana") == 0
    status, line, _ = gate(root, capsys)
    assert (status, "E-1 is not approved" in line) == (3, True)
    assert orr(root, "emergency", "shop", "--approve", "E-1", "--by", "ana") == 2
    assert orr(root, "emergency", "shop", "--approve", "E-1", "--by", "Ana") == 2
    assert orr(root, "emergency", "shop", "--approve", "E-1", "--by", "bo") == 0
    status, line, told = gate(root, capsys)
    assert status == 0
    assert "passes by the emergency exception E-1 (payments are down), asked for by ana, approved by bo" in line
    assert told["emergency"] is not None
    assert orr(root, "emergency", "shop", "--close", "E-1", "--by", "cy") == 0
    status, line, _ = gate(root, capsys)
    assert (status, "E-1 is closed" in line) == (3, True)
    assert orr(root, "emergency", "shop", "--close", "E-1", "--by", "cy") == 2


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_the_fleet_shows_an_emergency_until_somebody_closes_it(lang: str, tmp_path: Path, capsys: Any) -> None:
    long_ago = "E-1\n  reason: payments are down\n  requested_by: ana\n  requested_at: 2026-10-01T10:00:00+00:00\n"
    approved = "  approved_by: bo\n  approved_at: 2026-10-01T10:05:00+00:00\n"
    root = stage(tmp_path, **{REVIEW: f"{FILES[REVIEW]}emergencies:\n- emergency: {long_ago}{approved}"})

    def shown() -> list[bool]:
        capsys.readouterr()
        assert orr(root, "fleet", "--lang", lang) in (0, 1)
        printed = capsys.readouterr().out
        page = (root / "reports/fleet.html").read_text(encoding="utf-8")
        return ["E-1" in printed and "payments are down" in printed, "E-1" in page and "payments are down" in page]

    assert shown() == [True, True]
    assert orr(root, "emergency", "shop", "--close", "E-1", "--by", "cy") == 0
    assert shown() == [False, False]


@pytest.mark.parametrize("words", [(), ("--reason", "x", "--approve", "E-1"), ("--approve", "E-9")], ids=str)
def test_an_emergency_takes_one_thing_that_there_is(words: tuple[str, ...], tmp_path: Path) -> None:
    assert orr(stage(tmp_path, voted=False), "emergency", "shop", *words) == 2


def test_where_signatures_are_required_an_exception_takes_one(tmp_path: Path, capsys: Any) -> None:
    key, signers = ssh(tmp_path, "bo")
    strict = FILES["orr.yaml"] + "  signatures: required\nsigners: signers\n"
    root = stage(tmp_path / "w", voted=False, **{"orr.yaml": strict, "signers": signers.read_text()})
    assert orr(root, "emergency", "shop", "--reason", "payments are down", "--by", "ana") == 0
    assert orr(root, "emergency", "shop", "--approve", "E-1", "--by", "bo") == 2
    assert orr(root, "emergency", "shop", "--approve", "E-1", "--by", "cy", "--key", str(key)) == 2
    assert orr(root, "emergency", "shop", "--close", "E-1", "--by", "bo", "--key", str(key)) == 2
    assert orr(root, "emergency", "shop", "--approve", "E-1", "--by", "bo", "--key", str(key)) == 0
    assert gate(root, capsys)[0] == 0
    review = root / "workloads/shop/review.yaml"
    text = review.read_text(encoding="utf-8")
    changes = {"payments are down": "payments are slow", "-----BEGIN": "-----BEGUN", "by: ana": "by: al"}
    for old, new in changes.items():
        review.write_text(text.replace(old, new), encoding="utf-8")
        status, line, _ = gate(root, capsys)
        assert (status, "the exception E-1 does not count" in line) == (3, True), line
    unsigned = text[: text.index("  signature:")]
    review.write_text(unsigned, encoding="utf-8")
    assert gate(root, capsys)[0] == 3
