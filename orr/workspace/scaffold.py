"""Write new workspaces and workloads."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from orr.messages import Message, render, say
from orr.model.impact import FIELDS
from orr.source.yaml.writer import dump
from orr.system.atomic import write_atomically
from orr.system.paths import exists
from orr.system.resources import shipped
from orr.workspace.discovery import Guess, guess, offers

NO_TEAM = "unassigned"
MAX_OFFERS = 20


def make_workspace(root: Path, repository: Path | None, language: str) -> list[Path]:
    """Write `orr.yaml`, the checklists and a `.gitignore` into a folder.

    Parameters
    ----------
    root
        The folder.
    repository
        A repository outside it that workloads will name, to be allowed in `orr.yaml`.
    language
        The language of its reports, and of the comments.

    Returns
    -------
    list of Path
        What was written; what was there before is left alone.
    """
    outside = []
    if repository is not None and not repository.resolve().is_relative_to(root.resolve()):
        outside = [os.path.relpath(repository.resolve(), root.resolve())]
    comment = {key: render(say(f"init.{key}"), language) for key in ("timezone", "repositories", "policy", "allow")}
    text = (
        f"timezone: UTC  # {comment['timezone']}\n"
        f"language: {language}\n"
        f"repositories: {_flow(outside)}  # {comment['repositories']}\n"
        "checklists: [checklists]\n"
        f"allow: []  # {comment['allow']}\n"
        f"policy:  # {comment['policy']}\n"
        "  - tiers: [1, 2]\n"
        "    no_go: [high]\n"
        "    conditional: [medium]\n"
        "    sign_offs: [service-owner, operations, security]\n"
        "    waiver_max_days: 90\n"
        "  - tiers: [3, 4]\n"
        "    no_go: []\n"
        "    conditional: [high, medium]\n"
        "    sign_offs: [service-owner]\n"
        "    waiver_max_days: 180\n"
    )
    written = [root / "orr.yaml"]
    write_atomically(root / "orr.yaml", text.encode())
    if not exists(root / "checklists"):
        shutil.copytree(shipped("checklists"), root / "checklists")
        written.append(root / "checklists")
    if not exists(root / ".gitignore"):
        write_atomically(root / ".gitignore", b"/reports/\n*.yaml.lock\n")
        written.append(root / ".gitignore")
    return written


def make_workload(root: Path, name: str, repository: Path | None, language: str) -> Path:
    """Write `workloads/<name>/workload.yaml`, each guess with a comment that says its source.

    Parameters
    ----------
    repository
        Where the workload's repository lies; None where it is the workload's own folder.

    Returns
    -------
    Path
        The new file.

    Raises
    ------
    FileExistsError
        If there is one already.
    """
    folder = root / "workloads" / name
    path = folder / "workload.yaml"
    if exists(path):
        raise FileExistsError(path)
    seen = guess(repository) if repository is not None else {}

    def line(key: str, value: object, source: Guess | None, unseen: str) -> str:
        comment = say("init.seen", source=source.source) if source else say(f"init.{unseen}")
        return f"{dump({key: value}).rstrip()}  # {render(comment, language)}\n"

    title, team, tier = seen.get("title"), seen.get("team"), seen.get("tier")
    contact = seen.get("contact")
    text = dump({"workload": name})
    text += line("title", title.value if title else name, title, "no-title")
    if tier:
        text += line("tier", tier.value, tier, "no-title")
    text += f"impact:  # {render(say('init.impact'), language)}\n"
    text += "".join(f"  {key}: null  # {render(say(f'init.impact.{key}'), language)}\n" for key in FIELDS)
    text += "owner:\n"
    text += "  " + line("team", team.value if team else NO_TEAM, team, "no-team")
    if contact:
        text += "  " + line("contact", contact.value, contact, "no-team")
    text += f"launch: null  # {render(say('init.launch'), language)}\n"
    text += f"live_since: null  # {render(say('init.live-since'), language)}\n"
    if repository is not None:
        text += dump({"repository": os.path.relpath(repository.resolve(), folder.resolve())})
    text += "tags: []\n"
    team_name = team.value if team else None
    text += "operating_model:\n"
    for layer in ("application", "infrastructure"):
        owner = dump(team_name if layer == "application" else None).replace("...", "").strip()
        text += f"  {layer}: {{engineering: {owner}, operations: null}}\n"
    text += f"  governance: null  # {render(say('init.governance'), language)}\n"
    text += f"  provider: null  # {render(say('init.provider'), language)}\n"
    text += "".join(f"# {render(line, language)}\n" for line in _offered(repository))
    write_atomically(path, text.encode())
    return path


def _offered(repository: Path | None) -> list[Message]:
    """What `orr init` saw in places where no check looks, to be named in a checklist."""
    found = offers(repository) if repository is not None else []
    lines = [
        say("init.offered", title=one.convention.title, n=len(one.files), file=one.files[0], pattern=one.pattern)
        for one in found[:MAX_OFFERS]
    ]
    return [say("init.offers"), *lines] if lines else []


def _flow(values: list[str]) -> str:
    return "[" + ", ".join(dump(value).replace("...", "").strip() for value in values) + "]"
