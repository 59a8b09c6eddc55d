"""What is signed: the bytes that say who votes or approves what.

One JSON object: keys in order, no spaces between its signs, letters as they are in UTF-8, and a newline at the end.
`docs/formats.md` describes its keys.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from orr.model.base import Record, plain

FORMAT = "orr.statement/1"

UNSIGNED = {"signature", "revoked_on", "challenged", "closed_by", "closed_on"}
"""Keys that an approval does not speak of: itself, and that it was withdrawn, doubted or closed later."""


class Kind(StrEnum):
    """What a statement says."""

    VOTE = "vote"
    WAIVER = "waiver"
    LEAVE_OUT = "leave_out"
    TIER_EXCEPTION = "tier_exception"
    NOT_APPLICABLE = "not_applicable"
    CHALLENGE_LIFTED = "challenge_lifted"
    EMERGENCY = "emergency"


class Holder(NamedTuple):
    """Whose file a thing stands in: `workload`, `team` or `organization`, and its name."""

    scope: str
    name: str


class Statement(NamedTuple):
    """What somebody says.

    Attributes
    ----------
    kind
        What it is about.
    holder
        Whose file it stands in.
    name
        A role, a waiver, a checklist or an item; empty for the exception of a tier.
    by
        Who says it.
    told
        The further keys.
    """

    kind: Kind
    holder: Holder
    name: str
    by: str
    told: Mapping[str, Any]

    @property
    def content(self) -> bytes:
        """The bytes to sign."""
        keys = {"statement": FORMAT, "kind": self.kind.value, self.holder.scope: self.holder.name, "by": self.by}
        text = json.dumps({**self.told, **keys}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return f"{text}\n".encode("utf-8", "surrogatepass")

    def seal(self, signature: str) -> str:
        """A short name of the statement together with one signature: SHA-256 in hex."""
        return hashlib.sha256(self.content + signature.strip().encode("utf-8", "replace")).hexdigest()


def vote(holder: Holder, role: str, by: str, given: str, on: date, digest: str) -> Statement:
    """That a role votes on an assessment."""
    digest = "sha256:" + digest.removeprefix("sha256:").lower()
    return Statement(Kind.VOTE, holder, role, by, {"role": role, "vote": given, "on": on.isoformat(), "digest": digest})


def approval(
    kind: Kind, holder: Holder, name: str, by: str, what: Record, on: date | None, until: date | None
) -> Statement:
    """That somebody approves what stands in a file, all of it.

    Parameters
    ----------
    what
        With the approval in it, as far as the file says so.
    on, until
        Its first and its last day, where it has one.
    """
    days = {"on": plain(on), "expires": plain(until)}
    told = {"name": name, "approves": what.as_data(without=UNSIGNED)}
    return Statement(kind, holder, name, by, told | {key: day for key, day in days.items() if day is not None})
