"""Compare the tickets that ought to be with those that are, and bring them together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from orr.fleet.trackers import Issue, Tracker
from orr.formats.tickets import Ticket, as_closed, is_closed_by_us, with_block
from orr.messages import Message, say


class Act(StrEnum):
    """What is to be done with a ticket."""

    CREATE = "create"
    CHANGE = "change"
    REOPEN = "reopen"
    CLOSE = "close"
    CLOSE_DOUBLE = "close-double"


@dataclass(frozen=True)
class Move:
    """Something that is to be done in a tracker.

    Attributes
    ----------
    act
        What.
    ticket
        What the ticket ought to say; None where it is to be closed.
    issue
        The ticket as it stands there; None where there is none yet.
    """

    act: Act
    ticket: Ticket | None
    issue: Issue | None

    @property
    def says(self) -> Message:
        """The move in words."""
        title = self.ticket.title if self.ticket is not None else ""
        key, number = (self.issue.key, self.issue.number) if self.issue is not None else (title, 0)
        return say(f"fleet.tickets.{self.act}", title=title, key=key, number=number)


@dataclass(frozen=True)
class Plan:
    """What is to be done in a tracker, and what people did there.

    Attributes
    ----------
    moves
        In the order of the tickets.
    unchanged
        How many tickets say already what they ought to.
    notes
        What tickets say that is no proof: closed there and open here, due on another day, doubled.
    """

    moves: tuple[Move, ...]
    unchanged: int
    notes: tuple[Message, ...]


def plan(tickets: Iterable[Ticket], issues: Iterable[Issue], read: Collection[str]) -> Plan:
    """Compare tickets with issues, so that a second run does nothing.

    Parameters
    ----------
    tickets
        What ought to be.
    issues
        What stands in the tracker. Of several with one key the first counts.
    read
        The workloads that could be read: only their tickets are closed.
    """
    known: dict[str, Issue] = {}
    notes: list[Message] = []
    for issue in issues:
        first = known.setdefault(issue.key, issue)
        if first is not issue and issue.is_open:
            notes.append(say("fleet.tickets.doubled", number=issue.number, first=first.number, key=issue.key))
    moves: list[Move] = []
    unchanged = 0
    wanted = {ticket.key: ticket for ticket in tickets}
    for ticket in wanted.values():
        there = known.get(ticket.key)
        if there is None:
            moves.append(Move(Act.CREATE, ticket, None))
        elif not there.is_open and is_closed_by_us(there.text):
            moves.append(Move(Act.REOPEN, ticket, there))
        elif not there.is_open:
            notes.append(say("fleet.tickets.closed-there", number=there.number, key=there.key))
        else:
            if ticket.due is not None and there.due not in (None, ticket.due):
                notes.append(
                    say("fleet.tickets.due-there", number=there.number, key=there.key, there=there.due, here=ticket.due)
                )
            if with_block(there.text, ticket) == there.text:
                unchanged += 1
            else:
                moves.append(Move(Act.CHANGE, ticket, there))
    prefixes = tuple(f"{quote(name)}/" for name in read)
    for key, issue in known.items():
        if key not in wanted and issue.is_open and key.startswith(prefixes):
            moves.append(Move(Act.CLOSE, None, issue))
    return Plan(tuple(moves), unchanged, tuple(notes))


def doubles(issues: Iterable[Issue], ours: Collection[str]) -> Iterator[Move]:
    """Close what this run created beside an older ticket of the same key.

    Parameters
    ----------
    issues
        What stands in the tracker, the oldest first.
    ours
        The addresses of the tickets that this run created.
    """
    keys: set[str] = set()
    for issue in issues:
        if issue.key in keys and issue.url in ours and issue.is_open:
            yield Move(Act.CLOSE_DOUBLE, None, issue)
        keys.add(issue.key)


def carry_out(plan: Plan, tracker: Tracker) -> Iterator[tuple[Move, str]]:
    """Carry out planned moves one by one, yielding each with its ticket's address; close doubles."""
    created = set()
    for move, where in _carried_out(plan.moves, tracker):
        if move.act is Act.CREATE:
            created.add(where)
        yield move, where
    if created:
        yield from _carried_out(doubles(list(tracker.listed()), created), tracker)


def _carried_out(moves: Iterable[Move], tracker: Tracker) -> Iterator[tuple[Move, str]]:
    for move in moves:
        if move.issue is None:
            assert move.ticket is not None
            yield move, tracker.create(move.ticket, with_block("", move.ticket))
        elif move.ticket is None:
            tracker.change(move.issue, as_closed(move.issue.text), is_open=False)
            yield move, move.issue.url
        else:
            text = with_block(move.issue.text, move.ticket)
            tracker.change(move.issue, text, due=move.ticket.due, is_open=True)
            yield move, move.issue.url
