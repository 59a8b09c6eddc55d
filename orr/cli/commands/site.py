"""`orr site`: a page, or one file, in which a review goes on without a server."""

from __future__ import annotations

import gzip
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import click

from orr.cli import frame
from orr.cli.language import current_language, words
from orr.messages import render, say
from orr.system.atomic import write_atomically
from orr.system.paths import exists, is_folder, shown_as

PYODIDE = "ORR_PYODIDE"
"""The environment variable that names the folder with Pyodide."""


@frame.command("site")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
@frame.workloads
@frame.option("--single", is_flag=True, help="site.single")
@frame.option(
    "--pyodide", type=click.Path(path_type=Path, file_okay=False), envvar=PYODIDE, metavar="FOLDER", help="site.pyodide"
)
@frame.option("--name", metavar="NAME", help="site.name")
def command(
    out: Path, workloads: tuple[str, ...], today: date | None, single: bool, pyodide: Path | None, name: str | None
) -> int:
    """Make a page in which reviews go on without a server."""
    from orr.site.facts import NotPacked

    try:
        return _made(out, workloads, today, single, pyodide, name)
    except NotPacked as refused:
        raise frame.Stop(frame.Status.BAD_INPUT, refused.why) from None


def _made(
    out: Path, workloads: tuple[str, ...], today: date | None, single: bool, brought: Path | None, name: str | None
) -> int:
    from orr.site import build, bytecode, packages, pyodide
    from orr.site.facts import NotPacked, facts_of

    workspace = frame.open_workspace(today)
    if workspace.simulated:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.site.today", today=workspace.today))
    if not single and is_folder(out) and any(out.iterdir()) and not exists(out / "parts" / "workspace.zip.packed"):
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.site.other-folder", path=shown_as(out)))
    names = list(dict.fromkeys(workloads or workspace.workloads))
    if not names:
        click.echo(words("no-workloads"), err=True)
        return frame.Status.BAD_INPUT
    folder = brought or Path("pyodide")
    core = pyodide.core_of(folder)
    browser = pyodide.parts_of(folder)
    click.echo(words("site.checking", workloads=names), err=True)
    facts = facts_of(workspace, names, _moment())
    click.echo(words("site.packs", n=len(facts.files)))
    for path, raw in facts.files.items():
        click.echo(f"  {_size(len(raw)):>9}  {path}")
    for path, why in facts.left_out.items():
        click.echo(words("site.left-out", path=path, why=why), err=True)
    for one, known in facts.page.recorded.items():
        if not known.is_whole:
            click.echo(words("site.not-whole", workload=one), err=True)
    click.echo(words("site.packing"), err=True)
    python: Mapping[str, bytes] = {**packages.packages(), **core}
    try:
        browser, python = bytecode.compiled(browser, python)
    except NotPacked as refused:
        click.echo(render(refused.why, current_language()), err=True)
    parts = build.parts_of(facts, browser, python, name or workspace.root.name, current_language())
    if single:
        raw = build.single_of(parts)
        write_atomically(out, raw)
        click.echo(words("site.done.single", path=shown_as(out), size=_size(len(raw)), packed=_size(_packed(raw))))
        return frame.Status.GOOD
    made = build.folder_of(parts)
    for path, raw in made.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(out / path, raw)
    size, sent = (sum(map(of, made.values())) for of in (len, _packed))
    click.echo(words("site.done", path=shown_as(out), n=len(made), size=_size(size), packed=_size(sent)))
    return frame.Status.GOOD


def _moment() -> datetime:
    """The moment that the page names; `SOURCE_DATE_EPOCH` in its place makes the same bytes again."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(given), UTC) if given.isdecimal() else datetime.now(UTC).replace(microsecond=0)


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"


def _packed(raw: bytes) -> int:
    """How much of a file goes over the line where the host packs it."""
    return len(gzip.compress(raw, 6))
