"""Review form of the notebook: a session with the review, and its widget.

`open_form` is what `orr.review` calls; what is heavy is imported then.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orr.form.faulty import FaultyReview
    from orr.form.widget import ReviewForm


def open_form(
    workload: str | None, start: str | Path, by: str | None, language: str | None, today: str | date | None
) -> ReviewForm | FaultyReview:
    """Open a workload's form, or show its faults; see `orr.review`."""
    from orr.assessing import open_workspace
    from orr.form.faulty import FaultyReview
    from orr.form.widget import form_of
    from orr.messages import DEFAULT_LANGUAGE
    from orr.source.faults import FaultyInput

    try:
        workspace, language = open_workspace(start, today, language)
        name = workspace.workloads[0] if workload is None and len(workspace.workloads) == 1 else workload
        return form_of(workspace.checked_name(name), workspace, by, language, workspace.today if today else None)
    except FaultyInput as faulty:
        return FaultyReview(faulty, language or DEFAULT_LANGUAGE)
