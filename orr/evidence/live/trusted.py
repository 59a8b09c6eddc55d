"""Files of the organisation that a check may execute."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.messages import say
from orr.system.paths import is_file, relative_to

# Anyone writes these: they are data.
_OTHERS = ("workloads", "teams", "reports")
MAX_NOTED = 2**30


def workspace_of(context: Context) -> Path:
    """The folder that holds `orr.yaml`."""
    return Path(os.path.realpath(context.places.roots[0]))


def trusted_file(context: Context, path: str) -> Path:
    """A file of the workspace that may be run.

    It lies outside `workloads`, `teams` and `reports`, the repositories that `orr.yaml`
    names, and the workload's repository (unless that is the workspace itself); links are
    followed first.

    Raises
    ------
    Undetermined
        If it is not there, or does not lie where it may be run.
    """
    root = workspace_of(context)
    if Path(path).is_absolute() or "\0" in path:
        raise Undetermined(say("act.trusted.relative", path=path.replace("\0", "")))
    real = Path(os.path.realpath(root / path))
    others = [root / name for name in _OTHERS]
    others += [Path(os.path.realpath(one)) for one in (*context.places.roots[1:], context.repository)]
    if not real.is_relative_to(root) or any(real.is_relative_to(one) for one in others if one != root):
        raise Undetermined(say("act.trusted.outside", path=path))
    if not is_file(real):
        raise Undetermined(say("act.trusted.gone", path=path))
    note(context, real)
    return real


def note(context: Context, real: Path) -> None:
    """Note the present content of a file behind a finding."""
    root, below = workspace_of(context), relative_to(str(real), str(context.repository))
    try:
        if below is not None:
            context.read(below.replace(os.sep, "/"), MAX_NOTED)
        elif real.is_relative_to(root):
            with real.open("rb") as file:
                context.reader.ran[real] = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, Undetermined) as error:
        why = error.strerror or "" if isinstance(error, OSError) else error.why
        raise Undetermined(say("evidence.ground.refused", path=real.name, why=why)) from None
