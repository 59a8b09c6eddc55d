"""Read attestations in HDF: a person's word beside a control.

As MITRE's SAF and Heimdall write them
(https://github.com/mitre/heimdall2/blob/master/libs/hdf-converters/src/utils/attestations.ts): the word
holds for its `frequency` from the day `updated`, and stands among the results as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta, tzinfo
from typing import Any, NamedTuple

from orr.evidence.checks.results.model import Attestation, Status, brief, day_of
from orr.evidence.checks.results.shape import mapping, word

_WORDS = {
    "annually": (12, 0), "semiannually": (6, 0), "quarterly": (3, 0), "monthly": (1, 0), "every2weeks": (0, 14),
    "fortnightly": (0, 14), "weekly": (0, 7), "every3days": (0, 3), "daily": (0, 1),
}  # fmt: skip
"""Months and days by word."""
_PERIOD = re.compile(r"([0-9]{1,4})\s*(d|w|m|y|days?|weeks?|months?|years?)")
_UNITS = {"d": (0, 1), "w": (0, 7), "m": (1, 0), "y": (12, 0)}
_STATUSES = {"passed": Status.PASSED, "failed": Status.FAILED}
_LINE = re.compile(r"^(status|updated|updated by|frequency): (.*)$", re.IGNORECASE | re.MULTILINE)


class Attested(NamedTuple):
    """Status of a control by a person's word."""

    status: Status
    attestation: Attestation


def is_attested(line: Mapping[str, Any]) -> bool:
    """Whether a result of a control is an attestation."""
    return "through attestation" in word(line.get("code_desc"))


def attested(data: object, lines: list[dict[str, Any]], at: str, timezone: tzinfo) -> Attested | None:
    """Read the attestation of a control.

    Parameters
    ----------
    data
        The control's `attestation_data`.
    lines
        Its results that are a person's word; where there is no data, the last one's message says the same.
    at
        Where it stands, for what is of another shape.
    timezone
        Where a day ends.

    Returns
    -------
    Attested or None
        The word; None where nobody gave one.
    """
    said = dict(mapping(data, f"{at}.attestation_data"))
    if not said and lines:
        message = str(lines[-1].get("message", ""))
        said = {found[1].casefold().replace(" ", "_"): found[2].strip() for found in _LINE.finditer(message)}
    if not said and not lines:
        return None
    since = day_of(said.get("updated"), timezone)
    until = _until(since, word(said.get("frequency"))) if since else None
    status = _STATUSES.get(word(said.get("status")), Status.INCONCLUSIVE)
    return Attested(status, Attestation(brief(said.get("updated_by"), "?"), since, until))


def _until(since: date, frequency: str) -> date | None:
    """Last whole day of a period from a day."""
    period = _PERIOD.fullmatch(frequency)
    if period is not None:
        months, days = (int(period[1]) * each for each in _UNITS[period[2][0]])
    elif frequency in _WORDS:
        months, days = _WORDS[frequency]
    else:
        return None
    try:
        year, month = divmod(since.month - 1 + months, 12)
        first = date(since.year + year, month + 1, 1)
        following = (first + timedelta(days=31)).replace(day=1)
        end = min(first + timedelta(days=since.day - 1), following - timedelta(days=1))
        return end + timedelta(days=days - 1)
    except (ValueError, OverflowError):
        return None
