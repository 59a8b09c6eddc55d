"""`orr schema`: JSON Schemas of the files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from orr.cli import frame
from orr.cli.language import current_language, words
from orr.cli.options import Folder
from orr.messages.cleaning import json_text

KINDS = ("orr", "checklist", "workload", "review", "team", "organization", "comment", "decision")


@frame.command("schema", dated=False)
@click.argument("kind", required=False, type=click.Choice(KINDS))
@frame.option("--out", type=Folder(), help="schema.out")
def command(kind: str | None, out: Path | None, today: date | None) -> int:
    """Print one schema, or all by kind; with `--out` write a file for each."""
    del today  # a schema is the same on every day
    from orr.formats.schemas import schemas
    from orr.proof.schema import decision_schema
    from orr.system.atomic import write_atomically

    made = {**schemas(current_language()), "decision": decision_schema()}
    wanted = {kind: made[kind]} if kind is not None else made
    if out is not None:
        for name, schema in wanted.items():
            path = out / f"{name}.schema.json"
            write_atomically(path, (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode())
            click.echo(words("wrote", path=path))
    else:
        frame.print_utf8()
        click.echo(json_text(made[kind] if kind is not None else wanted))
    return frame.Status.GOOD
