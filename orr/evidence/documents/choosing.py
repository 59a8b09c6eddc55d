"""Choose the documents that a check judges, out of all that match."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from orr.evidence.context import Context
from orr.evidence.documents.facts import facts_of
from orr.evidence.documents.outline import Document
from orr.evidence.documents.pages import is_beside, is_of_an_alert, kind_of
from orr.evidence.documents.retired import retired
from orr.evidence.errors import Undetermined
from orr.evidence.repository.globs import read_pattern
from orr.evidence.repository.tree import Found


@dataclass(frozen=True, slots=True)
class Choice:
    """Documents to judge.

    Attributes
    ----------
    found
        They themselves.
    among
        Whether they were found among others, by a pattern with a wildcard in its last part.
    alerts
        Pages of single alerts that were left out.
    """

    found: Found
    among: bool = False
    alerts: tuple[str, ...] = ()


def choose(context: Context, patterns: Sequence[str], alert_pages: bool = True) -> Choice:
    """Choose the files of the first pattern that matches documents with content.

    Empty files, and pages beside documents, do not count.

    Parameters
    ----------
    context, patterns
        Where to look for what.
    alert_pages
        Whether pages of single alerts count.
    """
    searched = [(text, context.find(text)) for text in patterns]
    alerts: dict[str, None] = {}
    choices = []
    for text, found in searched:
        if not alert_pages:
            left_out = [path for path in found.files if _is(context, path, is_of_an_alert)]
            alerts |= dict.fromkeys(left_out)
            found = Found(tuple(path for path in found.files if path not in alerts), found.refused, found.aside)
        if found.files or found.refused:
            choices.append(_among(context, found) if _has_wildcard(text) else Choice(found))
    filled = (
        one for one in choices if one.found.refused or any(_counts(context, path, one) for path in one.found.files)
    )
    chosen = next(filled, choices[0] if choices else None)
    if chosen is not None:
        return chosen
    passed = dict.fromkeys(path for _, found in searched for path in found.aside)
    return Choice(Found((), {}, tuple(passed)), alerts=tuple(alerts))


def _has_wildcard(pattern: str) -> bool:
    return any(sign in read_pattern(pattern).segments[-1] for sign in "*?[")


def _among(context: Context, found: Found) -> Choice:
    """Documents without side pages and retired ones, as far as others remain."""
    own = tuple(path for path in found.files if not is_beside(path))
    in_use = tuple(path for path in own if not _is(context, path, _is_none_of_them))
    return Choice(Found(in_use or own or found.files, found.refused), among=True)


def _is_none_of_them(document: Document) -> bool:
    return retired(document) is not None or kind_of(document) != ""


def _counts(context: Context, path: str, choice: Choice) -> bool:
    """Whether a document is more than empty, and none of the pages beside others."""
    try:
        facts = facts_of(context, path)
    except Undetermined:
        return True
    return bool(facts.substance) and not (choice.among and kind_of(facts.document))


def _is(context: Context, path: str, what: Callable[[Document], bool]) -> bool:
    try:
        return what(facts_of(context, path).document)
    except Undetermined:
        return False
