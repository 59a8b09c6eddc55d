"""The review form of the notebook: a session that holds the review, and the widget that shows it.

`show` is what `orr.review` calls; what is heavy is imported then.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path


def show(
    workload: str | None,
    workspace: str | Path,
    by: str | None,
    language: str | None,
    today: str | date | None,
) -> None:
    """Open a workload's review and show its form below the cell; see `orr.review`."""
    from orr.form.widget import display_form, display_problem
    from orr.source.faults import FaultyInput

    if isinstance(today, str):
        today = date.fromisoformat(today)
    try:
        display_form(workload, Path(workspace), by, language, today)
    except FaultyInput as faulty:
        display_problem(faulty, language)
