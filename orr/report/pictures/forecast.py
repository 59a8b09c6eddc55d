"""Draw the forecast: what lapses when, against the launch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby

from orr.evaluate import Evaluation, Verdict
from orr.evaluate.forecast import HORIZON_DAYS, Lapse
from orr.report.html import Content, Html, join, link, tag
from orr.report.marks import section, state_mark, word_of
from orr.report.pictures.svg import percent, picture
from orr.report.words import Words

DATES_SHOWN, DATES_FOLDED, LAPSES_SHOWN = 6, 18, 3
MARGIN, NEAR, TICKS = 0.04, 0.06, 6
TOP, BAND, AXIS, HEIGHT = 20, 24, 68, 92


def forecast(assessment: Evaluation, words: Words) -> Html:
    """A time line of the verdict, the lapses and the launch, and a list of them."""
    if not assessment.lapses:
        return section("forecast", words("forecast.title"), tag("p", lead(assessment, words), class_="note"))
    return section(
        "forecast",
        words("forecast.title"),
        tag("p", lead(assessment, words), class_="lead"),
        tag("div", _timeline(assessment, words), class_="time"),
        _list(assessment, words),
    )


def lead(assessment: Evaluation, words: Words) -> str:
    """How much lapses before the launch; else when the first item does."""
    if not assessment.lapses:
        return words("forecast.nothing", n=HORIZON_DAYS)
    launch = assessment.case.launch_day
    if launch is not None and launch >= assessment.today:
        before = sum(lapse.on <= launch for lapse in assessment.lapses)
        return words("forecast.before-launch", n=before)
    return words("forecast.lead", on=assessment.lapses[0].on)


class _Scale:
    """Horizontal scale from today to shortly after the last date shown."""

    def __init__(self, assessment: Evaluation) -> None:
        self.first = assessment.today
        ends = [change.on for change in assessment.forecast]
        ends += [lapse.on for lapse in assessment.lapses if lapse.decides][:40] or [assessment.lapses[-1].on]
        launch = assessment.case.launch_day
        if launch is not None and launch <= self.first + timedelta(days=HORIZON_DAYS):
            ends.append(launch)
        self.days = max(max(ends) - self.first, timedelta(days=14)).days * 1.08

    def __call__(self, day: date) -> float:
        return min(1.0, MARGIN / 2 + (1 - MARGIN) * (day - self.first).days / self.days)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=int(self.days))


def _timeline(assessment: Evaluation, words: Words) -> Html:
    scale = _Scale(assessment)
    return picture(
        words("forecast.picture"),
        _band(assessment, scale, words),
        tag("line", x1="0", x2="100%", y1=str(AXIS), y2=str(AXIS), class_="axis"),
        _ticks(scale, words),
        _marks(assessment.lapses, scale),
        _launch(assessment, scale, words),
        description=words.of([words("forecast.entry", on=c.on, verdict=c.verdict) for c in assessment.forecast]),
        width="100%",
        height=str(HEIGHT),
    )


def _band(assessment: Evaluation, scale: _Scale, words: Words) -> Iterable[Html]:
    starts: list[tuple[float, Verdict]] = [(0.0, assessment.verdict)]
    starts += [(scale(change.on), change.verdict) for change in assessment.forecast if change.on <= scale.last]
    for place, (start, verdict) in enumerate(starts):
        end = starts[place + 1][0] if place + 1 < len(starts) else 1.0
        yield tag(
            "rect",
            x=percent(start),
            y=str(TOP),
            width=percent(max(0.004, end - start)),
            height=str(BAND),
            class_=f"vb v-{verdict.value}",
        )
        if end - start > 0.28:
            yield tag(
                "text",
                words.of(verdict),
                x=percent((start + end) / 2),
                y=str(TOP + BAND // 2),
                dy="0.36em",
                text_anchor="middle",
                class_=f"vt v-{verdict.value}",
            )


def _ticks(scale: _Scale, words: Words) -> Iterable[Html]:
    yield tag("text", words("forecast.today"), x="0", y=str(HEIGHT - 4), class_="tk now")
    months = _months(scale.first, scale.last)
    step = max(1, -(-len(months) // TICKS))
    for month in months[::step]:
        at = scale(month)
        if not 0.14 < at < 0.95:
            continue
        said = words("forecast.month", month=words(f"month.{month.month}"), year=str(month.year))
        yield tag("line", x1=percent(at), x2=percent(at), y1=str(AXIS), y2=str(AXIS + 6), class_="axis")
        yield tag("text", said, x=percent(at), y=str(HEIGHT - 4), text_anchor="middle", class_="tk")


def _months(first: date, last: date) -> list[date]:
    months: list[date] = []
    year, month = first.year, first.month
    while True:
        month += 1
        if month > 12:
            year, month = year + 1, 1
        day = date(year, month, 1)
        if day > last:
            return months
        months.append(day)


def _marks(lapses: Sequence[Lapse], scale: _Scale) -> Iterable[Html]:
    clusters: list[tuple[float, int, bool]] = []
    for lapse in lapses:
        at = scale(lapse.on)
        if lapse.on > scale.last:
            continue
        if clusters and at - clusters[-1][0] < NEAR:
            before, count, decides = clusters[-1]
            clusters[-1] = (before, count + 1, decides or lapse.decides)
        else:
            clusters.append((at, 1, lapse.decides))
    for at, count, decides in clusters:
        yield tag("circle", cx=percent(at), cy=str(AXIS), r="9", class_="lp d" if decides else "lp")
        text_class = "ln d" if decides else "ln"
        yield tag("text", str(count), x=percent(at), y=str(AXIS), dy="0.36em", text_anchor="middle", class_=text_class)


def _launch(assessment: Evaluation, scale: _Scale, words: Words) -> Iterable[Html]:
    launch = assessment.case.launch_day
    if launch is None or not assessment.today <= launch <= scale.last:
        return
    at = scale(launch)
    x = percent(at)
    yield tag("line", x1=x, x2=x, y1="4", y2=str(AXIS - 8), class_="launch")
    yield tag(
        "text",
        words("forecast.launch", on=launch),
        x=x,
        y="13",
        dx="-6" if at > 0.6 else "6",
        text_anchor="end" if at > 0.6 else "start",
        class_="tk launch",
    )


def _list(assessment: Evaluation, words: Words) -> Html:
    days = [(on, list(group)) for on, group in groupby(assessment.lapses, key=lambda lapse: lapse.on)]
    changes = {change.on: change.verdict for change in assessment.forecast}
    # Days on which the verdict changes are never folded away.
    important = [day for day in days if day[0] in changes]
    early = [day for day in days if day[0] not in changes][: max(0, DATES_SHOWN - len(important))]
    shown = sorted((*important, *early), key=lambda day: day[0])
    rest = [day for day in days if day not in shown]
    folded = rest[:DATES_FOLDED]

    def listed(some: Sequence[tuple[date, list[Lapse]]]) -> Html:
        return tag("ol", (_day(assessment, on, group, changes.get(on), words) for on, group in some), class_="days")

    left = len(rest) - len(folded)
    return join(
        listed(shown),
        tag(
            "details",
            tag("summary", words("forecast.more", n=len(rest))),
            listed(folded),
            tag("p", words("forecast.left-out", n=left), class_="note") if left else None,
        )
        if folded
        else None,
    )


def _lapse(assessment: Evaluation, lapse: Lapse, words: Words) -> Html:
    item = next(item for item in assessment.items if item.name == lapse.name)
    values = lapse.cause.values
    if lapse.cause.key == "rule.lapse.waiver":
        why: str = words("forecast.waiver-ends", waiver=values["waiver"])
    elif lapse.cause.key == "rule.lapse.plan":
        why = words("forecast.plan-ends")
    elif lapse.cause.key == "rule.lapse.launch":
        why = words("forecast.launched")
    else:
        why = words.causes(values["causes"])
    ask = link(f"#{lapse.name}", words.prose(item.ask))
    return tag("li", state_mark(lapse.state, words), " ", ask, " ", tag("span", why, class_="note"))


def _day(assessment: Evaluation, on: date, lapses: Sequence[Lapse], verdict: Verdict | None, words: Words) -> Html:
    ordered = sorted(lapses, key=lambda lapse: not lapse.decides)
    says: list[Content] = [_lapse(assessment, lapse, words) for lapse in ordered[:LAPSES_SHOWN]]
    more = len(ordered) - LAPSES_SHOWN
    if more > 0:
        says.append(tag("li", words("forecast.and-more", n=more), class_="note"))
    launch = assessment.case.launch_day
    before = launch is not None and assessment.today <= launch and on <= launch
    becomes = tag("p", words("forecast.becomes"), " ", word_of(verdict, words), class_="turn") if verdict else None
    return tag(
        "li",
        tag(
            "p",
            words.day(on),
            tag("small", words.days_from(assessment.today, on)),
            tag("span", words("forecast.at-launch"), class_="flag") if before else None,
            class_="when",
        ),
        tag("div", becomes, tag("ul", says)),
    )
