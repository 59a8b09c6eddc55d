"""Parts of the fleet page that give the whole picture."""

from __future__ import annotations

from collections.abc import Sequence

from orr.evaluate import Verdict
from orr.fleet.page.tables import Row, Tables
from orr.fleet.page.words import NONE, FleetWords, bodies, day, first_and_rest, mark, short, sign, table
from orr.fleet.standing import Standing
from orr.fleet.text.history import shape
from orr.report.html import Content, Html, coded, join, tag
from orr.report.pictures.svg import picture

_UPWARDS = (*(verdict.value for verdict in reversed(Verdict)), NONE)
"""From the bottom of a column: what is good carries the rest."""
_HIGH, _STEP, _COLUMN, _LEFT = 190, 60, 44, 4
_MOST = 40


def over_time(tables: Tables, words: FleetWords) -> Html:
    """Verdicts week by week, as columns and as a table."""
    rows = tables.rows("over_time")
    most = max(1, *(sum(int(row[key]) for key in _UPWARDS) for row in rows))
    last_place = len(rows) - 1
    drawn = [
        part for place, row in enumerate(rows) for part in _column(place, row, most, words, is_now=place == last_place)
    ]
    first, last = rows[0], rows[-1]
    title = words(
        "over-time.picture", n=len(rows), first=first["on"], last=last["on"],
        before=_in_words(first, words), after=_in_words(last, words),
    )  # fmt: skip
    width = _LEFT + len(rows) * _STEP
    image = picture(title, *drawn, viewBox=f"0 0 {width} {_HIGH + 24}", class_="columns", width=width)
    legend = (tag("li", mark(key, words)) for key in _UPWARDS if any(row[key] for row in rows))
    titles = [words("column.day"), *(words.verdict(key) for key in reversed(_UPWARDS))]
    listed = table(titles, ((day(row["on"]), *(str(row[key]) for key in reversed(_UPWARDS))) for row in rows), "weeks")
    return join(
        tag("p", words("over-time.note") if len(rows) > 1 else words("over-time.none"), class_="note"),
        image,
        tag("ul", legend, class_="legend"),
        tag("details", tag("summary", words("as-table")), listed),
    )


def _column(place: int, row: Row, most: int, words: FleetWords, *, is_now: bool) -> list[Html]:
    x, bottom, parts = _LEFT + place * _STEP, float(_HIGH), []
    for key in _UPWARDS:
        n = int(row[key])
        if not n:
            continue
        high = n / most * (_HIGH - 14)
        bottom -= high
        parts.append(tag("rect", x=x, y=f"{bottom:.1f}", width=_COLUMN, height=f"{high:.1f}", class_=f"vb v-{key}"))
        if high >= 15:
            middle: dict[str, str | float] = {
                "x": x + _COLUMN // 2,
                "y": f"{bottom + high / 2 + 4.5:.1f}",
                "text_anchor": "middle",
            }
            parts.append(tag("text", str(n), class_=f"vt v-{key}", **middle))
    said = words("now") if is_now else row["on"].strftime("%m-%d")
    parts.append(tag("text", said, class_="tk", x=x + _COLUMN // 2, y=_HIGH + 17, text_anchor="middle"))
    return parts


def _in_words(row: Row, words: FleetWords) -> str:
    return words.of([f"{words.verdict(key)} {row[key]}" for key in reversed(_UPWARDS) if row[key]])


def heat_map(tables: Tables, words: FleetWords) -> Html:
    """Workloads by checklists: where it hurts."""
    cells: dict[str, dict[str, Row]] = {}
    verdicts: dict[str, str] = {}
    for row in tables.rows("heat_map"):
        cells.setdefault(row["workload"], {})[row["checklist"]] = row
        verdicts[row["workload"]] = row["verdict"]
    checklists = sorted({name for row in cells.values() for name in row})

    def write(names: Sequence[str]) -> Html:
        titles = tag(
            "tr",
            tag("th", words("column.workload"), scope="col"),
            (tag("th", tag("span", name), scope="col", class_="up") for name in checklists),
        )
        rows = (
            tag(
                "tr",
                tag("th", words.to_report(name)),
                (_cell(cells[name].get(checklist)) for checklist in checklists),
            )
            for name in names
        )
        body = bodies(zip((sign(verdicts[name]) for name in names), rows, strict=True))
        return tag("div", tag("table", tag("thead", titles), body, class_="heat"), class_="scroll")

    legend = (
        tag("li", tag("b", said, class_=f"hk {class_}"), " ", words(f"heat.{class_}"))
        for class_, said in (("h3", "×2"), ("h2", "△2"), ("h0", "✓"), ("hn", "–"))
    )
    if not cells:
        return tag("p", words("heat.none"), class_="plain")
    return join(tag("ul", legend, class_="legend"), first_and_rest(list(cells), _MOST, write, words))


def _cell(row: Row | None) -> Html:
    """Number of stopping items of a checklist, else of open ones, else none."""
    if row is None or not row["applying"]:
        return tag("td")
    if row["stopping"]:
        return tag("td", f"×{row['stopping']}", class_="h3")
    if row["open"]:
        return tag("td", f"△{row['open']}", class_="h2")
    return tag("td", "✓")


def workloads(tables: Tables, words: FleetWords) -> Html:
    """All of them, worst first."""
    standings = {standing.workload: standing for standing in tables.standings}

    def write(rows: Sequence[Row]) -> Html:
        return table(
            [words(f"column.{key}") for key in ("workload", "verdict", "launch", "until", "open", "trend", "next")],
            (_workload(row, standings[row["workload"]], words) for row in rows),
            "all stack",
            (row["verdict"] for row in rows),
        )

    return join(first_and_rest(tables.rows("workloads"), _MOST, write, words))


def _workload(row: Row, standing: Standing, words: FleetWords) -> tuple[Content, ...]:
    says_more = row["title"].lower().replace(" ", "-") != row["workload"].lower()
    about = [row["title"]] if says_more else []
    if standing.rating is not None:
        about.append(words("tier" if standing.rating.founded else "tier-unfounded", tier=row["tier"]))
    about += [part for part in (row["team"], row["release"]) if part]
    decided = (
        tag("small", words("decided", decision=words.decision(row["decision"])))
        if row["decision"] not in (None, "pending")
        else None
    )
    return (
        [words.to_report(row["workload"]), tag("small", " · ".join(about))],
        [words.first(row["headline"]) if row["headline"] else words.verdict(None), decided],
        _launch(standing, words),
        words.of(standing.until),
        _open(row, standing, words),
        _trend(row, standing, words),
        coded(short(row["next"], 90)),
    )


def _open(row: Row, standing: Standing, words: FleetWords) -> Content:
    if row["open"] is None:
        return "–"
    asked = standing.not_all_asked
    return [f"{row['open']}/{row['applying']}", tag("small", words.of(asked)) if asked is not None else None]


def _launch(standing: Standing, words: FleetWords) -> Content:
    days = standing.launches_in
    if days is None:
        return words.of(standing.launch)
    return [words.of(standing.launch_day), tag("small", words("days", n=days) if days else words("today"))]


def _trend(row: Row, standing: Standing, words: FleetWords) -> Content:
    """Last runs as shapes, the latest on the right, and since when they agree."""
    if not standing.trend:
        return "–"
    runs: list[tuple[str, str]] = []
    for _, verdict in standing.trend:
        key = sign(verdict)
        if runs and runs[-1][0] == key:
            runs[-1] = key, runs[-1][1] + shape(verdict)
        else:
            runs.append((key, shape(verdict)))
    if row["last_verdict"] == row["verdict"]:
        said = words("since", day=row["since"])
    else:
        said = words("was", verdict=words.verdict(row["last_verdict"]).lower())
    usual = sign("go")
    drawn = (shapes if key == usual else tag("b", shapes, class_=key) for key, shapes in runs)
    return [tag("i", drawn, aria_hidden="true"), tag("small", said)]
