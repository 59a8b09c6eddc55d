"""Parts of the fleet page that need a decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from orr.evaluate import Decision, Verdict
from orr.fleet.page.month import month
from orr.fleet.page.tables import Row, Tables
from orr.fleet.page.words import NONE, FleetWords, dated, day, first_and_rest, mark, short, table
from orr.model.checklist import Risk
from orr.model.finding import Outcome
from orr.report.html import Content, Html, coded, join, link, tag
from orr.report.marks import shape
from orr.report.pictures.svg import percent, picture

_SIGNS = {Outcome.MET: "✓", Outcome.PARTIAL: "½", Outcome.NOT_MET: "×", Outcome.UNKNOWN: "?"}
_ORDER = (NONE, *(verdict.value for verdict in Verdict))


def summary(tables: Tables, words: FleetWords) -> Html:
    """How many workloads have which verdict, and what waits for a decision."""
    return _first_screen(tables, words, lambda part, says: link(f"#{part}", says), "summary")


def card(tables: Tables, words: FleetWords) -> Html:
    """The summary alone, with frames named in place of links."""
    frames = {"workloads": "to_frame"}
    return _first_screen(tables, words, lambda part, says: join(says, " ", tag("code", f".{frames.get(part, part)}()")))


def _first_screen(tables: Tables, words: FleetWords, lead: Callable[[str, str], Html], name: str | None = None) -> Html:
    now = tables.rows("over_time")[-1]
    total = sum(int(now[key]) for key in _ORDER)
    heading = tag(
        "div",
        tag("h1", words("title")),
        tag("p", words("about", n=total, today=tables.today), class_="meta"),
        class_="title",
    )
    tiles = (_tile(key, int(now[key]), total, words) for key in _ORDER if now[key] or key != NONE)
    waits = _waiting(tables, words, lead)
    list_ = tag("ul", (tag("li", one) for one in waits), class_="waits") if waits else tag("p", words("nothing-waits"))
    return tag(
        "section",
        heading,
        tag("ul", tiles, class_="tiles"),
        _bar(now, total, words),
        tag("h2", words("waits"), class_="small"),
        list_,
        id=name,
        class_="sum",
        aria_label=words("title"),
    )


def _tile(key: str, n: int, total: int, words: FleetWords) -> Html:
    sign = tag("b", "✕", aria_hidden="true", class_="no") if key == NONE else shape(key)
    share = f"{100 * n / max(1, total):.0f}%"
    figures = [tag("strong", str(n)), " ", tag("small", share), " ", tag("span", words.verdict(key))]
    return tag("li", sign, figures, class_=f"v-{key}")


def _bar(now: Row, total: int, words: FleetWords) -> Html:
    start, bars = 0, []
    for key in _ORDER:
        n = int(now[key])
        if n:
            place = {"x": percent(start / total), "width": percent(n / total)}
            bars.append(tag("rect", height="100%", class_=f"vb v-{key}", **place))
        start += n
    said = words.of([f"{words.verdict(key)} {now[key]}" for key in _ORDER if now[key]])
    return picture(words("bar", said=said), *bars, class_="bar whole")


def _waiting(tables: Tables, words: FleetWords, lead: Callable[[str, str], Html]) -> list[Html]:
    """What somebody has to decide, each with the way to it."""
    slipped = [row for row in tables.rows("launches") if row["days"] < 0]
    launches = [row for row in tables.rows("launches") if row["days"] >= 0]
    no_go = [row for row in launches if row["verdict"] in (None, Verdict.NO_GO)]
    closed = [row for row in launches if row["calendar"] not in (None, Outcome.MET)]
    votes = [row for row in launches if row not in no_go and row["decision"] == Decision.PENDING]
    live = [one for one in tables.standings if one.live and one.assessment and one.assessment.verdict is Verdict.NO_GO]
    waivers = [row for row in tables.rows("waivers") if row["without"] != row["verdict"]]
    late = [row for row in tables.rows("owners") if row["overdue"]]
    unchecked = tables.rows("unchecked")
    found: list[tuple[str, str, Sequence[str], int]] = [
        ("launches", "slipped", [row["workload"] for row in slipped], len(slipped)),
        ("launches", "launch-no-go", [row["workload"] for row in no_go], len(no_go)),
        ("launches", "launch-closed", [row["workload"] for row in closed], len(closed)),
        ("workloads", "live-no-go", [one.workload for one in live], len(live)),
        ("unchecked", "unchecked", [row["workload"] for row in unchecked], len(unchecked)),
        ("waivers", "waivers", [row["workload"] for row in waivers], len(waivers)),
        ("owners", "overdue", [row["owner"] for row in late], sum(row["overdue"] for row in late)),
        ("launches", "votes", [row["workload"] for row in votes], len(votes)),
    ]
    lines = _emergencies(tables, words, lead)
    for part, key, names, n in found:
        if n:
            head = lead(part, words(f"waits.{key}", n=n))
            different = list(dict.fromkeys(names))
            comma = words.of(["", ""])
            shown = [[comma if place else "", words.to_report(name)] for place, name in enumerate(different[:4])]
            more = words("more", n=len(different) - 4) if len(different) > 4 else ""
            lines.append(join(head, " ", tag("span", shown, more, class_="who")))
    return lines


def _emergencies(tables: Tables, words: FleetWords, lead: Callable[[str, str], Html]) -> list[Html]:
    """Open exceptions that let releases pass, and so wait for a review."""
    found = [
        (one.workload, emergency)
        for one in tables.standings
        if one.assessment is not None
        for emergency in one.assessment.emergencies
    ]
    if not found:
        return []
    comma = words.of(["", ""])
    shown = [
        [comma if place else "", words.to_report(name), " ", words.of(what)] for place, (name, what) in enumerate(found)
    ]
    return [join(lead("workloads", words("waits.emergencies", n=len(found))), " ", tag("span", shown, class_="who"))]


def launches(tables: Tables, words: FleetWords) -> Html:
    """Launches of 30 days and slipped ones, against their verdict and change calendar."""

    def write(rows: Sequence[Row]) -> Html:
        return table(
            [words(f"column.{key}") for key in ("workload", "on", "verdict", "calendar", "next")],
            (
                (
                    [words.to_report(row["workload"]), tag("small", row["team"])],
                    [day(row["on"]), _away(row["days"], words)],
                    mark(row["verdict"], words),
                    _calendar(row, words),
                    coded(short(row["next"])),
                )
                for row in rows
            ),
            "launches stack",
        )

    rows = tables.rows("launches")
    return join(month(rows, tables.today, words), *_some(rows, write, words("launches.none"), words, 40))


def _away(days: int, words: FleetWords) -> Html:
    if days < 0:
        return tag("small", words("slipped", n=-days), class_="warn")
    return tag("small", words("days", n=days) if days else words("today"))


def teams(tables: Tables, words: FleetWords) -> Html:
    """Row per team: workloads by verdict, overdue steps, and the next launch."""

    def write(rows: Sequence[Row]) -> Html:
        columns = (*_ORDER, "overdue", "launch")
        titles = [
            words.verdict(key) if key in _ORDER else words("column.next-launch" if key == "launch" else f"column.{key}")
            for key in columns
        ]
        return table(
            [words("column.team"), words("column.workloads"), *titles],
            (
                (
                    row["team"] or words("no-team"),
                    str(row["workloads"]),
                    *(day(row[key]) if key == "launch" else str(row[key] or "–") for key in columns),
                )
                for row in rows
            ),
            "teams",
        )

    return tag("div", _some(tables.rows("teams"), write, "–", words, 25), class_="wd", tabindex="0")


def _calendar(row: Row, words: FleetWords) -> Content:
    """Whether the change calendar is open, and why not."""
    if row["calendar"] is None:
        return tag("span", words("calendar.none"), class_="note")
    outcome = Outcome(row["calendar"])
    sign = tag("b", _SIGNS[outcome] + " ", aria_hidden="true")
    said = tag("span", sign, words(f"calendar.{outcome.value}"), class_=f"cal c-{outcome.value}")
    return said if outcome is Outcome.MET else [said, tag("small", dated(short(row["calendar_says"], 240)))]


def blockers(tables: Tables, words: FleetWords) -> Html:
    """What keeps most workloads from go."""
    all_rows = tables.rows("blockers")
    most = max((row["stops"] + row["conditions"] for row in all_rows), default=1)

    def write(rows: Sequence[Row]) -> Html:
        return table(
            [words(f"column.{key}") for key in ("item", "stops", "conditions", "share", "where")],
            (
                (
                    [coded(row["ask"]), tag("small", f"{row['item']} · {words('risk', risk=Risk(row['risk']))}")],
                    str(row["stops"] or "–"),
                    str(row["conditions"] or "–"),
                    _share(row, most),
                    words.some(row["workloads"]),
                )
                for row in rows
            ),
            "blockers",
        )

    return join(*_some(all_rows, write, words("blockers.none"), words, 12))


def _share(row: Row, most: int) -> Html:
    """The two numbers beside it as lengths."""
    start, bars = 0.0, []
    for key, class_ in (("stops", "v-no-go"), ("conditions", "v-conditional-go")):
        share = row[key] / most
        if share:
            bars.append(tag("rect", x=percent(start), width=percent(share), height="100%", class_=f"vb {class_}"))
        start += share
    return tag("svg", bars, class_="bar share", aria_hidden="true")


def waivers(tables: Tables, words: FleetWords) -> Html:
    """The waivers that end within 30 days, and what the verdict is without them."""

    def write(rows: Sequence[Row]) -> Html:
        return table(
            [words(f"column.{key}") for key in ("workload", "ends", "without", "waiver", "items")],
            (
                (
                    [words.to_report(row["workload"]), tag("small", row["team"])],
                    [day(row["ends"]), tag("small", words("days", n=row["days"]) if row["days"] else words("today"))],
                    mark(row["without"], words) if row["without"] != row["verdict"] else words("waivers.same"),
                    [row["waiver"], tag("small", words("approved", by=row["approved_by"]))],
                    words.some(row["items"]),
                )
                for row in rows
            ),
            "waivers stack",
        )

    return join(*_some(tables.rows("waivers"), write, words("waivers.none"), words, 25))


def owners(tables: Tables, words: FleetWords) -> Html:
    """Who has most steps past their day."""

    def write(rows: Sequence[Row]) -> Html:
        return table(
            [words(f"column.{key}") for key in ("owner", "overdue", "earliest", "steps", "workloads")],
            (
                (
                    row["owner"],
                    str(row["overdue"] or "–"),
                    day(row["earliest"]),
                    str(row["open"]),
                    str(row["workloads"]),
                )
                for row in rows
            ),
            "owners",
        )

    return join(*_some(tables.rows("owners"), write, words("owners.none"), words, 12))


def unchecked(tables: Tables, words: FleetWords) -> Html:
    """The workloads of which nobody knows how they are."""

    def write(rows: Sequence[Row]) -> Html:
        return table(
            [words(f"column.{key}") for key in ("workload", "last", "why")],
            (
                (
                    [words.to_report(row["workload"]), tag("small", row["team"])],
                    day(row["last"]) if row["last"] is not None else words("never"),
                    dated(short(row["problem"], 240)) if row["problem"] else _silence(row, words),
                )
                for row in rows
            ),
            "unchecked",
        )

    return join(*_some(tables.rows("unchecked"), write, words("unchecked.none"), words, 25))


def _silence(row: Row, words: FleetWords) -> str:
    if row["days"] is None:
        return words("unchecked.never", every=row["every"])
    return words("unchecked.silent", n=row["days"], every=row["every"])


def _some(rows: Sequence[Row], write: object, none: str, words: FleetWords, most: int) -> list[Content]:
    if not rows:
        return [tag("p", none, class_="plain")]
    return [first_and_rest(rows, most, write, words)]
