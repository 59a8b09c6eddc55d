"""Names that a shell completes: workloads, items and checklists. A fault completes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from orr.messages.errors import OrrError

if TYPE_CHECKING:
    from orr.workspace.workspace import Workspace

Complete = Callable[[click.Context, click.Parameter, str], list[str]]


def _completing(names: Callable[[Workspace], Iterable[str]]) -> Complete:
    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        from orr.workspace.workspace import Workspace

        given = ctx.params.get(param.name or "") or ()
        try:
            return [
                name
                for name in names(Workspace.open(".", despite_faults=True))
                if name.startswith(incomplete) and name not in given
            ]
        except (OrrError, OSError):
            return []

    return complete


workloads = _completing(lambda workspace: workspace.workloads)
items = _completing(lambda workspace: sorted({*workspace.catalogue.items, *workspace.catalogue.ruled}))
checklists = _completing(lambda workspace: sorted(workspace.checklists))


def exported(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """What `orr export` takes after the form: workloads, or checklists."""
    from orr.formats.outputs import CHECKLISTS

    of_checklists = ctx.params.get("form") in CHECKLISTS
    return (checklists if of_checklists else workloads)(ctx, param, incomplete)
