"""Detect the format of a result file by its content."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from typing import Any, Literal, NamedTuple

from orr.evidence.checks.results.asff import is_asff, read_asff
from orr.evidence.checks.results.checkov import is_checkov, read_checkov
from orr.evidence.checks.results.conftest import is_conftest, read_conftest
from orr.evidence.checks.results.great_expectations import is_validation, read_validation
from orr.evidence.checks.results.inspec import is_inspec, read_inspec
from orr.evidence.checks.results.junit import read_junit
from orr.evidence.checks.results.model import Report, named
from orr.evidence.checks.results.ocsf import is_ocsf, read_ocsf
from orr.evidence.checks.results.oscal import is_oscal, read_oscal
from orr.evidence.checks.results.sarif import is_sarif, read_sarif
from orr.evidence.checks.results.scorecard import is_scorecard, read_scorecard
from orr.evidence.checks.results.shape import MAX_LISTED, Misshapen, TooMany
from orr.evidence.context import Context
from orr.evidence.documents.formats import naming_others
from orr.evidence.documents.json_text import parse_json
from orr.evidence.errors import Undetermined
from orr.messages import say
from orr.model.content import canonical

MAX_BYTES = 20_000_000

Name = Literal[
    "junit",
    "sarif",
    "ocsf",
    "asff",
    "inspec",
    "checkov",
    "conftest",
    "scorecard",
    "great-expectations",
    "oscal",
]

TITLES: dict[str, str] = {
    "junit": "JUnit",
    "sarif": "SARIF",
    "ocsf": "OCSF",
    "asff": "ASFF",
    "inspec": "InSpec/HDF",
    "checkov": "Checkov",
    "conftest": "Conftest",
    "scorecard": "OpenSSF Scorecard",
    "great-expectations": "Great Expectations",
    "oscal": "OSCAL",
}


class _Format(NamedTuple):
    recognises: Callable[[Any], bool]
    read: Callable[[Any, tzinfo], Report]


_LISTS: tuple[Name, ...] = ("asff", "ocsf", "conftest", "checkov")
"""Formats that are a list, so that a run without any finding writes an empty one."""

_FORMATS = (
    _Format(is_sarif, read_sarif),
    _Format(is_oscal, read_oscal),
    _Format(is_inspec, read_inspec),
    _Format(is_ocsf, read_ocsf),
    _Format(is_asff, read_asff),
    _Format(is_checkov, read_checkov),
    _Format(is_conftest, read_conftest),
    _Format(is_validation, read_validation),
)


def read_report(context: Context, path: str, least: int, formats: Sequence[str] = ()) -> Report:
    """Read a result file into the common form.

    Parameters
    ----------
    context
        The check's.
    path
        Relative to the repository.
    least
        From which score a check of Scorecard counts as passed.
    formats
        Of which format an empty list is, where one of them is a list.

    Raises
    ------
    Undetermined
        If it cannot be read, has no format that is known, or is not as its format asks.
    """
    of_list = next((name for name in _LISTS if name in formats), None)
    with naming_others(context, path, list(TITLES.values())):
        return context.cached(("results", path, least, of_list), lambda: _read(context, path, least, of_list))


def content_of(raw: bytes, path: str) -> str | None:
    """What a result file names, whichever run wrote it; None where it is no result file."""
    if len(raw) > MAX_BYTES:
        return None
    try:
        report = _report(raw, lambda: raw.decode("utf-8-sig"), path, UTC, 10, None)
    except Exception:  # whatever it is, it is then bound byte by byte
        return None
    return canonical([report.format, report.is_bare, len(report.trouble), named(report.results)])


def _read(context: Context, path: str, least: int, of_list: Name | None) -> Report:
    raw = context.read(path, MAX_BYTES)
    return _report(raw, lambda: context.text(path, MAX_BYTES), path, context.timezone, least, of_list)


def _report(
    raw: bytes, decoded: Callable[[], str], path: str, timezone: tzinfo, least: int, of_list: Name | None
) -> Report:
    if not raw.strip():
        raise Undetermined(say("results.empty-file", path=path))
    if _is_xml(raw):
        return read_junit(raw, path, timezone)
    text = decoded()
    if text.lstrip()[:1] not in ("{", "["):
        raise Undetermined(say("results.not-recognised", path=path, formats=list(TITLES.values())))
    data = parse_json(text, path)
    try:
        if is_scorecard(data):
            return read_scorecard(data, timezone, least)
        for one in _FORMATS:
            if one.recognises(data):
                return one.read(data, timezone)
    except Misshapen as misshapen:
        raise Undetermined(say("results.misshapen", path=path, where=str(misshapen))) from None
    except TooMany as at:
        raise Undetermined(say("results.too-many", path=path, where=str(at), limit=MAX_LISTED)) from None
    if data == []:
        if of_list is None:
            raise Undetermined(say("results.empty-list", path=path, formats=list(_LISTS)))
        return Report(of_list, "", ())
    raise Undetermined(say("results.not-recognised", path=path, formats=list(TITLES.values())))


def _is_xml(raw: bytes) -> bool:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return b"<" in raw[2:4]
    return raw.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<"
