"""The page that an auditor opens first."""

from __future__ import annotations

import html5lib
import pytest

from orr.proof.index_page import index
from orr.proof.pack import Pack

RUN = {
    "number": 2,
    "today": "2026-11-22",
    "recorded_at": "2026-11-22T10:00:00+00:00",
    "verdict": "go",
    "decision": "conditional-go",
    "digest": "sha256:" + "a" * 64,
    "votes": [{"role": "security", "by": "<b>mo</b>", "vote": "go", "on": "2026-11-22", "valid": False}],
    "kept": "git " + "4" * 40,
    "files": {
        "a/<i>.md": {"sha256": "b" * 64, "left_out": "secret"},
        "c.md": {"sha256": "c" * 64, "member": "files/c"},
    },
}


def page(**run: object) -> str:
    told = {"title": {"en": "Shop & co", "zh-CN": "商店"}, "runs": [{**RUN, **run}], "now": {}}
    return index(Pack(workloads={"shop": told}, head="sha256:" + "d" * 64)).decode()


def test_it_is_well_formed_and_escapes_what_people_wrote() -> None:
    text = page()
    html5lib.HTMLParser(strict=True).parse(text)
    assert "&lt;b&gt;mo&lt;/b&gt;" in text
    assert "<i>" not in text
    assert "Shop &amp; co" in text


def test_it_says_all_in_both_languages() -> None:
    text = page()
    for word in ("conditional go", "有条件上线", "seems to hold a secret", "疑似含有机密", "商店", "4" * 12, "d" * 64):
        assert word in text, word


@pytest.mark.parametrize(("kept", "says"), [("store", "were kept when"), ("", "were not kept")])
def test_it_says_where_the_files_of_a_run_come_from(kept: str, says: str) -> None:
    assert says in page(kept=kept)


def test_a_workload_without_a_run_says_so() -> None:
    told = {"title": "Shop", "runs": [], "now": {}}
    assert "No run is recorded." in index(Pack(workloads={"shop": told})).decode()
