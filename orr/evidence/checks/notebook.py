"""The check `notebook`: execute a runbook notebook and keep the copy."""

from __future__ import annotations

import ast
import hashlib
import json
import keyword
import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.parameters import Expects, Refused
from orr.evidence.kinds.traits import check
from orr.evidence.live.credentials import Tokens
from orr.evidence.live.query import shown
from orr.evidence.live.templates import Filling
from orr.evidence.live.trusted import trusted_file, workspace_of
from orr.evidence.masking import changed, without_secrets
from orr.messages import Message, Said, say
from orr.model.content import Content
from orr.model.fields import After, Days, Within
from orr.model.finding import Finding, Outcome

MAX_SECONDS = 3_600
MAX_KEPT = 20_000_000
KEPT_IN = "evidence"  # the folder below a workload's reports
_BINARY = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")


def _names(parameters: dict[str, Any]) -> dict[str, Any]:
    for name in parameters:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise Refused(say("act.notebook.name", name=name), say("act.notebook.name.do"))
    try:
        json.dumps(parameters, allow_nan=False)
    except (TypeError, ValueError):
        raise Refused(say("act.notebook.json"), say("act.notebook.json.do")) from None
    return parameters


Parameters = Annotated[dict[str, Any], After(_names), Expects(say("act.expects.parameters"))]
Limit = Annotated[float, Within(gt=0, le=MAX_SECONDS), Expects(say("act.expects.limit", limit=MAX_SECONDS))]


# One at a time: papermill changes state of the whole process.
@check(acts=True, seconds=MAX_SECONDS + 120, at_once=1)
def notebook(
    context: Context,
    path: str,
    parameters: Parameters | None = None,
    good_for: Days | None = None,
    timeout: Limit = 600,
) -> Finding:
    """Execute a runbook notebook of the workspace with papermill."""
    from orr.execution import run as notebookrun

    tokens = Tokens()
    tokens.add_secret_names()
    with tokens.guarded():
        file = trusted_file(context, path)
        given = Filling(context.workload).data(parameters or {})
        try:
            template = notebookrun.read(file)
            _look_at(template, path, given)
            executed = notebookrun.execute(template, given, name=path, seconds=timeout, keep=True)
        except notebookrun.NotExecuted as failed:
            kept: Said = "" if failed.notebook is None else _keep(context, file, given, failed.notebook, tokens)
            says = say("act.notebook.failed", path=path, why=failed.cause, kept=kept)
            if not failed.by_cell:
                raise Undetermined(says) from None
            return tokens.hidden_finding(Finding("", Outcome.NOT_MET, says))
        kept = _keep(context, file, given, executed, tokens)
        cells = [cell for cell in _code(executed) if "injected-parameters" not in cell.metadata.get("tags", ())]
        run = [cell for cell in cells if cell.execution_count is not None and not _raised(cell)]
    figures = {"path": path, "n": len(run), "of": len(cells), "day": context.today, "kept": kept}
    if len(run) < len(cells):  # it ended itself, or a cell was left out
        return tokens.hidden_finding(Finding("", Outcome.NOT_MET, say("act.notebook.not-all", **figures)))
    until = None if good_for is None else context.today + timedelta(days=good_for)
    ran = Content.of(path, "\n\n".join(cell.source for cell in _code(template)))
    return tokens.hidden_finding(Finding("", Outcome.MET, say("act.notebook.run", **figures), until, content=(ran,)))


def _code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def _raised(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def _look_at(template: Any, path: str, given: Mapping[str, Any]) -> None:
    language = template.metadata.get("kernelspec", {}).get("language", "python")
    if str(language).lower() != "python":
        raise Undetermined(say("act.notebook.language", path=path, language=shown(language)))
    cells = _code(template)
    declared = [cell for cell in cells if "parameters" in cell.metadata.get("tags", ())]
    if len(cells) == len(declared):
        raise Undetermined(say("act.notebook.no-code", path=path))
    # papermill itself would only warn of a name that the notebook does not know.
    known = {name for cell in declared[:1] for name in _assigned(cell.source)}
    unknown = [name for name in given if name not in known]
    if unknown:
        raise Undetermined(say("act.notebook.unknown", path=path, names=unknown))


def _assigned(source: str) -> Iterator[str]:
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError):
        return
    for statement in statements:
        if isinstance(statement, ast.Assign):
            yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id


def _keep(context: Context, file: Path, given: Mapping[str, Any], executed: Any, tokens: Tokens) -> Message:
    """Save the executed notebook without secrets and return its path."""
    import nbformat

    from orr.system.atomic import write_atomically

    def clean(text: str) -> str:
        return without_secrets(tokens.hide(text))

    for cell in executed.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.from_dict(_cleaned(output, clean)) for output in cell.outputs]  # type: ignore[no-untyped-call]
    text = nbformat.writes(executed) + "\n"  # type: ignore[no-untyped-call]
    if len(text) > MAX_KEPT:
        raise Undetermined(say("act.notebook.too-large", path=file.name, limit=MAX_KEPT))
    asked = json.dumps([str(file), given], sort_keys=True)
    name = f"{file.stem}-{hashlib.sha256(asked.encode()).hexdigest()[:8]}.ipynb"
    place = Path("reports") / context.workload.workload / KEPT_IN / name
    real = workspace_of(context) / place
    if not Path(os.path.realpath(real.parent)).is_relative_to(workspace_of(context)):
        raise Undetermined(say("act.notebook.not-kept", place=place.as_posix(), why=say("evidence.ground.link-out")))
    try:
        write_atomically(real, text.encode())
    except OSError as error:
        raise Undetermined(say("act.notebook.not-kept", place=place.as_posix(), why=error.strerror or "")) from None
    return say("act.notebook.kept", place=place.as_posix())


def _cleaned(output: Any, clean: Any) -> Any:
    data = output.get("data", {})
    pictures = {kind: data[kind] for kind in _BINARY if kind in data}
    cleaned = changed(output, clean)
    if pictures:
        cleaned["data"].update(pictures)
    return cleaned
