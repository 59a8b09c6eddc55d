"""Which names are the same, which are alike, and which are unclear."""

from __future__ import annotations

import sys
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from support.names import INVISIBLE, NAMES, respelled

from orr.model.person import alike, groups, mentioned, name_key, same, unclear

letters = st.text(st.characters(categories=("Lu", "Ll", "Lt", "Lo")), min_size=1, max_size=8).map(
    lambda text: unicodedata.normalize("NFC", text)
)
names = st.one_of(st.sampled_from(NAMES), letters)


@given(st.data())
def test_a_name_written_in_another_way_is_the_same_person(data: st.DataObject) -> None:
    name = data.draw(names)
    written = data.draw(respelled(name))
    assert name_key(written) == name_key(name)
    assert same(written, name)
    assert alike(written, name)


@given(names, names)
def test_who_is_the_same_is_alike_whichever_is_named_first(one: str, other: str) -> None:
    assert alike(one, other) or not same(one, other)
    assert (same(one, other), alike(one, other)) == (same(other, one), alike(other, one))


def test_of_a_long_text_the_beginning_is_compared() -> None:
    assert same("wei" + "@a" * 100_000, "wei" + "@a" * 200_000)


def test_no_letter_is_another_in_capitals() -> None:
    every = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    cased = [letter for letter in every if letter.upper() != letter or letter.lower() != letter]
    assert [one for one in cased if len({name_key(one), name_key(one.upper()), name_key(one.lower())}) > 1] == []


def test_every_character_that_unicode_calls_ignorable_makes_no_difference() -> None:
    ignorable = regex.compile(r"\p{Default_Ignorable_Code_Point}")
    every = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    assert [f"U+{ord(one):04X}" for one in every if ignorable.match(one) and name_key(f"a{one}b") != "ab"] == []


@pytest.mark.parametrize(
    ("one", "other", "are_same", "are_alike"),
    [
        ("José", "Jose\u0301", True, True),
        ("wei chen", "wei.chen", True, True),
        ("wei_chen", "Wei-Chen", True, True),
        ("\u0130brahim", "i\u0307brahim", True, True),
        ("IŞIK", "ışık", True, True),
        ("王\u3000伟", "王伟", True, True),
        ("@wei", "wei", True, True),
        ("mailto:wei@example.com", "WEI@example.com", True, True),
        ("Wei Chen <wei.chen@example.com>", "wei.chen@example.com", True, True),
        ("wei.chen@example.com (Wei Chen)", "wei.chen@example.com", True, True),
        ("wei", "w\u0435i", False, True),
        ("Bob", "\u0412\u043eb", False, True),
        ("Iris", "lris", False, True),
        ("bob", "b0b", False, True),
        ("Bernd", "Bemd", False, True),
        ("O'Brien", "O\u2019Brien", False, True),
        ("wei.chen", "wei.chen@example.com", False, True),
        ("Wei Chen", "wei.chen@example.com", False, True),
        ("wei@example.com", "wei+oncall@example.com", False, True),
        ("wei@example.com", "wei@example.org", False, True),
        ("wei", "EXAMPLE\\wei", False, True),
        ("Wei Chen <wei@example.com>", "Wei Chen", False, True),
        ("Chen, Wei", "Wei Chen", False, True),
        ("Chen Wei", "wei.chen", False, True),
        ("chenwei", "wei.chen", False, True),
        ("Ruiz Ana Maria", "ana.maria.ruiz@example.com", False, True),
        ("Wei Chen", "Chen Li", False, False),
        ("weichen", "wei.chen", False, True),
        ("Wei Chen (primary)", "Wei Chen [backup]", False, True),
        ("王伟（主）", "王伟（备）", False, True),
        ("Wei Chen +44 7700 900123", "Wei Chen", False, True),
        ("1. Wei Chen", "2. Wei Chen*", False, True),
        ("Wei Chen, wei.chen@example.com", "wei.chen@example.org", False, True),
        ('"Wei Chen" <wei@example.com>', "Wei Chen", False, True),
        ("Wei Chen (SRE)", "Ana Ruiz (SRE)", False, False),
        ("wei", "ana", False, False),
        ("wei", "weichen", False, False),
        ("José Núñez", "jose.nunez", False, True),
        ("Jürgen Müller", "juergen.mueller", False, True),
        ("Jürgen Müller", "jurgen.muller@example.com", False, True),
        ("Søren", "Soren", False, True),
        ("Łukasz", "Lukasz", False, True),
        ("陈伟", "陈玮", False, False),
        ("ana@example.com", "example.com", False, False),
    ],
    ids=lambda value: None if isinstance(value, bool) else ascii(value),
)
def test_two_names_are_the_same_or_alike_or_neither(one: str, other: str, are_same: bool, are_alike: bool) -> None:
    assert (same(one, other), alike(one, other)) == (are_same, are_alike)


def test_names_that_are_alike_through_others_are_one_group_named_by_its_first() -> None:
    known = ["ana", "Wei Chen", "wei.chen@example.com", "bo", "wei.chen@example.org", "w\u0435i chen"]
    found = groups(known)
    assert found == {"ana": "ana", "bo": "bo"} | dict.fromkeys([known[1], known[2], *known[4:]], "Wei Chen")


@given(st.lists(names, max_size=8))
def test_of_alike_names_both_are_in_one_group(known: list[str]) -> None:
    found = groups(known)
    assert set(found) == set(known)
    assert all(found[one] == found[other] for one in known for other in known if alike(one, other))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("wei", "Wei on holiday", True),
        ("wei", "Weidong on holiday", False),
        ("wei.chen@example.com", "Annual leave (Wei Chen)", True),
        ("陈伟", "陈伟休假", True),
        ("陈伟", "休假：陈 伟", True),
        ("Jose\u0301", "José is away", True),
        ("wei", "w\u0435i is away", True),
        ("wei", "", False),
    ],
)
def test_a_title_is_about_whom_it_names_as_a_word(name: str, text: str, expected: bool) -> None:
    assert mentioned(name, text) is expected


@pytest.mark.parametrize("sign", INVISIBLE, ids=ascii)
def test_a_name_with_an_invisible_character_is_unclear(sign: str) -> None:
    found = unclear(f"we{sign}i")
    assert found is not None
    assert found.kind == "name-invisible"
    assert found.values["sign"].startswith(f"U+{ord(sign):04X}")
    assert (found.values["value"], found.values["at"]) == ("wei", "3")


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("w\u0435i", "U+0435 CYRILLIC SMALL LETTER IE"),
        ("Иван Ivan", "U+0418 CYRILLIC CAPITAL LETTER I"),
        ("\u0391na", "U+0391 GREEK CAPITAL LETTER ALPHA"),
        ("ㄅあ", "U+3105 BOPOMOFO LETTER B"),
        ("w\u0435i@example.com", "U+0435 CYRILLIC SMALL LETTER IE"),
        ("Wei <w\u0435i@example.com>", "U+0435 CYRILLIC SMALL LETTER IE"),
        ("wei 🦊", "U+1F98A FOX FACE"),
        ("wei\u2028chen", "U+2028 LINE SEPARATOR"),
    ],
    ids=ascii,
)
def test_a_name_of_letters_that_do_not_go_together_is_unclear(name: str, sign: str) -> None:
    found = unclear(name)
    assert found is not None
    assert (found.kind, found.values["sign"]) == ("name-mixed", sign)


@pytest.mark.parametrize(
    "name",
    [*NAMES, "Jose\u0301", "陈伟 Wei Chen", "陈伟Weiたろうタロウ", "김철수 Kim 金", "ㄨㄟ 伟 Wei", "ＷＥＩ",
     "Ștefan Łukasz", "Иван Петров <ivan.petrov@example.com>", "иван@example.com", "شهرام", "राहुल", "wei_chen-2",
     "D'Arcy (EMEA), 2nd", "约翰·史密斯"],
)  # fmt: skip
def test_a_name_as_people_write_theirs_is_clear(name: str) -> None:
    assert unclear(name) is None
