"""Static HTML of the form for a notebook without a kernel."""

from __future__ import annotations

from html import escape
from typing import Any

from orr.evaluate import Evaluation
from orr.messages import render, say

ITEMS_AT_MOST = 200
NO_EMPTY_BOX = (
    # The output that would hold the living form says "Loading widget…" or "model not found" where no kernel feeds it.
    # Of so many children deep: a browser looks through the whole form for `:has(.orr-form)` whenever it changes.
    ".jp-OutputArea-child:has(+ .jp-OutputArea-child .orr-still)"
    ":not(:has(>*>.orr-form,>*>*>.orr-form,>*>*>*>.orr-form)){display:none}"
)
MARK = "orr-still"
"""The class of the still picture, by which the living form hides it."""


def still(assessment: Evaluation, language: str) -> dict[str, str]:
    """Draw an assessment for a notebook that lies still.

    Returns
    -------
    dict
        A MIME bundle: `text/html` and `text/plain`.
    """
    from orr.report.report import Report

    report = Report(assessment, language)
    parts = [report.summary(), report.forecast(), report.waivers(), report.votes()]
    # JupyterLab sanitizes the picture at each update, while people scroll and click.
    if len(assessment.path_to_go) <= ITEMS_AT_MOST:
        parts.insert(1, report.path_to_go())
    if len(assessment.items) <= ITEMS_AT_MOST:
        parts.append(report.items())
    from orr.report.styles import style

    note = render(say("form.still.note", today=assessment.today), language)
    body = "".join(str(part.standing()) for part in parts)
    foot = f'<p class="orr"><small>{escape(note)}</small></p>'
    html = f'<div class="{MARK}"><style>{NO_EMPTY_BOX}{style()}</style>{body}{foot}</div>'
    return {"text/html": html, "text/plain": f"{report.summary()!r}\n{note}"}


def waiting(assessment: Evaluation, language: str, *, checked: bool) -> dict[str, str]:
    """Interim status line; without a verdict before the checks have run."""
    about = {"workload": assessment.case.workload.title, "today": assessment.today}
    known = say("form.still.line", **about, verdict=assessment.headline)
    line = render(known if checked else say("form.still.unchecked", **about), language)
    return {
        "text/html": f'<div class="{MARK}"><style>{NO_EMPTY_BOX}</style><p>{escape(line)}</p></div>',
        "text/plain": line,
    }


def pictures(assessment: Evaluation, language: str) -> dict[str, Any]:
    """The path to go, the forecast and the pre-mortem's grid as markup, with their style."""
    from orr.report.report import Report
    from orr.report.styles import style

    report = Report(assessment, language)
    parts = {"path": report.path_to_go(), "readiness": report.readiness(), "forecast": report.forecast()}
    if assessment.case.review.pre_mortem:
        parts["grid"] = report.pre_mortem()
    return {"style": style(), **{name: str(part.standing()) for name, part in parts.items()}}
