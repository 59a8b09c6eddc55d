"""The form of a workload's review for a notebook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orr.form.faulty import FaultyReview
    from orr.form.widget import ReviewForm


def review(
    workload: str | None = None,
    workspace: str | Path = ".",
    *,
    by: str | None = None,
    language: str | None = None,
    today: str | date | None = None,
) -> ReviewForm | FaultyReview:
    """Open the form of a workload's review, a widget.

    Parameters
    ----------
    workload
        The workload; it may be left out where there is only one.
    workspace
        The workspace, or a folder somewhere in it.
    by
        Who answers; else `$ORR_BY`, else the form asks once.
    language
        `en` or `zh-CN`; that of `orr.yaml` where it is not given.
    today
        The day to assess for, `YYYY-MM-DD`; the present day where it is not given. For
        another day the form only shows.

    Returns
    -------
    ReviewForm or FaultyReview
        A widget that shows itself at the end of a cell and stands in others. Its trait
        `verdict` can be observed. Where files are faulty it shows their faults, and has no
        verdict.

    Raises
    ------
    BadArgument
        If a parameter is not what it should be.
    """
    from orr.form import open_form

    return open_form(workload, workspace, by, language, today)
