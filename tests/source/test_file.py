"""Faults of one file: their place, their words, and what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orr.messages import LANGUAGES
from orr.model import validation
from orr.model.base import Record
from orr.model.checklist import Checklist
from orr.model.review import Review
from orr.model.settings import Settings
from orr.model.workload import Workload
from orr.source.faults import FaultyInput
from orr.source.file import InputFile
from orr.source.yaml import reader as yamlreader
from orr.system import cache

KINDS: dict[str, type[Record]] = {
    "checklist": Checklist,
    "review": Review,
    "workload": Workload,
    "timezone": Settings,
}

CHECKLIST = """\
checklist: c
version: 1
title: C
sections:
  - section: s
    items:
      - item: a
        ask: A?
"""
REVIEW = """\
review: shop
answers:
  c/a:
    answer: yes
    by: wei
    on: 2026-11-20
"""
ENTRY = "[0-9a-f]" * 64
WORKLOAD = "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: payments}\n"


def read(text: str) -> Any:
    kind = KINDS[text.split(":")[0]]
    return InputFile(Path("f.yaml"), "f.yaml", text.encode()).read_as(kind)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setenv("ORR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("text", [CHECKLIST, REVIEW.replace("yes", "'yes'"), WORKLOAD, "timezone: UTC\n"])
def test_what_was_read_before_is_the_same_without_being_looked_at(
    kept: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    first = read(text)
    assert list(kept.glob(f"entries/{ENTRY}"))
    monkeypatch.delattr(yamlreader, "read")
    monkeypatch.delattr(validation, "read")
    again = read(text)
    assert again == first
    assert again is not first


def test_a_text_is_remembered_for_the_kind_of_file_that_it_was_read_as(kept: Path) -> None:
    text = WORKLOAD.encode()
    assert InputFile(Path("f"), "f", text).read_as(Workload)
    with pytest.raises(FaultyInput):
        InputFile(Path("f"), "f", text).read_as(Settings)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\x80\x04\x8c\x02os\x8c\x06system\x93.", id="pickle"),
        pytest.param(["os.system", "touch ran"], id="another name"),
        pytest.param(["Risk", "high"], id="another word"),
        pytest.param(["Workload", {"workload": "other"}], id="a word without its parts"),
        pytest.param(["Workload", {"__class__": "x"}], id="a word with other parts"),
        pytest.param([["list"]], id="no pair"),
        pytest.param({"workload": "other"}, id="no word"),
    ],
)
def test_nothing_but_a_word_of_a_review_is_made_of_what_was_kept(kept: Path, body: object) -> None:
    first = read(WORKLOAD)
    entry = next(kept.glob(f"entries/{ENTRY}"))
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    entry.write_bytes(cache._hash(entry.name, raw) + raw)
    assert read(WORKLOAD) == first


def faults(text: str, language: str = "en") -> list[str]:
    with pytest.raises(FaultyInput) as caught:
        read(text)
    return [fault.in_words(language).removeprefix("f.yaml:") for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            CHECKLIST + "        blocking: yes\n",
            "9:9: blocking is “yes”, a word and no truth value; write true or false",
            id="a word for a truth value",
        ),
        pytest.param(
            CHECKLIST + "        risk: huge\n",
            "9:9: risk is huge, which is not one of high, medium, low; write one of high, medium, low",
            id="no choice",
        ),
        pytest.param(
            CHECKLIST + "        valid_for: 90\n",
            "9:9: valid_for is “90”, not a number of days; write it as 90d",
            id="no duration",
        ),
        pytest.param(
            CHECKLIST + "        enforce_from: soon\n",
            "9:9: enforce_from is “soon”, not a date; write it as 2026-11-28",
            id="no date",
        ),
        pytest.param(
            CHECKLIST + "        blockin: true\n",
            "9:9: the key blockin is not known here; did you mean blocking?",
            id="misspelt key",
        ),
        pytest.param(
            CHECKLIST + "        zzz: true\n",
            "9:9: the key zzz is not known here; delete it, or see docs/formats.md for the keys there are",
            id="unknown key",
        ),
        pytest.param(
            CHECKLIST + "        answered_by: checks\n",
            "7:9: the item a is answered by checks but has none; add checks, or delete answered_by",
            id="answered by no checks",
        ),
        pytest.param(
            CHECKLIST.replace("        ask: A?\n", ""), "7:9: the key ask is missing; add it", id="missing key"
        ),
        pytest.param(
            CHECKLIST.replace("version: 1", "version: '1'"),
            "2:1: version is “1”, not a whole number; write a whole number, without quotes",
            id="text for a number",
        ),
        pytest.param(
            CHECKLIST.replace("version: 1", "version: 0"),
            "2:1: version is 0, less than 1; write 1 or more",
            id="too small",
        ),
        pytest.param(
            CHECKLIST.replace("checklist: c", "checklist: My List"),
            "1:1: checklist is “My List”, which is no name that can stand here; "
            "use letters, digits and hyphens, in lower case for a checklist",
            id="no name",
        ),
        pytest.param(
            CHECKLIST.replace("title: C", "title: {en: C, de: C}"),
            "3:1: the language de is not known; write en or zh-CN",
            id="unknown language",
        ),
        pytest.param(
            CHECKLIST.replace("title: C", "title: ''"),
            "3:1: title holds no words; write some, or delete the key",
            id="no words",
        ),
        pytest.param(
            "checklist: c\nversion: 1\ntitle: C\nsections: []\n",
            "4:1: sections is empty; write at least one entry",
            id="empty list",
        ),
        pytest.param(
            "checklist: c\nversion: 1\ntitle: C\nsections: 5\n",
            "4:1: sections is not a list; write it as a list, `[a, b]` or a line with a dash for each",
            id="no list",
        ),
        pytest.param(
            "checklist: c\nversion: 1\ntitle: C\nsections:\n- s\n",
            "5:3: 0 must be a mapping of keys to values; write it as “key, colon, value” lines",
            id="no mapping",
        ),
        pytest.param(
            WORKLOAD.replace("tier: 1", "tier: 7"), "3:1: tier is 7, more than 4; write 4 or less", id="too large"
        ),
        pytest.param(
            WORKLOAD.replace("title: Shop", "title: 12"),
            "2:1: title holds no words; write some, or delete the key",
            id="number for a text",
        ),
        pytest.param(
            WORKLOAD.replace("team: payments", "team: 12"),
            "4:9: team is 12, not a text; put it in quotes",
            id="number for a name",
        ),
        pytest.param(
            WORKLOAD + "launch: noon\n",
            "5:1: launch is “noon”, neither a date nor a date with a time; "
            "write it as 2026-11-28 or 2026-11-28T09:00+08:00",
            id="no moment",
        ),
        pytest.param(
            REVIEW.replace("answer: yes", "answer: true"),
            "4:5: answer is true, which is not one of yes, partial, no, not-applicable; "
            "write one of yes, partial, no, not-applicable",
            id="truth value for a word",
        ),
        pytest.param(
            REVIEW.replace("answer: yes", "answer: not-applicable"),
            "3:3: not-applicable needs a reason; write why it does not apply",
            id="no reason",
        ),
        pytest.param(
            REVIEW.replace("    answer: yes\n", ""),
            "3:3: there is neither an answer nor a plan; write answer, plan or both",
            id="neither answer nor plan",
        ),
        pytest.param(
            REVIEW + "    evidence: [{}]\n",
            "7:16: this evidence names nothing; give it a title, a path or a url",
            id="empty evidence",
        ),
        pytest.param(
            REVIEW + "    evidence: [{title: x, sha256: abc}]\n",
            "7:27: sha256 is no SHA-256 of 64 hexadecimal digits; write what `sha256sum` prints",
            id="no hash",
        ),
        pytest.param(
            REVIEW + f"    evidence: [{{title: x, sha256: {'a' * 64}}}]\n",
            "7:16: sha256 binds a file, but there is no path; add the path, or delete sha256",
            id="hash of nothing",
        ),
        pytest.param(
            REVIEW + "    evidence: [{url: 'javascript:x'}]\n",
            "7:17: url is “javascript:x”, not a web address; write it with https:// or http://",
            id="no web address",
        ),
        pytest.param(
            "review: shop\nanswers: [x]\n",
            "2:1: answers must be a mapping of keys to values; write it as “key, colon, value” lines",
            id="list for a mapping",
        ),
        pytest.param(
            "review: shop\nanswers: {c/a: yes}\n",
            "2:11: c/a must be a mapping of keys to values; write it as “key, colon, value” lines",
            id="word for an answer",
        ),
    ],
)
def test_a_fault_says_where_what_and_what_to_do(text: str, said: str) -> None:
    assert faults(text) == [said]


def test_a_chinese_reader_is_told_in_chinese() -> None:
    assert faults(CHECKLIST + "        blocking: yes\n", "zh-CN") == [
        "9:9: blocking 的值“yes”是一个词，不是布尔值；请写 true 或 false"
    ]


def test_all_faults_of_a_file_are_told_at_once_and_each_once() -> None:
    text = "review: shop\nx: 1\nanswers:\n  c/a: {answer: maybe, on: 2026-13-01}\n  c/b: {by: wei}\nwaivers: {}\n"
    assert [said.split(": ", 1)[1].split(";")[0] for said in faults(text)] == [
        "the key x is not known here",
        "the key by is missing",
        "answer is maybe, which is not one of yes, partial, no, not-applicable",
        "on is “2026-13-01”, not a date",
        "the key on is missing",
        "waivers is not a list",
    ]


def test_a_list_with_faulty_entries_is_not_called_empty() -> None:
    assert len(faults(CHECKLIST.replace("ask: A?", "ask: 5"))) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_quotes_only_the_beginning_of_a_long_value(language: str) -> None:
    for text in (
        WORKLOAD.replace("team: payments", f"team: [{'x, ' * 50_000}x]"),
        REVIEW.replace("wei", "[" + "x, " * 9000 + "x]"),
        WORKLOAD + "launch: " + "9" * 50_000,
        WORKLOAD + f"? {'k' * 50_000}\n: 1\n",
    ):
        assert all(len(said) < 400 for said in faults(text, language))


def test_values_with_braces_and_signs_are_quoted_as_they_are() -> None:
    assert "launch is “{0} {key} %s \\ <b>”" in faults(WORKLOAD + "launch: '{0} {key} %s \\ <b>'\n")[0]


def test_a_place_inside_an_alias_is_that_of_the_alias() -> None:
    text = "review: shop\nanswers:\n  c/a: &x {answer: maybe, by: wei, on: 2026-11-20}\n  c/b: *x\n"
    assert [said.split(": ")[0] for said in faults(text)] == ["3:12", "4:3"]
