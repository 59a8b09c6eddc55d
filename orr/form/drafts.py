"""Convert between the form's controls and the answers of a review.

A draft may be half done: what is complete is saved, what is lacking is told field by field,
and what was saved before stays until its replacement is complete.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from orr.messages import Message, say
from orr.model.base import Record
from orr.model.release import Release
from orr.model.review import Answer, EvidenceEntry, Plan, Reply
from orr.model.validation import ValidationError, read
from orr.source.faults import name_fault


class Lack(NamedTuple):
    """A field of a draft that keeps some of it from being saved, and why."""

    field: str
    says: Message


def version_of(record: Record | str | None) -> str:
    """Short digest of a saved state that a change is based on."""
    if record is None:
        return ""
    data = record if isinstance(record, str) else record.as_data()
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]


def draft_of(answer: Answer | None) -> dict[str, Any]:
    """What the controls show for an answer."""
    if answer is None:
        return {}
    draft = answer.as_data()
    draft["evidence"] = [
        {**{key: value for key, value in entry.items() if key not in ("path", "url")}, "where": _where(entry)}
        for entry in draft.get("evidence", ())
    ]
    if not draft["evidence"]:
        del draft["evidence"]
    return draft


def _where(entry: Mapping[str, Any]) -> str:
    return str(entry.get("path") or entry.get("url") or "")


def answer_of(
    draft: Mapping[str, Any], before: Answer | None, by: str, on: date | datetime, release: Release | None = None
) -> tuple[Answer | None, list[Lack]]:
    """Read a draft.

    Parameters
    ----------
    draft
        `answer`, `note`, `reason`, `evidence`, `plan` as the controls hold them; `confirm`
        gives the same answer anew, as of now.
    before
        The answer that is saved.
    by, on
        Who answers, and when.
    release
        The release that a new answer is bound to.

    Returns
    -------
    tuple
        The answer to save (`before` itself where nothing can be), None where all is
        empty; and what is lacking.
    """
    lacks: list[Lack] = []
    reply = Reply(draft["answer"]) if draft.get("answer") in tuple(Reply) else None
    note, reason = _words(draft.get("note")), _words(draft.get("reason"))
    evidence = _evidence(draft.get("evidence") or (), lacks)
    if evidence is None:
        evidence = before.evidence if before else ()
    plan = _plan(draft.get("plan") or {}, before.plan if before else None, lacks)
    if reply is Reply.NOT_APPLICABLE and reason is None:
        return before, [*lacks, Lack("reason", say("form.lack.reason"))]
    challenged = before.challenged if before is not None else None
    if reply is None and plan is None:
        if note or reason or evidence or lacks:
            return before, lacks or [Lack("answer", say("form.lack.answer"))]
        # What is challenged does not end by being withdrawn.
        return None if challenged is None else read(Answer, {"by": by, "on": on, "challenged": challenged}), []
    if reply is not Reply.NOT_APPLICABLE:
        reason = reason if before is not None and before.reason == reason else None
    said = (reply, reason, evidence)
    approved_by = agreed_to = signature = None
    if before is not None and said == (before.answer, before.reason, before.evidence) and not draft.get("confirm"):
        by, on, approved_by, release = before.by, before.on, before.approved_by, before.release
        # The signature tells by itself where anything else has changed.
        agreed_to, signature = before.agreed_to, before.signature
    answer = read(
        Answer,
        {
            "answer": reply,
            "note": note,
            "reason": reason,
            "evidence": evidence,
            "plan": plan,
            "by": by,
            "on": on,
            "approved_by": approved_by,
            "agreed_to": agreed_to,
            "signature": signature,
            "release": release,
            "challenged": challenged,
        },
    )
    return (before if answer == before else answer), lacks


def _words(value: object) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _evidence(entries: Sequence[Mapping[str, Any]], lacks: list[Lack]) -> tuple[EvidenceEntry, ...] | None:
    """Read the entries; None if one of them cannot be saved yet."""
    kept: list[EvidenceEntry] = []
    complete = True
    for place, entry in enumerate(entries):
        given = {key: _words(entry.get(key)) for key in ("title", "where", "collected", "expires", "sha256")}
        where = given.pop("where")
        if where is None and given["title"] is None:
            continue
        is_link = where is not None and re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", where) is not None
        given["url" if is_link else "path"] = where
        if is_link or where is None:
            given["sha256"] = None
        try:
            kept.append(read(EvidenceEntry, {key: value for key, value in given.items() if value}))
        except ValidationError as error:
            complete = False
            wrong = str(error.errors()[0]["loc"][0]) if error.errors()[0]["loc"] else "where"
            field = "where" if wrong in ("url", "path") else wrong
            lacks.append(Lack(f"evidence.{place}.{field}", say(f"form.lack.evidence.{field}")))
    return tuple(kept) if complete else None


def _plan(given: Mapping[str, Any], before: Plan | None, lacks: list[Lack]) -> Plan | None:
    words = {key: _words(given.get(key)) for key in ("action", "owner", "due")}
    if not any(words.values()):
        return None
    missing = [key for key, value in words.items() if value is None]
    lacks += [Lack(f"plan.{key}", say(f"form.lack.plan.{key}")) for key in missing]
    if missing:
        return before
    nobody = name_fault(words["owner"] or "", say("form.plan.owner"))
    if nobody is not None:
        lacks.append(Lack("plan.owner", nobody))
        return before
    try:
        return read(Plan, words)
    except ValidationError:
        lacks.append(Lack("plan.due", say("form.lack.plan.due")))
        return before
