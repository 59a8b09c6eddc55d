"""Where in the workspace's files a change of what is required stands."""

from __future__ import annotations

from orr.evaluate.case import Case
from orr.messages import Message
from orr.model.checklist import Checklist
from orr.source.file import InputFile
from orr.system.paths import shown_as
from orr.workspace.trust import SETTINGS
from orr.workspace.workspace import Workspace

Keys = tuple[str | int, ...]

_STATED: dict[str, tuple[str, Keys]] = {
    "tier": ("workload", ("impact",)),
    "claimed": ("workload", ("tier",)),
    "tag": ("workload", ("tags",)),
    "team": ("workload", ("owner", "team")),
    "occasion": ("review", ("occasion",)),
    "release": ("review", ("release",)),
    "timezone": ("orr", ("timezone",)),
    "source": ("orr", ("sources",)),
}
"""The file and the key of a change that is not about an item."""

_KEYS = {"risk": "risk", "not-blocking": "blocking", "checks": "checks", "check-as-evidence": "checks",
         "rules": "risk_rules", "reworded": "ask", "replaces": "replaces"}  # fmt: skip
"""The key of an item that a change is one of."""


def place_of(workspace: Workspace, case: Case, change: Message) -> str | None:
    """File and line of a change for a workload, `path:line`; else None.

    Of a key that is gone it is the line of what held it.
    """
    kind, values = change.key.removeprefix("rule.milder."), change.values
    if "item" in values:
        return _of_item(workspace, str(values["item"]), str(values.get("key") or _KEYS.get(kind, "")))
    if kind == "policy":
        return _at(workspace, SETTINGS, ("policy", _row(workspace, case), str(values["key"])))
    if kind == "checklist":
        return _of_checklist(workspace, case, str(values["name"]))
    if kind == "inherits":
        scope, _, name = str(values["whose"]).partition(":")
        return _at(workspace, f"teams/{name}.yaml" if scope == "team" else "organization.yaml", ("answers",))
    if kind in ("key", "link"):
        key = str(values["key"])
        scope = key.removesuffix(".repository")
        if scope in ("team", "organization") and scope != key:
            shared = f"teams/{case.workload.owner.team}.yaml" if scope == "team" else "organization.yaml"
            return _at(workspace, shared, ("repository",))
        return _at(workspace, f"workloads/{case.workload.workload}/workload.yaml", tuple(key.split(".")))
    if kind == "tier" and case.workload.workload in workspace.settings.tiers:
        return _at(workspace, SETTINGS, ("tiers", case.workload.workload))
    file, keys = _STATED.get(kind, ("workload", ()))
    path = SETTINGS if file == "orr" else f"workloads/{case.workload.workload}/{file}.yaml"
    return _at(workspace, path, keys)


def _of_item(workspace: Workspace, item: str, key: str) -> str | None:
    """Position of an item's or section's key, else of the list it left."""
    checklist, _, name = item.partition("/")
    for read in workspace.checklist_files:
        if read.model is not None and read.file is not None and read.model.checklist == checklist:
            return _shown(read.file, (*unit_places(read.model).get(name, ()), key))
    return None


def unit_places(checklist: Checklist) -> dict[str, Keys]:
    """Where each item stands in its file, and each section that is judged as one."""
    found: dict[str, Keys] = {}
    for s, section in enumerate(checklist.sections):
        if section.risk_rules:
            found[section.section] = ("sections", s)
            continue
        for i, item in enumerate(section.items):
            found[item.item] = ("sections", s, "items", i)
    return found


def _of_checklist(workspace: Workspace, case: Case, name: str) -> str | None:
    """Where a checklist is declared not required, else where the choice is made."""
    for read in workspace.checklist_files:
        if (
            read.model is not None
            and read.file is not None
            and read.model.checklist == name
            and not read.model.required
        ):
            return _shown(read.file, ("required",))
    if case.policy.checklists is not None:
        return _at(workspace, SETTINGS, ("policy", _row(workspace, case), "checklists"))
    key = "leave_out" if name in case.workload.leave_out else "checklists"
    return _at(workspace, f"workloads/{case.workload.workload}/workload.yaml", (key,))


def _row(workspace: Workspace, case: Case) -> int:
    rows = workspace.settings.policy
    return rows.index(case.policy) if case.policy in rows else 0


def _at(workspace: Workspace, path: str, keys: Keys) -> str | None:
    file = workspace.root / path
    try:
        return _shown(InputFile(file, shown_as(file), file.read_bytes()), keys)
    except OSError:
        return None


def _shown(file: InputFile, keys: Keys) -> str:
    return f"{file.shown_as}:{file.place(keys).line}"
