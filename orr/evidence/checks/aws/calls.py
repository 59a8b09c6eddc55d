"""Call one AWS operation and merge its pages into plain data."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from orr.evidence.checks.aws.causes import cause_of, code_of
from orr.evidence.checks.aws.reads import only_reads
from orr.evidence.checks.aws.recipes import Step
from orr.evidence.checks.aws.session import Asker
from orr.evidence.errors import Undetermined
from orr.messages import say

MAX_PAGES = 50
MAX_ENTRIES = 10_000
# Where one answer says that more follow, and how the next call asks for them, where
# botocore has no paginator for the operation.
TOKENS = (
    ("NextToken", "NextToken"), ("nextToken", "nextToken"), ("NextPageToken", "PageToken"),
    ("PaginationToken", "PaginationToken"), ("NextMarker", "Marker"), ("Marker", "Marker"),
)  # fmt: skip
_MORE = ("IsTruncated", "HasMoreDeliveryStreams", "HasMoreItems", "Truncated")


@dataclass(frozen=True)
class Answer:
    """Answer of an AWS operation.

    Attributes
    ----------
    data
        All pages, their lists one after the other.
    cut
        Whether there is more that was not read.
    absent
        Whether AWS says that what was asked for is not there.
    """

    data: dict[str, Any]
    cut: bool = False
    absent: bool = False


def ask(asker: Asker, region: str, step: Step, parameters: Mapping[str, Any], deadline: float) -> Answer:
    """Call an operation, once in a run for the same parameters.

    Raises
    ------
    Undetermined
        If it may not be called, there is no such operation, AWS refuses, or time is up.
    """
    if time.monotonic() > deadline:
        raise Undetermined(say("aws.late"))
    asked = json.dumps(parameters, sort_keys=True, default=str)
    of_step = (step.service, step.operation, asked, step.pages, step.absent, step.csv)
    key = ("aws", "answer", asker.role, asker.wanted, region, *of_step)
    return asker.context.cached(key, lambda: _ask(asker, region, step, parameters, deadline))


def _ask(asker: Asker, region: str, step: Step, parameters: Mapping[str, Any], deadline: float) -> Answer:
    if not only_reads(step.operation):
        raise Undetermined(say("aws.writes", operation=step.operation))
    client = asker.client(step.service, region)
    method = next((name for name, api in client.meta.method_to_api_mapping.items() if api == step.operation), None)
    if method is None:
        raise Undetermined(say("aws.no-operation", service=step.service, operation=step.operation))
    model = client.meta.service_model.operation_model(step.operation)
    if model.has_streaming_output or model.has_event_stream_output:
        raise Undetermined(say("aws.writes", operation=step.operation))
    whole: dict[str, Any] = {}
    try:
        for number, page in enumerate(_pages(client, method, model, parameters), 1):
            # Only a page that arrives tells for certain that there was one more.
            if number > MAX_PAGES or _entries(whole) > MAX_ENTRIES or time.monotonic() > deadline:
                return Answer(whole, cut=True)
            _join(whole, _plain(page if step.csv is None else _with_table(page, step.csv)))
            if number == step.pages:
                return Answer(whole)
    except Exception as error:
        if code_of(error) in step.absent:
            return Answer({}, absent=True)
        raise Undetermined(cause_of(error, step.service, step.operation)) from error
    return Answer(whole, any(whole.get(name) is True for name in _MORE if not _paginated(client, method)))


def _paginated(client: Any, method: str) -> bool:
    return bool(client.can_paginate(method))


def _pages(client: Any, method: str, model: Any, parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if client.can_paginate(method):
        yield from client.get_paginator(method).paginate(**parameters)
        return
    call = getattr(client, method)
    takes = model.input_shape.members if model.input_shape is not None else {}
    given = dict(parameters)
    while True:
        page = call(**given)
        yield page
        following = next(((theirs, page[ours]) for ours, theirs in TOKENS if theirs in takes and page.get(ours)), None)
        if following is None or given.get(following[0]) == following[1]:
            return
        given[following[0]] = following[1]


def _with_table(page: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A page whose bytes of that name are a table of comma-separated values, read as rows."""
    text = bytes(page.get(name) or b"").decode("utf-8", "replace")
    return {**page, name: list(csv.DictReader(text.splitlines()))}


def _join(whole: dict[str, Any], page: Mapping[str, Any]) -> None:
    for name, value in page.items():
        if isinstance(value, list) and isinstance(whole.get(name), list):
            whole[name] += value
        elif isinstance(value, dict) and isinstance(whole.get(name), dict):
            _join(whole[name], value)
        else:
            whole[name] = value


def _entries(data: Mapping[str, Any]) -> int:
    return sum(
        len(value) if isinstance(value, list) else _entries(value) if isinstance(value, dict) else 0
        for value in data.values()
    )


def _plain(value: Any) -> Any:
    """An answer as JSON has it: dates in ISO 8601, no bytes."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return ""
