"""One part of a report, for a notebook cell and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orr.report.html import Html, tag
from orr.report.styles import weighty

RECORD = "application/vnd.orr.assessment+json"
"""The mime type under which a notebook holds its assessment."""

CALENDAR = "text/calendar"
"""The mime type of what lies ahead, beside the record."""

MARK = "orr"
"""The key of an output's metadata that says which part of which report it is."""

STYLE_END = "</style>"


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a report.

    Attributes
    ----------
    name
        Which part.
    title
        Its heading, for the table of contents; None for a part that is not listed.
    html
        What it shows.
    text
        The same in a line of plain text.
    about
        What it speaks about, so that parts of different assessments are never mixed.
    data
        More that the output carries, by mime type.
    extra_style
        What it needs beside the style of reports.
    styled
        Whether it brings its style.
    """

    name: str
    title: str | None
    html: Html
    text: str
    about: Mapping[str, str]
    data: Mapping[str, Any] = field(default_factory=dict)
    extra_style: str = ""
    styled: bool = True

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        # Every cell brings its style: a notebook may drop what is scrolled out of view.
        style = f"<style>{weighty(self.extra_style)}{STYLE_END}" if self.styled else ""
        return f"{style}{self.standing()}"

    def standing(self) -> Html:
        """The markup without the style."""
        return tag("div", self.html, class_="orr")

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        del include, exclude
        data = {**self.data, "text/html": self._repr_html_(), "text/plain": self.text}
        mark: dict[str, Any] = {"part": self.name, "about": dict(self.about)}
        if self.title is not None:
            mark["title"] = self.title
        return data, {MARK: mark}
