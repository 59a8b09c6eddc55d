"""Judge the sections and the front matter of a document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from orr.evidence.checks.document.demands import Demand, in_words
from orr.evidence.checks.document.judged import Asked, Judged, judge_newest
from orr.evidence.documents.facts import Facts
from orr.evidence.documents.headings import is_any, place_in
from orr.evidence.documents.outline import Heading
from orr.evidence.documents.substance import lacking, value_part
from orr.messages import Message, say
from orr.model.finding import Outcome


def judge_sections(judged: Judged, read: Facts, asked: Asked, today: date) -> None:
    """Judge whether the sections asked for are there and hold what they must."""
    lacking_: list[str] = []
    poor: dict[str, list[Message]] = {"hollow": [], "stubs": [], "pasted": [], "only-links": []}
    without: list[Message] = []
    holds_some = False
    for wanted in asked.sections:
        having = [heading for heading in read.sections if is_any(heading.text, wanted.name)]
        kinds = [_poverty(read, heading, asked.own_text) for heading in having]
        if not having:
            lacking_.append(wanted.title)
            judged.lacks.append(wanted.name)
            continue
        named = say("evidence.document.at-line", what=having[0].text, line=read.document.where(having[0].line))
        if (kind := kinds[0]) and all(kinds):
            poor[kind].append(named)
            judged.lacks.append(f"{kind}: {wanted.name}")
            continue
        parts = [read.part(heading) for heading in having]
        if lacks := [kind for kind in wanted.has if all(lacking(part, [kind]) for part in parts)]:
            without.append(say("evidence.document.section-without", section=named, kinds=in_words(lacks)))
            judged.lacks += [f"{kind}: {wanted.name}" for kind in lacks]
            holds_some |= len(lacks) < len(wanted.has)
        elif wanted.within is not None:
            judge_newest(judged, wanted, [day for part in parts for day in part.days], today)
    absent = [*lacking_, *(one for some in poor.values() for one in some), *without]
    count = len(asked.sections) - len(absent)
    figures = say("evidence.document.sections", n=count, of=len(asked.sections))
    judged.cells["sections"] = say("evidence.document.lacking", figures=figures, lacking=absent) if absent else figures
    outcome = Outcome.PARTIAL if count or holds_some else Outcome.NOT_MET
    if lacking_:
        judged.seen = [heading.text for heading in read.sections]
        judged.bad.append((outcome, say("evidence.document.no-sections", figures=figures, lacking=lacking_)))
    judged.bad += [(outcome, say(f"evidence.document.{kind}", sections=some)) for kind, some in poor.items() if some]
    judged.bad += [(outcome, one) for one in without]
    if not absent:
        judged.good.append(figures)


def _poverty(read: Facts, heading: Heading, own_text: bool) -> str:
    """What a section lacks: `hollow`, `stubs`, `pasted`, `only-links` or nothing."""
    end = read.document.end(heading)
    sorts = (
        ("hollow", read.document.content),
        ("stubs", [*read.substance, *read.pasted]),
        ("pasted", read.substance),
        ("only-links", read.own_text),
    )
    for kind, lines in sorts:
        if (own_text or kind != "only-links") and not any(heading.line < line < end for line in lines):
            return kind
    return ""


def judge_order(judged: Judged, read: Facts, order: Sequence[str]) -> None:
    """Of sections that are there, each comes before those named after it."""
    first = [next((one for one in read.sections if is_any(one.text, wanted)), None) for wanted in order]
    there = [
        ((one.line, place_in(one.text, wanted)), one.text, wanted.partition("|")[0])
        for one, wanted in zip(first, order, strict=True)
        if one is not None
    ]
    for before, after_it in pairwise(there):
        if before[0] > after_it[0]:
            in_one = before[0][0] == after_it[0][0]  # a heading such as "Diagnosis and mitigation"
            shown = [
                say("evidence.document.at-line", what=name if in_one else text, line=read.document.where(line))
                for (line, _), text, name in (after_it, before)
            ]
            judged.bad.append((Outcome.NOT_MET, say("evidence.document.out-of-order", first=shown[0], second=shown[1])))
            judged.lacks.append("order")
            return


def judge_keys(judged: Judged, read: Facts, keys: Sequence[Demand], today: date) -> None:
    """Judge whether the keys asked for are there and hold what they must."""
    values = {key: read.document.front.value(key.name.split("|")) for key in keys}
    lacks = {
        key.title: key.has if value is None else lacking(value_part(value[1]), key.has) for key, value in values.items()
    }
    absent = [key.title for key, value in values.items() if value is None]
    without = [
        say("evidence.document.section-without", section=key, kinds=in_words(kinds))
        for key, kinds in lacks.items()
        if kinds and key not in absent
    ]
    count = len(keys) - len(absent) - len(without)
    figures = say("evidence.document.keys", n=count, of=len(keys))
    judged.cells["front"] = figures
    judged.lacks += absent + [key for key, kinds in lacks.items() if kinds and key not in absent]
    outcome = Outcome.PARTIAL if count else Outcome.NOT_MET
    if absent or without:
        judged.cells["front"] = say("evidence.document.lacking", figures=figures, lacking=[*absent, *without])
    else:
        judged.good.append(figures)
    if absent and read.document.front.fault is not None:
        judged.bad.append((Outcome.UNKNOWN, read.document.front.fault))
    elif absent:
        judged.bad.append((outcome, say("evidence.document.no-keys", lacking=absent)))
    judged.bad += [(outcome, one) for one in without]
    for key, value in values.items():
        if value is not None and not lacks[key.title] and key.within is not None:
            judge_newest(judged, key, value_part(value[1]).days, today)
