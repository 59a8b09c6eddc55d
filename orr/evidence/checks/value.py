"""Check `value`: compare a value in YAML, JSON or TOML files with a bound."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from orr.evaluate.states import severity_of
from orr.evidence.checks.contents.listing import rows
from orr.evidence.context import Context
from orr.evidence.documents.formats import naming_others
from orr.evidence.documents.frontmatter import read_toml
from orr.evidence.documents.json_text import parse_json
from orr.evidence.documents.yamlstream import MAX_FILES, MAX_TOTAL, streams
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.parameters import Expects, Globs
from orr.evidence.kinds.traits import Refusal, check
from orr.evidence.live.bounds import Bound, Judged, Number, Plain, bound_faults
from orr.evidence.live.query import expression_fault, search
from orr.evidence.sentences import in_short, nothing_matches
from orr.evidence.subjects.reading import subjects_of_files
from orr.messages import Message, Said, say
from orr.model.content import Content
from orr.model.fields import Days, Text
from orr.model.finding import Finding, Outcome

About = Annotated[Text, Expects(say("evidence.expects.text"))]


def _verify(given: Mapping[str, Any]) -> Iterator[Refusal]:
    for key in ("value", "where"):
        wrong = expression_fault(given[key]) if given.get(key) is not None else None
        if wrong is not None:
            yield key, wrong, say("act.value.expression.do")
    yield from bound_faults(given)


@check(verify=_verify, day="until", ages=("younger_than",), movable=("path",), fixed_by=("none",))
def value(
    context: Context,
    path: Globs,
    value: str,
    where: str | None = None,
    about: About | None = None,
    equals: Plain | None = None,
    at_least: Number | None = None,
    at_most: Number | None = None,
    all_in: list[Plain] | None = None,
    none: bool = False,
    younger_than: Days | None = None,
) -> Finding:
    """Hold a value in YAML, JSON or TOML against a bound, in every file that matches."""
    found = context.find(path)
    for one, why in sorted(found.refused.items()):
        raise Undetermined(say("evidence.ground.refused", path=one, why=why))
    if not found.files:
        return nothing_matches("evidence.files.none", path, found)
    documents = [one for one in _documents(context, found.files) if where is None or _is_meant(where, *one)]
    if not documents:
        key = "evidence.value.nowhere" if about is None else "evidence.value.unshown"
        says = say(key, where=about or where, patterns=in_short(path))
        return Finding("", Outcome.NOT_MET, says, nothing=True)
    values = [(place, search(value, data, place)) for place, data in documents]
    absent = [place for place, one in values if one is None]
    if len(absent) == len(values):
        says = say("evidence.value.absent", value=about or value, places=in_short(absent))
        return Finding("", Outcome.NOT_MET, says, nothing=True)
    bound = Bound(equals, at_least, at_most, all_in, none, younger_than)
    judged = [
        (place, _absent() if one is None else bound.judge(one, context.today, context.timezone))
        for place, one in values
    ]
    return _finding(value, about or value, judged, values, subjects=subjects_of_files(context, found.files))


def _absent() -> Judged:
    return Judged(Outcome.NOT_MET, say("evidence.value.not-there"))


def _finding(
    value: str, name: Said, judged: Sequence[tuple[str, Judged]], values: Sequence[tuple[str, Any]], **more: Any
) -> Finding:
    worst = max((one.outcome for _, one in judged), key=severity_of)
    told = [(place, one) for place, one in judged if one.outcome is worst]
    place, first = told[0]
    says = say("evidence.value.said", place=place, value=name, says=first.says)
    if len(told) > 1:
        says = say("evidence.value.more", says=says, n=len(told) - 1)
    ends = [one.holds_until for _, one in judged if one.holds_until is not None]
    listed: list[tuple[str, Said]] = [(place, one.says) for place, one in judged]
    return Finding(
        "",
        worst,
        says,
        min(ends, default=None) if worst is Outcome.MET else None,
        table=rows(listed),
        content=tuple(Content.of(f"{place}: {value}", _text(one)) for place, one in values),
        **more,
    )


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _is_meant(where: str, place: str, data: Any) -> bool:
    found = search(where, data, place)
    if not isinstance(found, bool | None):
        raise Undetermined(say("evidence.value.where", where=where, place=place))
    return bool(found)


def _documents(context: Context, paths: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Documents of all files, each with its position.

    `Undetermined` is raised for what cannot be read.
    """
    other = {path: _READERS[ending] for path in paths if (ending := _ending(path)) in _READERS}
    if len(paths) > MAX_FILES:
        raise Undetermined(say("yamlstream.too-many-files", count=len(paths), limit=MAX_FILES))
    total = 0
    for path, (name, read) in other.items():
        with naming_others(context, path, (name,), by_keys=False):
            text = context.text(path)
            total += len(text)
            if total > MAX_TOTAL:
                raise Undetermined(say("yamlstream.too-much", path=path, limit=MAX_TOTAL))
            yield path, context.cached(("value", path), partial(read, text, path))
    for path, documents in streams(context, tuple(path for path in paths if path not in other)):
        if not isinstance(documents, list):
            raise documents
        for one in documents:
            if not isinstance(one.data, (dict, list)):  # as of anything that is no YAML, and happens to be a text
                with naming_others(context, path, ("YAML",), by_keys=False):
                    raise Undetermined(say("evidence.value.no-data", path=path))
            yield path if len(documents) == 1 else f"{path}:{one.first + 1}", one.data


def _ending(path: str) -> str:
    return path.rpartition(".")[2].lower()


def _json(text: str, path: str) -> Any:
    return parse_json(text, path, strict=True)


def _toml(text: str, path: str) -> Any:
    try:
        data = read_toml(text)
    except (ValueError, RecursionError) as error:
        why: Message = say("evidence.value.toml", path=path, why=str(error).split("\n")[0])
        raise Undetermined(why) from None
    return _json(json.dumps(data, default=str), path)  # days and times as texts, as in the other formats


_READERS = {"json": ("JSON", _json), "toml": ("TOML", _toml)}
"""By the end of a file's name; all other files are read as YAML."""
