"""Read incidents from CSV, JSON and YAML."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from orr.evidence.checks.incidents.build import follow_up_of, incident_of
from orr.evidence.checks.incidents.incident import FollowUp, Incident
from orr.evidence.checks.incidents.names import SPANS, TIMES, cell, knows, parts_of
from orr.evidence.checks.incidents.tools import is_cut, no_incident
from orr.evidence.documents.json_text import parse_json
from orr.evidence.documents.yamlstream import read_stream
from orr.evidence.errors import Undetermined
from orr.messages import Message, say

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_HEAD = 100_000
_DIVIDERS = ",;\t"
_DATED = TIMES | SPANS | {"day"}
_WRAPPERS = ("incidents", "data", "items", "results", "records")


@dataclass
class Records:
    """What one file holds.

    Attributes
    ----------
    incidents, follow_ups
        What is recorded; follow-ups with the name of their incident.
    faults
        What of it is not there or cannot be read.
    none
        Why it is no record of incidents at all: `feed` or `status`.
    """

    incidents: list[Incident] = field(default_factory=list)
    follow_ups: list[tuple[str, FollowUp]] = field(default_factory=list)
    faults: list[Message] = field(default_factory=list)
    none: str = ""


def head_of(text: str) -> tuple[list[str], str] | None:
    """Header and delimiter of a CSV of incidents or follow-ups; None for others."""
    first = next((line for line in text[:MAX_HEAD].split("\n") if line.strip()), "")
    for divider in _DIVIDERS:
        try:
            names = [name.strip() for name in next(csv.reader([first], delimiter=divider), [])]
        except csv.Error:
            return None
        parts = {knows(name) for name in names}
        actions = {knows(name, actions=True) for name in names}
        if len(names) > 1 and (parts & _DATED or {"what", "due"} <= actions):
            return names, divider
    return None


def read_csv(text: str, path: str, timezone: tzinfo) -> Records:
    """Read a CSV file.

    Raises
    ------
    Undetermined
        If its columns are not known, rows do not fit them, or it is over the bounds.
    """
    head = head_of(text)
    if head is None:
        raise Undetermined(say("incidents.no-columns", path=path))
    names, divider = head
    if len(names) > MAX_COLUMNS:
        raise Undetermined(say("incidents.too-many-columns", path=path, limit=MAX_COLUMNS))
    records = Records()
    # Without a column for its end, an incident may be over.
    no_end = not {knows(name) for name in names} & {"recovered", "to_recover"}
    of_actions = not {knows(name) for name in names} & (TIMES | SPANS) and {"what", "due"} <= {
        knows(name, actions=True) for name in names
    }
    for number, (line, row) in enumerate(_rows(text, path, divider)):
        if number >= MAX_ROWS:
            raise Undetermined(say("incidents.too-many-rows", path=path, limit=MAX_ROWS))
        if len(row) > len(names):
            raise Undetermined(say("incidents.row", path=path, line=line, n=len(row), columns=len(names)))
        record = dict(zip(names, row, strict=False))
        if of_actions:
            parts = parts_of(record, actions=True)
            owner = cell(parts["incident"][1]) if "incident" in parts else ""
            records.follow_ups.append((owner, follow_up_of(record, path, line, timezone)))
        else:
            records.incidents.append(incident_of(record, path, line, timezone))
            records.incidents[-1].over |= no_end
    return records


def _rows(text: str, path: str, divider: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), delimiter=divider, strict=True)
    headed = False
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:  # also a cell over the limit of the csv module
            raise Undetermined(say("incidents.broken-row", path=path, line=line, why=str(error))) from None
        if any(value.strip() for value in row):
            if headed:
                yield line, row
            headed = True
        line = reader.line_num + 1


def read_json(text: str, path: str, timezone: tzinfo) -> Records:
    """Read incidents from JSON: a list, an object around one, or a single incident.

    Raises
    ------
    Undetermined
        If it is not JSON, or holds something else.
    """
    return _records_of(parse_json(text, path), path, timezone)


def read_yaml(text: str, path: str, timezone: tzinfo) -> Records:
    """Read a YAML file, of whose documents each is as a file of JSON.

    Raises
    ------
    Undetermined
        If it is not YAML, or holds something else.
    """
    documents = [one.data for one in read_stream(text, path)]
    whole = documents[0] if len(documents) == 1 else [one for data in documents for one in _listed(data)]
    return _records_of(whole, path, timezone)


def _listed(data: Any) -> list[Any]:
    wrapped = (
        next((data[key] for key in _WRAPPERS if isinstance(data.get(key), list)), None)
        if isinstance(data, dict)
        else data
    )
    return wrapped if isinstance(wrapped, list) else [data]


def _records_of(data: Any, path: str, timezone: tzinfo) -> Records:
    records = Records(none=no_incident(data))
    if records.none:
        return records
    listed = _listed(data)
    if isinstance(data, dict) and listed != [data] and is_cut(data):
        records.faults.append(say("incidents.pages", path=path))
    if not isinstance(data, (dict, list)) or len(listed) > MAX_ROWS:
        raise Undetermined(say("incidents.no-list", path=path, limit=MAX_ROWS))
    for number, one in enumerate(listed):
        record = _flat(one) if isinstance(one, dict) else {}
        if not set(parts_of(record)) & _DATED:
            raise Undetermined(say("incidents.no-incident", path=path, place=f"[{number}]"))
        made = incident_of(record, path, 0, timezone, f"[{number}]")
        made.path = f"{path}[{number}]" if len(listed) > 1 else path
        records.incidents.append(made)
    return records


def _flat(one: dict[str, Any]) -> dict[str, Any]:
    """Names instead of objects that only carry one, such as `{"severity": {"name": "SEV1"}}`."""
    return {
        key: next((value[name] for name in ("name", "summary") if isinstance(value.get(name), str)), value)
        if isinstance(value, dict)
        else value
        for key, value in one.items()
    }
