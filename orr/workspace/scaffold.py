"""Write new workspaces and workloads."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from orr.messages import Message, render, say
from orr.model.impact import FIELDS
from orr.model.release import Release
from orr.model.review import Review
from orr.source.yaml.writer import dump
from orr.system.atomic import write_atomically
from orr.system.paths import exists
from orr.system.resources import shipped
from orr.workspace.discovery import Guess, Seen
from orr.workspace.discussion import ATTRIBUTE
from orr.workspace.topics import Topic
from orr.workspace.updating import record

NO_TEAM = "unassigned"


class Preset(StrEnum):
    """What the policy of a new workspace asks."""

    FULL = "full"
    LAUNCH = "launch"
    CORE = "core"


LAUNCH_LISTS = ("staffing", "runbooks", "security-baseline", "rollback-plan", "reliability", "data-protection")
"""What a launch takes at least; the preset `launch` requires no other."""


def make_workspace(root: Path, repository: Path | None, language: str, preset: Preset = Preset.FULL) -> list[Path]:
    """Write `orr.yaml`, the checklists, the notebooks and a `.gitignore` into a folder.

    Parameters
    ----------
    root
        The folder.
    repository
        A repository outside it that workloads will name, to be allowed in `orr.yaml`.
    language
        The language of its reports, and of the comments.
    preset
        Whether all checklists are required, those of a launch, or of tiers 3 and 4 the core questions alone.

    Returns
    -------
    list of Path
        What was written; what was there before is left alone.
    """
    outside = []
    if repository is not None and not repository.resolve().is_relative_to(root.resolve()):
        outside = [os.path.relpath(repository.resolve(), root.resolve())]
    comment = {key: render(say(f"init.{key}"), language) for key in ("timezone", "repositories", "policy", "allow")}
    lists = f"    checklists: {_flow([*LAUNCH_LISTS])}\n" if preset is Preset.LAUNCH else ""
    core = "    items: core\n" if preset is Preset.CORE else ""
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
        f"{lists}"
        "  - tiers: [3, 4]\n"
        "    no_go: []\n"
        "    conditional: [high, medium]\n"
        "    sign_offs: [service-owner]\n"
        "    waiver_max_days: 180\n"
        f"{lists}{core}"
    )
    written = [root / "orr.yaml"]
    write_atomically(root / "orr.yaml", text.encode())
    for folder in ("checklists", "notebooks"):
        if not exists(root / folder):
            shutil.copytree(shipped(folder), root / folder, ignore=shutil.ignore_patterns(".*", "__pycache__"))
            if folder == "checklists":
                record(root / folder)
            written.append(root / folder)
    if not exists(root / ".gitignore"):
        write_atomically(root / ".gitignore", b"/reports/\n*.yaml.lock\n*.jsonl.lock\n")
        written.append(root / ".gitignore")
    return written


def merge_discussions(root: Path) -> list[Path]:
    """Add the line to `.gitattributes` that merges comments of both branches."""
    path = root / ".gitattributes"
    text = path.read_text(encoding="utf-8") if exists(path) else ""
    if ATTRIBUTE in text.splitlines():
        return []
    write_atomically(path, f"{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{ATTRIBUTE}\n".encode())
    return [path]


def make_workload(
    root: Path, name: str, repository: Path | None, language: str, seen: Seen, given: Mapping[str, Any] | None = None
) -> Path:
    """Write `workloads/<name>/workload.yaml`, each guess with a comment that says its source.

    Parameters
    ----------
    repository
        Where the workload's repository lies; None where it is the workload's own folder.
    seen
        What was found there.
    given
        What the user said: `title`, `launch` and `impact`, by field.

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
    said = given or {}

    def line(key: str, value: object, source: Guess | None, unseen: str, **found: object) -> str:
        comment = say("init.seen", source=source.source) if source else say(f"init.{unseen}", **found)
        return f"{dump({key: value}).rstrip()}  {_comment(comment, language)}\n"

    title, team, tier, contact, aws = (seen.guesses.get(key) for key in ("title", "team", "tier", "contact", "aws"))
    text = dump({"workload": name})
    if "title" in said:
        text += dump({"title": said["title"]})
    else:
        text += line("title", title.value if title else name, title, "no-title")
    if tier:
        text += line("tier", tier.value, tier, "no-title")
    text += f"impact:  {_comment(say('init.impact'), language)}\n"
    impact = said.get("impact", {})
    for key in FIELDS:
        text += f"  {key}: {_plain(impact.get(key))}  {_comment(say(f'init.impact.{key}'), language)}\n"
    text += "owner:\n"
    if team is None and contact is not None:
        text += "  " + line("team", NO_TEAM, None, "person", name=contact.value, place=contact.source)
    else:
        text += "  " + line("team", team.value if team else NO_TEAM, team, "no-team")
    if contact:
        text += "  " + line("contact", contact.value, contact, "no-team")
    text += f"launch: {said.get('launch') or 'null'}  {_comment(say('init.launch'), language)}\n"
    text += f"live_since: null  {_comment(say('init.live-since'), language)}\n"
    if repository is not None:
        text += dump({"repository": os.path.relpath(repository.resolve(), folder.resolve())})
    text += "tags: []\n"
    team_name = team.value if team else None
    text += "operating_model:\n"
    for layer in ("application", "infrastructure"):
        owner = _plain(team_name if layer == "application" else None)
        text += f"  {layer}: {{engineering: {owner}, operations: null}}\n"
    text += f"  governance: null  {_comment(say('init.governance'), language)}\n"
    text += f"  provider: null  {_comment(say('init.provider'), language)}\n"
    if aws:
        comment = _comment(say("init.seen", source=aws.source), language)
        text += f"aws: {{regions: {_flow(aws.value['regions'])}}}  {comment}\n"
    text += "".join(_paths(seen, language))
    write_atomically(path, text.encode())
    return path


def make_review(root: Path, name: str, seen: Seen) -> Path | None:
    """Write `workloads/<name>/review.yaml` with the environment that was found, if any was."""
    path = root / "workloads" / name / "review.yaml"
    environment = seen.guesses.get("environment")
    if environment is None or exists(path):
        return None
    review = Review(review=name, release=Release(environment=environment.value))
    write_atomically(path, dump(review.as_data()).encode())
    return path


def _paths(seen: Seen, language: str) -> Iterator[str]:
    """The lines of `paths`, and what lies where only a checklist can have checks look."""
    away = [one for one in seen.topics if one.patterns]
    own, fixed = ([one for one in away if one.convention.fixed is held] for held in (False, True))
    if own:
        yield f"paths:  {_comment(say('init.paths'), language)}\n"
    for topic in own:
        yield f"  {topic.convention.name}: {_flow(topic.patterns)}  {_comment(found(topic), language)}\n"
    if fixed:
        yield f"{_comment(say('init.fixed'), language)}\n"
    for topic in fixed:
        yield f"#   {topic.convention.name}: {_flow(topic.patterns)}  {_comment(found(topic), language)}\n"


def found(topic: Topic) -> Message:
    """What was found of a topic, in words."""
    return say("init.topic", title=topic.convention.title, n=len(topic.files), file=topic.files[0])


def _comment(what: Message, language: str) -> str:
    """A message as a comment: on one line, whatever a file's name holds."""
    return "# " + "".join(sign if sign.isprintable() else " " for sign in render(what, language))


def _plain(value: object) -> str:
    return dump(value).removesuffix("...\n").strip()


def _flow(values: Iterable[str]) -> str:
    return "[" + ", ".join(_quoted(one) if re.search(r"[,\[\]{}\n]", one) else _plain(one) for one in values) + "]"


def _quoted(text: str) -> str:
    """A text between quotation marks, on one line whatever it holds."""
    written = json.dumps(text, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff]", lambda found: f"\\u{ord(found[0]):04x}", written)
