"""Write what was decided as signed statements."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from orr.evaluate import Evaluation
from orr.model.release import Release
from orr.proof.attestation import DETACHED
from orr.proof.gate import judged
from orr.proof.passage import NOT_ASSESSED, Passage
from orr.proof.signing import envelope, is_pem, ssh_signature
from orr.proof.statements import statements, subjects, text_of
from orr.system.atomic import write_atomically
from orr.workspace.workspace import Workspace


def attest(
    workspace: Workspace, name: str, release: Release, now: datetime, key: str, by: str, out: Path
) -> tuple[Passage, list[Path]]:
    """Judge a release as the gate does, without emergencies, and sign what was decided.

    Parameters
    ----------
    workspace, name, release, now
        As for `gate`.
    key
        A private key: of PEM for envelopes, else of SSH, or `agent`.
    by
        Who attests it.
    out
        The folder for the statements.

    Returns
    -------
    tuple
        The gate's answer, and the files that were written; none where nothing could be assessed.

    Raises
    ------
    NoSubject
        If the release names no artifact and no whole commit.
    CannotSign
        If it cannot be signed; nothing is written then.
    """
    case = workspace.case(name, None, release)
    subjects(case.release)
    passage, found, run = judged(workspace, case, now)
    if found is None or run is None or passage.status == NOT_ASSESSED:
        return passage, []
    made = _signed(found, {"number": run.number, "day": run.today.isoformat(), "head": _head(workspace)}, now, key, by)
    for file, content in made.items():
        write_atomically(out / file, content)
    return passage, [out / file for file in made]


def _signed(found: Evaluation, run: Mapping[str, Any], now: datetime, key: str, by: str) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    pem = is_pem(key)
    for kind, statement in statements(found, run, now, by):
        text = text_of(statement)
        if pem:
            made[f"{kind}.dsse.json"] = envelope(text, Path(key).expanduser())
        else:
            made[f"{kind}.json"] = text
            made[f"{kind}.json{DETACHED}"] = ssh_signature(text, key).encode()
    return made


def _head(workspace: Workspace) -> str:
    from orr.history import History

    with closing(History(workspace.settings.history, workspace.root)) as history:
        return history.head()
