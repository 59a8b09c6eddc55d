"""What became of workloads as OpenMetrics 1.0, for Prometheus and what reads its files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from orr.evaluate import Verdict
from orr.formats.unread import Outcome, Unread
from orr.messages import render, say
from orr.messages.cleaning import one_line

_ERROR = "error"
_STATES = (*(verdict.value for verdict in Verdict), _ERROR)


def openmetrics(outcomes: Iterable[Outcome], today: date, language: str) -> str:
    """Write the verdict, items by state and days of validity left, per workload.

    A workload that could not be read is in the state `error` and has no other sample. No
    number stands for how ready a workload is.
    """
    verdicts: list[str] = []
    items: list[str] = []
    days: list[str] = []
    for one in outcomes:
        name = one.workload if isinstance(one, Unread) else one.case.workload.workload
        label = f'workload="{_escaped(name)}"'
        now = _ERROR if isinstance(one, Unread) else one.verdict.value
        verdicts += [f'orr_verdict{{{label},orr_verdict="{state}"}} {int(state == now)}' for state in _STATES]
        if isinstance(one, Unread):
            continue
        items += [f'orr_items{{{label},state="{state.value}"}} {count}' for state, count in one.counts.items()]
        if one.valid_until is not None:
            days.append(f"orr_verdict_lapse_days{{{label}}} {(one.valid_until - today).days}")
    families = (
        ("orr_verdict", "stateset", "", verdicts),
        ("orr_items", "gauge", "", items),
        ("orr_verdict_lapse_days", "gauge", "days", days),
    )
    lines: list[str] = []
    for family, kind, unit, samples in families:
        lines += [f"# TYPE {family} {kind}", *([f"# UNIT {family} {unit}"] if unit else [])]
        lines += [f"# HELP {family} {_escaped(render(say(f'formats.help.{family}'), language))}", *samples]
    return "\n".join([*lines, "# EOF", ""])


def _escaped(text: str) -> str:
    return one_line(text).replace("\\", "\\\\").replace('"', '\\"')
