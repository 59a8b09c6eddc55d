"""Every text in every language, and its way into words."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import orr
from orr.evaluate import State, Verdict
from orr.messages import LANGUAGES, in_language, render, say, template, texts
from orr.messages.cleaning import clean
from orr.model.checklist import Risk

SOURCE = Path(orr.__file__).parent
AREAS = sorted({file.name.split(".")[0] for file in (SOURCE / "messages" / "locales").glob("*.yaml")})


def wordings(text: Any) -> list[str]:
    """A text's templates: one, or one for each number."""
    return list(text.values()) if isinstance(text, dict) else [text]


def mentions(text: Any) -> set[str]:
    """The values that a text speaks of."""
    return {name for one in wordings(text) for _, name, _, _ in string.Formatter().parse(one) if name is not None}


# The files of texts


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_texts(area: str) -> None:
    english, chinese = (texts(area, language) for language in LANGUAGES)
    assert list(english) == list(chinese)
    counted = {key for key, text in english.items() if isinstance(text, dict)}
    # Chinese needs no form of its own for one, so a text may be plain there.
    assert {key for key, text in chinese.items() if isinstance(text, dict)} <= counted


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_speak_of_the_same_values(area: str) -> None:
    english, chinese = (texts(area, language) for language in LANGUAGES)
    differ = {
        key: (mentions(english[key]), mentions(chinese[key]))
        for key in english
        if mentions(english[key]) - {"n"} != mentions(chinese[key]) - {"n"}
    }
    assert differ == {}


@pytest.mark.parametrize("area", AREAS)
def test_a_text_is_words_or_words_for_one_and_for_others(area: str) -> None:
    for language in LANGUAGES:
        for key, text in texts(area, language).items():
            assert isinstance(text, str) or list(text) == ["one", "other"], (language, key)
            assert all(isinstance(one, str) for one in wordings(text)), (language, key)


@pytest.mark.parametrize("area", AREAS)
def test_chinese_texts_are_chinese(area: str) -> None:
    """A text of nothing but values, signs and names of code reads the same in both languages."""
    english = texts(area, "en")
    foreign = {}
    for key, text in texts(area, "zh-CN").items():
        for one in wordings(text):
            bare = re.sub(r"`[^`]*`|\{[^}]*\}", "", one)
            if re.search("[A-Za-z]", bare) and not re.search("[\u4e00-\u9fff]", bare) and text == english[key]:
                foreign[key] = one
            if not re.search("[\u4e00-\u9fff]", bare) and re.search("[A-Za-z]{3,} [A-Za-z]{2,}", bare):
                foreign[key] = one
    assert foreign == {}


@pytest.mark.parametrize("area", AREAS)
def test_english_texts_hold_no_chinese(area: str) -> None:
    assert not [key for key, text in texts(area, "en").items() if re.search("[\u4e00-\u9fff]", "".join(wordings(text)))]


# The texts that the code asks for

PREFIX = {"said": "file.", "_fault": "file.", "_note": "", "_stop": "", "say": ""}


@cache
def asked() -> list[tuple[str, str, frozenset[str] | None]]:
    """Where a text is asked for, its key (a pattern, where it is put together) and the values given."""
    return [found for file in sorted(SOURCE.rglob("*.py")) for found in _asked_in(file)]


@cache
def _area_of_words(file: Path) -> str | None:
    """What a module's own `words` puts before a key, as its `say(f"….{key}")` shows."""
    if file.is_relative_to(SOURCE / "cli"):
        return "cli."
    found = re.search(r'def words\(.*?say\(f"([\w.-]+\.)\{key\}"', file.read_text(encoding="utf-8"), re.DOTALL)
    return found[1] if found else None


def _asked_in(file: Path) -> Iterator[tuple[str, str, frozenset[str] | None]]:
    where = file.relative_to(SOURCE).as_posix()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        given = frozenset(word.arg for word in node.keywords if word.arg)
        open_ended = any(word.arg is None for word in node.keywords)
        place = {"say": 0, "words": 0, "said": 1, "_note": 1, "_stop": 1, "_fault": 1, "unfit": 0}.get(name)
        if place is None or len(node.args) <= place:
            continue
        key = _pattern(node.args[place])
        if key is None:
            continue
        if name == "words":
            area = _area_of_words(file)
            if area is not None:
                yield f"{where}:{node.lineno}", area + key, None if open_ended else given
        elif name == "unfit":
            for end in ("", r"\.do"):
                yield f"{where}:{node.lineno}", f"file.model.{key}{end}", given | {"key"}
        elif name == "_fault" and where != "workspace/workspace.py":
            continue
        else:
            ends = [""] if name == "say" else ["", r"\.do"]
            for end in ends:
                yield f"{where}:{node.lineno}", PREFIX[name] + key + end, None if open_ended else given


def _pattern(node: ast.expr) -> str | None:
    """A key as a pattern: what is filled in may be any words."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"[\w.-]+" for part in node.values]  # type: ignore[arg-type]
        return "".join(parts)
    return None


ALL = {f"{area}.{key}" for area in AREAS for key in texts(area, "en")}


@cache
def texts_of(key: str) -> list[str]:
    """The texts that a key asks for: one, or those that a pattern matches."""
    plain = key.replace("\\", "")
    if re.escape(plain) == key:
        return [plain] if plain in ALL else []
    return [one for one in ALL if re.fullmatch(key, one)]


@pytest.mark.slow
def test_the_code_is_searched_as_it_is_written() -> None:
    assert len(asked()) > 150
    assert {where.split(":")[0] for where, _, _ in asked()} >= {
        "source/yaml/__init__.py",
        "model/checklist.py",
        "evaluate/states.py",
        "cli/frame.py",
    }


@pytest.mark.slow
def test_every_text_that_the_code_asks_for_is_there() -> None:
    assert [(where, key) for where, key, _ in asked() if not texts_of(key)] == []


@pytest.mark.slow
def test_every_text_is_given_the_values_that_it_speaks_of() -> None:
    lacking = [
        (where, one, mentions(template(one, "en")) - given)
        for where, key, given in asked()
        if given is not None and "[" not in key
        for one in texts_of(key)
        if mentions(template(one, "en")) - given
    ]
    assert lacking == []


# Into words


@pytest.mark.parametrize("words", ["{item}", "{", "}", "{{}}", "{0}", "%s", "{item.__class__}", "${HOME}", "\\n"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_wrote_is_never_read_as_a_template(words: str, language: str) -> None:
    assert words in render(say("rule.cause.not-applicable", by=words, reason="x"), language)
    inner = say("rule.cause.check", check="files", says=words)
    assert words in render(say("rule.flag.contradicted", item="a", by="b", causes=(inner,)), language)
    assert words in render(say("rule.cause.check", check="c", says={"en": words, "zh-CN": words}), language)


@given(st.text(), st.sampled_from(LANGUAGES))
def test_plain_words_are_only_cleaned(words: str, language: str) -> None:
    assert render(words, language) == clean(words)


@pytest.mark.parametrize(
    ("what", "english", "chinese"),
    [
        (State.NOT_MET, "not met", "未满足"),
        (Verdict.CONDITIONAL_GO, "conditional go", "有条件上线"),
        (Risk.HIGH, "high", "高"),
        (date(2026, 11, 2), "2026-11-02", "2026-11-02"),
        (datetime(2026, 11, 2, 9, 5, 7, tzinfo=UTC), "2026-11-02 09:05", "2026-11-02 09:05"),
        (["a", Risk.LOW], "a, low", "a、低"),
        ((), "", ""),
        (3, "3", "3"),
        (0.25, "0.25", "0.25"),
        (3.0, "3", "3"),
        ({"en": "plan", "zh-CN": "方案"}, "plan", "方案"),
        ({"zh-CN": "方案"}, "方案", "方案"),
        ({"en": "plan"}, "plan", "plan"),
    ],
)
def test_a_value_is_said_in_the_language(what: object, english: str, chinese: str) -> None:
    assert (render(what, "en"), render(what, "zh-CN")) == (english, chinese)


@pytest.mark.parametrize(("n", "expected"), [(1, "one item"), (0, "0 items"), (2, "2 items")])
def test_the_number_chooses_the_wording(n: int, expected: str) -> None:
    assert expected.split()[-1].rstrip("s") in render(say("rule.reason.go-with-open", n=n), "en").lower()
    assert render(say("rule.reason.go-with-open", n=n), "en").lower().startswith(expected)


def test_an_unknown_key_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        render(say("rule.no-such-text"), "en")
    with pytest.raises(KeyError):
        render(say("rule.cause.no", by="x"), "en")


def test_the_asked_language_comes_before_english() -> None:
    assert in_language({"zh-CN": "中", "en": "e"}, "zh-CN") == "中"


@pytest.mark.parametrize("kind", [State, Verdict, Risk])
def test_every_word_of_ours_has_a_name_in_both_languages(kind: Any) -> None:
    assert all(render(word, language) for word in kind for language in LANGUAGES)
