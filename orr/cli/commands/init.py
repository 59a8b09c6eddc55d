"""`orr init`: a new workload folder, and a workspace where there is none."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orr.cli import frame
from orr.cli.language import current_language, tell, words
from orr.cli.options import Folder
from orr.system.paths import exists

if TYPE_CHECKING:
    from orr.workspace.discovery import Seen
    from orr.workspace.workspace import Workspace

PRESETS = ("full", "launch", "core")


@frame.command("init")
@click.argument("name", required=False)
@frame.option("--repository", type=Folder(exists=True), help="init.repository")
@frame.option("--discover", is_flag=True, help="init.discover")
@frame.option("--yes", is_flag=True, help="init.yes")
@frame.option("--preset", type=click.Choice(PRESETS), help="init.preset")
@frame.option("--update", is_flag=True, help="init.update")
def command(
    name: str | None,
    repository: Path | None,
    discover: bool,
    yes: bool,
    preset: str | None,
    update: bool,
    today: date | None,
) -> int:
    """Create a workload, filled in as far as its repository allows; or update the workspace's checklists."""
    from orr.messages import say
    from orr.workspace.discovery import look_around
    from orr.workspace.scaffold import make_review, make_workload, merge_discussions
    from orr.workspace.services import slug
    from orr.workspace.topics import movable_topics

    if update and (name or repository or discover or preset):
        raise click.UsageError(words("init.name-or-update"))
    if update:
        return _update(today)
    if discover:
        return _discover(name, repository)
    if name is None:
        raise click.UsageError(words("init.no-name"))
    if not re.fullmatch(r"[^/\\\x00-\x1f.][^/\\\x00-\x1f]{0,127}", name):
        raise click.UsageError(words("init.bad-name", name=name))
    given: dict[str, Any] = {}
    if re.search(r"\s|[A-Z]", name):
        given["title"], name = name, slug(name)
        if not name:
            raise click.UsageError(words("init.bad-name", name=given["title"]))
    asks = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    workspace, repository = _workspace(repository, preset, today, asks)
    if "title" in given:
        click.echo(words("init.renamed", given=given["title"], name=name))
    if exists(workspace.folder(name) / "workload.yaml"):
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.init.exists", name=name))
    checklists = [read.model for read in workspace.checklist_files if read.model is not None]
    seen = look_around(repository, movable_topics(checklists))
    _show(seen)
    if asks:
        given |= _ask()
    written = [make_workload(workspace.root, name, repository, current_language(), seen, given)]
    written += filter(None, [make_review(workspace.root, name, seen)])
    written += merge_discussions(workspace.root)
    for path in written:
        click.echo(words("init.wrote", path=path.relative_to(workspace.root)))
    # A repository that orr.yaml does not allow is told here, not at the first check.
    workspace = frame.open_workspace_to_write(today)
    case = workspace.case(name)
    later = sorted({tier for row in workspace.settings.policy if row.core_only for tier in row.tiers})
    if later and case.tier not in later:
        click.echo(words("init.core-later", tier=case.tier, tiers=later))
    click.echo(words("init.next", name=name))
    return frame.Status.GOOD


def _update(today: date | None) -> int:
    """Take over what changed in the shipped checklists, and say what stays as it was edited."""
    from orr.messages import say
    from orr.workspace.updating import Outcome, update

    workspace = frame.open_workspace(today, despite_faults=True)
    try:
        found = update(workspace.root)
    except FileNotFoundError:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.init.no-copies")) from None
    for one in found:
        path = one.path.as_posix()
        if one.taken:
            click.echo(words(f"init.{one.outcome}", path=path, items=one.taken))
        if one.kept:
            key = "left" if one.outcome is Outcome.LEFT else "kept"
            click.echo(words(f"init.{key}", path=path, items=one.kept))
    same = sum(one.outcome is Outcome.SAME for one in found)
    click.echo(words("init.same", n=same))
    return frame.Status.GOOD


def _workspace(
    repository: Path | None, preset: str | None, today: date | None, asks: bool
) -> tuple[Workspace, Path | None]:
    """The workspace here, made where there is none, and the workload's repository."""
    from orr.messages import say
    from orr.messages.errors import OrrError
    from orr.source.faults import FaultyInput
    from orr.workspace.scaffold import Preset, make_workspace
    from orr.workspace.trust import SETTINGS, foreign, trust

    here = Path.cwd()
    try:
        opened = frame.open_workspace(today)
        if preset is not None:
            raise frame.Stop(frame.Status.BAD_INPUT, say("cli.init.preset-late"))
        return opened, repository
    except FaultyInput:
        if exists(here / SETTINGS) or any(
            exists(place / SETTINGS) and foreign(place) is None for place in here.parents
        ):
            raise  # one of another user above is nothing to this one
        doubt = foreign(here)
        if doubt is not None:
            raise FaultyInput([doubt]) from None
    repository = repository or _own_repository(here)
    if preset is None and asks:
        preset = click.prompt(words("init.preset"), default=PRESETS[0], type=click.Choice(PRESETS), show_choices=False)
    for path in make_workspace(here, repository, current_language(), Preset(preset or "full")):
        click.echo(words("init.wrote", path=path.relative_to(here)))
    with suppress(OrrError, OSError):  # it allows nothing yet, so it is as good without
        trust(here.resolve(), ())
    return frame.open_workspace(today), repository


def _own_repository(here: Path) -> Path | None:
    """The folder itself, where it holds anything yet: then the workspace is in the repository."""
    return here if any(path.name != ".git" for path in here.iterdir()) else None


def _discover(name: str | None, repository: Path | None) -> int:
    from orr.evidence.errors import Undetermined
    from orr.evidence.repository.repository import Repository
    from orr.messages import say
    from orr.messages.errors import OrrError
    from orr.workspace.services import services_in

    if name is not None:
        raise click.UsageError(words("init.discover-alone"))
    root = repository or Path.cwd()
    with suppress(OrrError):  # it speaks the language of a workspace, where there is one
        frame.open_workspace(None)
    try:
        found = services_in(Repository(root))
    except Undetermined as cannot:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.init.unread", why=cannot.why)) from None
    for one in found:
        click.echo(words("init.service", name=one.name, folder=(root / one.folder).as_posix(), by=one.by))
    click.echo(words("init.services" if found else "init.no-service", n=len(found), folder=root.as_posix()))
    return frame.Status.GOOD


def _show(seen: Seen) -> None:
    """Print what was found and where, and what nearly every service has and was not."""
    from orr.workspace.scaffold import found

    if seen.unread is not None:
        click.echo(words("init.unread", why=seen.unread))
    for key, guess in seen.guesses.items():
        click.echo(words("init.guess", key=words(f"init.key.{key}"), value=_value(guess.value), source=guess.source))
    for topic in seen.topics:
        key = "fixed" if topic.patterns and topic.convention.fixed else "own" if topic.patterns else "usual"
        click.echo(words(f"init.found.{key}", topic=found(topic), name=topic.convention.name))
    if seen.missing:
        click.echo(words("init.missing", titles=[one.title for one in seen.missing]))


def _value(value: Any) -> Any:
    return ", ".join(value["regions"]) if isinstance(value, dict) else value


def _ask() -> dict[str, Any]:
    """Ask for what no repository says; what is left empty stays open."""
    from orr.messages import say
    from orr.model.fields import Moment
    from orr.model.impact import FIELDS, Impact
    from orr.model.validation import adapter
    from orr.source.yaml import parse

    launch = _answer(words("init.ask.launch"), lambda text: adapter(Moment).validate_python(text) and text)
    click.echo(words("init.ask.impact"))
    impact = {}
    for key in FIELDS:

        def read(text: str, key: str = key) -> object:
            value = parse(text, "")
            adapter(Impact).validate_python({key: value})
            return value

        impact[key] = _answer(f"{key} ({tell(say(f'init.impact.{key}'))})", read)
    return {"launch": launch, "impact": impact}


def _answer(question: str, read: Callable[[str], object]) -> object:
    """Ask until the answer can be read, or is empty: then None."""
    from orr.model.validation import ValidationError
    from orr.source.faults import FaultyInput

    while True:
        text = str(click.prompt(question, default="", show_default=False)).strip()
        if not text:
            return None
        with suppress(ValidationError, FaultyInput):
            return read(text)
        click.echo(words("init.ask.again", value=text))
