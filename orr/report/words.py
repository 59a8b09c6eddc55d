"""Render values in the language of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache

from orr.messages import Message, in_language, render
from orr.model.fields import Text
from orr.report.html import Html, coded, join, tag
from orr.report.plainly import plainly

_DATE = re.compile(r"(?<!\d)(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d))(?!\d)")


@lru_cache(maxsize=1024)  # most answers are of the same few days
def _time(shown: str) -> Html:
    return tag("time", shown, datetime=shown.replace(" ", "T"))


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of a report in one language.

    Attributes
    ----------
    language
        One of `orr.messages.LANGUAGES`.
    timezone
        In which moments are shown.
    """

    language: str
    timezone: tzinfo

    def __call__(self, key: str, /, **values: object) -> str:
        """The text `report.<key>`."""
        return render(Message(f"report.{key}", values), self.language)

    def of(self, what: object) -> str:
        """A state, a verdict, a message, a list: anything that `orr.messages.render` knows."""
        return render(what, self.language)

    def text(self, text: Text) -> str:
        """Text of a checklist or workload, in the report's language where available."""
        return in_language(text, self.language)

    def prose(self, text: Text) -> Html:
        """A sentence of a checklist in the report's language, its code as such."""
        return coded(self.text(text))

    def coded(self, what: object) -> Html:
        """A value in the report's language, its code as such."""
        return coded(self.of(what))

    def first(self, what: object) -> str:
        """Words as they stand alone: with a capital letter, where the language has them."""
        said = self.of(what)
        return said[:1].upper() + said[1:]

    def local(self, moment: date | datetime) -> date | datetime:
        """A moment in the report's time zone; a date as it is."""
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            return moment.astimezone(self.timezone)
        return moment

    def day(self, moment: date | datetime) -> Html:
        """A date, to the minute where it has a time, in the form that sorts."""
        return _time(self.short(moment))

    def short(self, moment: date | datetime) -> str:
        """The same as plain text, for within a sentence."""
        local = self.local(moment)
        return local.strftime("%Y-%m-%d %H:%M") if isinstance(local, datetime) else local.isoformat()

    def causes(self, what: object) -> Html:
        """Causes in a manager's words, with dates that do not break across lines."""
        parts = _DATE.split(self.of(plainly(what)))
        return join(*(tag("time", part) if place % 2 else part for place, part in enumerate(parts)))

    def long_day(self, moment: date | datetime) -> Html:
        """Format a date with its weekday."""
        local = self.local(moment)
        weekday = self(f"weekday.{local.isoweekday()}")
        month = self(f"month.{local.month}")
        said = self("long-day", weekday=weekday, day=str(local.day), month=month, year=str(local.year))
        if isinstance(local, datetime):
            said = self("long-moment", day=said, time=local.strftime("%H:%M"))
            return tag("time", said, datetime=local.strftime("%Y-%m-%dT%H:%M"))
        return tag("time", said, datetime=local.isoformat())

    def days_from(self, today: date, day: date) -> str:
        """How far a day is from today."""
        left = (day - today).days
        if left == 0:
            return self("days.today")
        return self("days.ahead", n=left) if left > 0 else self("days.ago", n=-left)
