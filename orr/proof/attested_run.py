"""Hold an attestation against the history."""

from __future__ import annotations

from collections.abc import Iterator

from orr.history import History
from orr.messages import Message, say
from orr.proof.attestation import Attested
from orr.proof.statements import DECISION


def not_recorded(found: Attested, history: History) -> Iterator[Message]:
    """Why the history does not confirm an attestation: missing head or run.

    Yields
    ------
    Message
        Nothing where both are, and where the statement names neither, as a verification result does.
    """
    statement = found.statement
    if statement is None or statement["predicateType"] != DECISION:
        return
    predicate = statement["predicate"]
    run = predicate["run"]
    if not history.has_head(str(run["head"])):
        yield say("proof.verify.other-history", head=str(run["head"])[:80])
    if history.lost():
        yield say("proof.gate.incomplete")
    recorded = {one.number: one for one in history.summaries(str(predicate["workload"]))}
    one = recorded.get(run["number"])
    if one is None or one.today.isoformat() != run["day"]:
        yield say("proof.verify.no-run", number=str(run["number"]), day=str(run["day"]))
    elif history.altered_since(one.workload, run["number"]) is not None:
        yield say("proof.gate.altered", number=run["number"])
