"""`orr approve`: what it says of an approval."""

from __future__ import annotations

from pathlib import Path

import pytest

from orr.cli import main

FILES = {
    "orr.yaml": "policy:\n  - {tiers: [1, 2, 3, 4], no_go: [high], sign_offs: [ops]}\n",
    "checklists/c.yaml": "checklist: c\nversion: 1\ntitle: C\nsections:\n  - section: s\n    items:\n"
    "      - {item: plain, ask: A?, risk: high}\n"
    "      - {item: checked, ask: B?, risk: high, checks: [{check: files, paths: [plan.md]}]}\n",
    "workloads/shop/workload.yaml": "workload: shop\ntitle: Shop\ntier: 4\nowner: {team: t}\n",
    "workloads/shop/review.yaml": "review: shop\nanswers:\n"
    "  c/plain: {answer: not-applicable, reason: none, by: wei, on: 2026-01-02}\n"
    "  c/checked: {answer: not-applicable, reason: none, by: wei, on: 2026-01-02}\n",
}


@pytest.mark.parametrize(
    ("item", "language", "note"),
    [
        ("c/plain", "en", ""),
        ("c/checked", "en", "Checks look at c/checked too: not applicable has no effect as long as one of them is"),
        ("c/checked", "zh-CN", "c/checked 也由检查决定"),
    ],
)
def test_it_says_where_checks_can_overrule_that_an_item_does_not_apply(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    item: str,
    language: str,
    note: str,
) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["approve", "shop", "not-applicable", item, "--by", "ana", "--lang", language]) == 0
    err = capsys.readouterr().err
    assert err.startswith(note)
    assert bool(err) is bool(note)
