"""Remind people of what is due, over the channels that `orr.yaml` names and no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from orr.evaluate.tasks import Due
from orr.fleet.notify import Notice
from orr.messages import Message, render, say
from orr.messages.cleaning import one_line
from orr.model.person import same
from orr.model.settings import Channel, Settings

LINES = 20
"""How much is told at once."""
LONGEST = 300


class Reminder(NamedTuple):
    """What one person or team is told.

    Attributes
    ----------
    to
        Whom it is for.
    channel
        Where they are reached; None where `orr.yaml` does not say.
    due
        By workload what is due.
    """

    to: str
    channel: Channel | None
    due: tuple[tuple[str, Due], ...]


def reminders(settings: Settings, due: Iterable[tuple[str, str, Due]]) -> list[Reminder]:
    """Due entries by recipient: person, else the team named, else the owning team.

    Parameters
    ----------
    settings
        Their `people` and `notify` hold the channels.
    due
        Workload, its owner's team, and what is due there.
    """
    grouped: dict[str, tuple[Channel | None, list[tuple[str, Due]]]] = {}
    for workload, team, one in due:
        to, channel = _reached(settings, one.who, team)
        grouped.setdefault(to, (channel, []))[1].append((workload, one))
    return [Reminder(to, channel, tuple(due)) for to, (channel, due) in sorted(grouped.items())]


def _reached(settings: Settings, who: str, team: str) -> tuple[str, Channel | None]:
    person = next((name for name in settings.people if same(name, who)), None)
    if person is not None:
        return person, settings.people[person]
    for name in (who, team):
        if name in settings.notify:
            return name, settings.notify[name]
    return team, None


def lines_of(reminder: Reminder, language: str) -> list[str]:
    """What is due, a line each, cleaned and cut to `LONGEST` characters."""
    return [_cut(render(_message(workload, one), language)) for workload, one in reminder.due]


def notice_of(reminder: Reminder, today: date, language: str) -> Notice:
    """What is sent: at most `LINES` lines, and how many more there are."""
    lines = lines_of(reminder, language)
    more = [render(say("fleet.remind.more", n=len(lines) - LINES), language)] if len(lines) > LINES else []
    title = render(say("fleet.remind.title", n=len(lines), to=reminder.to), language)
    body = "\n".join([*(f"- {line}" for line in lines[:LINES]), *more])
    listed: list[Mapping[str, str]] = [
        {"workload": workload, "item": one.item, "who": one.who, "on": one.on.isoformat(), "says": line}
        for (workload, one), line in zip(reminder.due[:LINES], lines, strict=False)
    ]
    text = "\n".join([title, body])
    content = {
        "format": "orr.reminder/1",
        "today": today.isoformat(),
        "text": text,
        "due": listed,
        "more": len(lines) - len(listed),
    }
    return Notice(title, body, content)


def _message(workload: str, one: Due) -> Message:
    return say("fleet.remind.line", workload=workload, on=one.on, who=one.who, says=one.says)


def _cut(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
