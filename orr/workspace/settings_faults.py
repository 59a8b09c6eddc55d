"""Faults of what `orr.yaml` says that its form does not show."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from orr.messages import say
from orr.model.settings import CRITICAL, PolicyRow, Settings
from orr.source.faults import Fault
from orr.source.file import InputFile
from orr.system import clock
from orr.system.paths import exists
from orr.system.ssh_signatures import KeygenRefused, read_bounded
from orr.workspace.crosscheck import Catalogue
from orr.workspace.tiers import tier_faults

ACTIONS = ("tickets",)
"""What `allow` may name beside kinds of check: commands that reach other systems."""


def settings_faults(
    file: InputFile, settings: Settings, root: Path, is_workload: Callable[[str], bool]
) -> Iterator[Fault]:
    """Faults of settings that name an unknown zone, tier, checklist, kind or source."""
    if clock.zone(settings.timezone) is None:
        yield file.fault_at(("timezone",), "workspace.timezone", zone=settings.timezone)
    yield from tier_faults(file, settings, is_workload)
    yield from _signature_faults(file, settings, root)
    for c, name in enumerate(settings.checklists or ()):
        try:
            if not exists(root / name):
                yield file.fault_at(("checklists", c), "workspace.no-checklists", path=name)
        except OSError as error:
            problem = os.strerror(error.errno or 0)
            yield file.fault_at(("checklists", c), "workspace.unreadable", problem=problem)
    for c, kind in enumerate(settings.allow):
        from orr.evidence.kinds.registry import is_built_in, known_kinds  # most workspaces allow none

        if kind not in ACTIONS and not is_built_in(kind) and kind not in (known := known_kinds()):
            yield file.fault_at(("allow", c), "workspace.no-kind", kind=kind, known=[*known, *ACTIONS])
    for c, (name, given) in enumerate(settings.sources.items()):
        from orr.evidence.checks.service.recipes import service_named, services  # most workspaces name none
        from orr.evidence.kinds.registry import known_kinds

        at = ("sources", c if isinstance(file.data["sources"], list) else name)
        if service_named(name) is None and name not in (kinds := known_kinds()):
            known = sorted({*kinds, *(one.service for one in services())})
            yield file.fault_at(at, "workspace.no-source", name=name, known=known)
        takes = sorted(_takes(name))
        for key in (one for one in given if one not in takes):
            where = (*at, key)
            yield file.fault_at(
                where, "workspace.no-source-value", key=key, name=name, known=takes or say("words.none")
            )


def _takes(source: str) -> set[str]:
    """Settings that a source can have: its recipes' parameters and a product's address."""
    if source == "aws":
        from orr.evidence.checks.aws.recipes import library

        return {name for recipe in library().values() for name in recipe.needs}
    from orr.evidence.checks.service.recipes import service_named

    product = service_named(source)
    return {"at", *(name for one in product.recipes.values() for name in one.values)} if product is not None else set()


def _signature_faults(file: InputFile, settings: Settings, root: Path) -> Iterator[Fault]:
    """Faults of unreadable signers' files, and demands for signatures without signers."""
    for key in ("signers", "revoked"):
        path = getattr(settings, key)
        try:
            _ = read_bounded(root / path, key, root) if path is not None else b""
        except KeygenRefused as refused:
            if refused.kind == "outside":
                yield file.fault_at((key,), "workspace.signers-outside", path=path)
                continue
            yield file.fault_at((key,), "workspace.no-signers", path=path, problem=refused.problem)
    if settings.signers is None:
        if settings.revoked is not None:
            yield file.fault_at(("revoked",), "workspace.revoked-alone")
        for r, row in enumerate(settings.policy):
            if row.needs_signatures:
                yield file.fault_at(("policy", r, "signatures"), "workspace.unsigned-policy")


def policy_faults(file: InputFile, settings: Settings, catalogue: Catalogue) -> Iterator[tuple[PolicyRow, Fault]]:
    """What rows of the policy require that there is not, or may not leave out."""
    for r, row in enumerate(settings.policy):
        if row.core_only and min(row.tiers) <= CRITICAL:
            yield row, file.fault_at(("policy", r, "items"), "cross.core-only", tiers=row.tiers)
        for c, name in enumerate(row.checklists or ()):
            for fault in catalogue.unknown_checklist(file, ("policy", r, "checklists", c), name):
                yield row, fault
