"""Make a question of a Markdown entry's words, with its person and risk."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orr.formats.questions import Question
from orr.messages import LANGUAGES, render, say
from orr.messages.cleaning import one_line
from orr.source.faults import Place

_PERSON = re.compile(r"(?<![\w/@.`])@(?P<name>[A-Za-z0-9](?:[\w.-]{0,37}\w)?)\b")
# As `orr export markdown` writes it.
_OURS = re.compile(
    r"(?P<ask>.*?)\s*\(`?(?P<list>[a-z0-9-]+)/(?P<name>[\w.-]+)`?(?P<facts>(?:[,、] [^,、()]+)*)\)", re.DOTALL
)
# “(P1)” before or behind a question, and “P1:” before it.
_RATING = re.compile(
    r"[(\[（【](?P<risk>[PS][0-5]|high|medium|low|[高中低])(?: risk| priority|风险|优先级)?[)\]）】]"
    r"|^(?P<first>P[0-5])[:：]\s",
    re.IGNORECASE,
)


def worded(place: Place, words: str, links: Sequence[str], *, section: str, parent: str) -> tuple[Question, str]:
    """Make a question of words.

    Parameters
    ----------
    place, words, links
        The entry.
    section, parent
        The title of its section, and the words of the entry above it.

    Returns
    -------
    tuple
        The question, and the checklist that an entry of ours names; else an empty text.
    """
    words = " ".join(words.split())
    if ours := _OURS.fullmatch(words):
        risk, blocking = _facts(ours["facts"])
        question = Question(
            place=place, ask=ours["ask"], section_title=section, name=ours["name"], risk=risk,
            blocking=blocking, places={"blocking": place}, links=tuple(links),
        )  # fmt: skip
        return question, ours["list"]
    person = found["name"] if (found := _PERSON.search(words)) else ""
    whole = bare(_PERSON.sub("", words))
    rated = _RATING.search(whole)
    if rated is not None and (not whole[: rated.start()] or not whole[rated.end() :]):
        risk, words = rated["risk"] or rated["first"], bare(_RATING.sub("", whole))
    else:
        risk, words = "", whole
    question = Question(
        place=place, ask=one_line(under(words, parent)), also=(one_line(words), one_line(whole)),
        person=person, risk=risk, links=tuple(links), section_title=section,
    )  # fmt: skip
    return question, ""


def under(words: str, parent: str) -> str:
    """The words of a nested entry, behind those of the entry above it."""
    above = parent.rstrip(" .:：。")
    return f"{above}{' ' if above.endswith(('?', '？')) else ': '}{words}" if above else words


def bare(words: str) -> str:
    """Words without marks around them."""
    return " ".join(words.split()).strip(" -–—*_").rstrip(" :：*_")


def _facts(words: str) -> tuple[str, str]:
    """The risk, and whether it blocks, as they are written behind an item's name."""
    facts = re.split(r"[,、] ?", words)
    known = {
        render(say(f"exchange.list.risk.{risk}"), language): risk
        for risk in ("high", "medium", "low")
        for language in LANGUAGES
    }
    blocks = any(render(say("exchange.list.blocking"), language) in facts for language in LANGUAGES)
    return next((known[one] for one in facts if one in known), ""), "yes" if blocks else "no"
