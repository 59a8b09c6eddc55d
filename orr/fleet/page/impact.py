"""Impact of changed checklists as one HTML page."""

from __future__ import annotations

from datetime import date

from orr.fleet.impact import Change, Impact
from orr.fleet.page.words import FleetWords, day, mark, table
from orr.fleet.text.impact import counted, no_verdicts
from orr.messages import in_language, render, say
from orr.report.html import Content, Html, coded, tag
from orr.report.layout import laid_out
from orr.report.marks import section
from orr.report.page import Listed, Page
from orr.report.styles import fleet_style, style
from orr.workspace.revision import OldChecklists


def html(impact: Impact, old: OldChecklists, today: date, language: str) -> str:
    """The page: the verdicts that change, the plan by deadline and owner, and every item."""

    def words(key: str, **values: object) -> str:
        return render(say(f"fleet.impact.{key}", **values), language)

    said = FleetWords(language)
    head = tag(
        "section",
        tag("h1", words("title")),
        tag("p", words("head", rev=old.rev, commit=old.commit[:10], today=today), class_="meta"),
        *(tag("p", said.of(one), class_="meta") for one in counted(impact, old)),
        *(tag("p", tag("code", fault.in_words(language))) for fault in impact.faults),
        class_="sum",
    )
    parts = {
        "verdicts": (words("verdicts"), _verdicts(impact, said, said.of(no_verdicts(impact)))),
        "plan": (words("plan"), _plan(impact, said, words("nobody"))),
        "items": (words("items"), _items(impact, said, words("no-change"))),
    }
    page = Page(
        language=language,
        title=words("title"),
        bar=words("head", rev=old.rev, commit=old.commit[:10], today=today),
        first=(_part(head),),
        contents_title=render(say("report.page.contents"), language),
        contents=tuple(Listed(name, title) for name, (title, _) in parts.items()),
        rest=tuple(_part(section(name, title, content)) for name, (title, content) in parts.items()),
        foot=(),
        style=Html(style() + fleet_style()),
    )
    return laid_out(page)


def _part(content: Html) -> Html:
    return tag("div", tag("div", content, class_="fleet"), class_="orr")


def _titles(said: FleetWords, *names: str) -> list[str]:
    return [said.of(say(f"fleet.impact.column.{name}")) for name in names]


def _when(what: date | None, said: FleetWords) -> Content:
    return day(what) if what is not None else said.of(say("fleet.impact.now"))


def _verdicts(impact: Impact, said: FleetWords, none: str) -> Html:
    if not impact.verdicts:
        return tag("p", none, class_="plain")
    rows = (
        (one.workload, mark(one.before.value, said), mark(one.after.value, said), _when(one.since, said))
        for one in impact.verdicts
    )
    return table(_titles(said, "workload", "before", "after", "deadline"), rows)


def _plan(impact: Impact, said: FleetWords, none: str) -> Html:
    if not impact.plan:
        return tag("p", none, class_="plain")
    rows = (
        (
            _when(step.until, said),
            step.team,
            step.workload,
            [coded(in_language(step.do, said.language)), tag("small", step.item)],
            said.of(step.short.state),
        )
        for step in impact.plan
    )
    return table(_titles(said, "until", "owner", "workload", "do", "state"), rows)


def _items(impact: Impact, said: FleetWords, none: str) -> Html:
    if not impact.items:
        return tag("p", none, class_="plain")
    rows = (
        (
            [coded(in_language(item.ask, said.language)) if item.ask else item.item, tag("small", item.item)],
            said.of(say(f"fleet.impact.change.{item.change.value}")),
            _when(item.enforce_from, said) if item.change is not Change.REMOVED else "–",
            [
                tag("span", f"{short.workload} ({short.team})", tag("small", said.of(short.state)))
                for short in item.short
            ]
            or "–",
        )
        for item in impact.items
    )
    return table(_titles(said, "item", "change", "deadline", "short"), rows)
