"""Run a report notebook and read its verdict from its record alone.

Its parameters are known names with text values, and the verdict is what the notebook
recorded. What draws the page is loaded where it is drawn, which is mostly another process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from orr.execution.engines import STOCK, TIMEOUT, WORKER, engine_or_default, worker
from orr.execution.engines.workers import CannotFork, Lost, shared
from orr.execution.run import NotExecuted, execute, read
from orr.messages import Message, say
from orr.messages.errors import OrrError
from orr.system.paths import refusal
from orr.system.resources import shipped

PRELOAD = "orr.report.warming"
NOTEBOOK = "report.ipynb"


class ReportFailed(OrrError):
    """A notebook did not get to a report.

    Attributes
    ----------
    cause
        What failed.
    page
        The page that says so, where it could be written.
    """

    def __init__(self, cause: Message, page: Path | None = None) -> None:
        super().__init__(cause)
        self.cause = cause
        self.page = page


def run_report(
    workspace_root: Path,
    workload: str,
    out: Path,
    today: date,
    language: str,
    timeout: float = TIMEOUT,
    *,
    notebook: Path | None = None,
    engine: str | None = None,
    occasion: str | None = None,
    release: str | None = None,
    artifact: str | None = None,
    environment: str | None = None,
) -> dict[str, Any]:
    """Run the report notebook for a workload and write its four files.

    `out` gets `report.html`, `report.ipynb`, `assessment.json` and `calendar.ics`, together or not at
    all, and keeps no `report.pdf` of an earlier report. Where the run fails, they stay what they
    were, and `failed.html` beside them says what failed; the next run that succeeds removes it.

    Parameters
    ----------
    workspace_root
        The folder that holds `orr.yaml`.
    workload
        The workload's name.
    out
        Where the files go.
    today
        The day to assess for.
    language
        One of `orr.messages.LANGUAGES`.
    timeout
        How many seconds the notebook may take; then its process is killed.
    notebook
        Another notebook than our own; it must know the same parameters.
    engine
        One of `orr.execution.engines.ENGINES`; the quickest that works here where none is said.
    occasion, release, artifact, environment
        As `orr.report.open` takes them.

    Returns
    -------
    dict
        The recorded assessment (`orr.assessment/1`).

    Raises
    ------
    ReportFailed
        If there is no report, for whatever reason.
    """
    chosen = engine_or_default(engine)
    named = {"occasion": occasion, "release": release, "artifact": artifact, "environment": environment}
    kind = {key: value for key, value in named.items() if value}
    asked = (workspace_root, workload, out.absolute(), today, language, kind, timeout, notebook)
    if chosen != WORKER or worker.here is not None:
        return _report_here(*asked, chosen)
    try:
        workers = shared(PRELOAD) if notebook is None else shared()
        record: dict[str, Any] = workers.call(_report_here, *asked, WORKER, seconds=timeout, fresh=notebook is not None)
    except CannotFork as not_here:
        if engine is None:
            return _report_here(*asked, STOCK)
        raise _failed(say("report.failed.threads"), out, language) from not_here
    except Lost as lost:
        cause = say("report.failed.whole-timeout", n=timeout) if lost.late else say("report.failed.kernel")
        raise _failed(cause, out, language) from lost
    except worker.Crashed as crashed:
        raise _failed(say("report.failed.tool", problem=str(crashed)), out, language) from crashed
    return record


def _report_here(
    root: Path,
    workload: str,
    out: Path,
    today: date,
    language: str,
    kind: Mapping[str, str],
    timeout: float,
    notebook: Path | None,
    engine: str,
) -> dict[str, Any]:
    from orr.report.layout import laid_out
    from orr.report.page import NoResult, calendar_of, page_of, record_of
    from orr.report.publish import ASSESSMENT, CALENDAR, FAILED, HTML, PDF, in_lines, publish, written

    try:
        parameters = {
            "workload": workload,
            "workspace": str(root.resolve()),
            "today": today.isoformat(),
            "language": language,
            **kind,
        }
        template = deepcopy(own_notebook()) if notebook is None else read(notebook)
        executed = execute(template, parameters, name=NOTEBOOK, seconds=timeout, engine=engine)
        record = record_of(executed)
        _check(record, workload, today)
        if not _is_whole(executed):
            raise ReportFailed(say("report.failed.not-whole"))
        dates = calendar_of(executed)
        page = laid_out(page_of(executed, foreign=notebook is not None, calendar=CALENDAR if dates else None))
    except NoResult as none:
        raise _failed(none.cause, out, language) from none
    except (ReportFailed, NotExecuted) as failed:
        raise _failed(failed.cause, out, language) from failed
    except Exception as error:
        cause = say("report.failed.tool", problem=f"{type(error).__name__}: {error}")
        raise _failed(cause, out, language) from error
    assessment = in_lines(record)
    try:
        content = {NOTEBOOK: written(executed), ASSESSMENT: assessment, HTML: page}
        content |= {CALENDAR: dates} if dates else {}
        publish(out, content, remove=(FAILED, PDF) if dates else (FAILED, PDF, CALENDAR))
    except OSError as error:
        raise _failed(say("report.failed.not-written", problem=refusal(error)), out, language) from error
    if worker.here is not None:
        worker.here.left_nothing = notebook is None  # our own executes nobody else's code
    # Plain data: whoever gets it from another process would else load what reads notebooks.
    plain: dict[str, Any] = json.loads(assessment)
    return plain


def _is_whole(notebook: Any) -> bool:
    """Whether every cell of a notebook that was run was executed."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    return all(cell.execution_count is not None for cell in code)


def _check(record: dict[str, Any], workload: str, today: date) -> None:
    asked = f"{workload} {today}"
    recorded = f"{record.get('workload')} {record.get('today')}"
    if recorded != asked:
        raise ReportFailed(say("report.failed.other-workload", recorded=recorded, asked=asked))


@cache
def own_notebook() -> Any:
    """Read the notebook that comes with the package."""
    return read(shipped("notebooks") / NOTEBOOK)


def _failed(cause: Message, out: Path, language: str) -> ReportFailed:
    """Write the page that explains the failure, and leave other files alone."""
    from orr.report.layout import laid_out
    from orr.report.page import failure_page
    from orr.report.publish import FAILED, publish

    page = laid_out(failure_page(cause, language, _earlier(out)))
    try:
        publish(out, {FAILED: page})
    except OSError:
        return ReportFailed(cause)
    return ReportFailed(cause, out / FAILED)


def _earlier(out: Path) -> str | None:
    from orr.report.publish import ASSESSMENT

    try:
        record = json.loads((out / ASSESSMENT).read_text(encoding="utf-8"))
        return str(record["today"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
