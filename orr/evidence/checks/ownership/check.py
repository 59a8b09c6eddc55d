"""The check `ownership`: parts, quadrants and agreements have owners who exist and can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Annotated, Literal

from orr.evidence.checks.ownership.aspects import OwnershipResult, worst
from orr.evidence.checks.ownership.parts import Sources, judge_owners, judge_parts, read_sources
from orr.evidence.checks.ownership.quadrants import judge_agreements, judge_quadrants
from orr.evidence.context import Context
from orr.evidence.kinds.parameters import Expects, Globs, Texts
from orr.evidence.kinds.traits import check
from orr.messages import Said, say
from orr.model.content import Content
from orr.model.fields import Before, Within
from orr.model.finding import Finding, Table

MAX_ROWS = 200

_Name = Literal["parts", "owners", "quadrants", "agreements"]
Aspects = Annotated[
    list[_Name],
    Within(min_length=1),
    Before(lambda value: [value] if isinstance(value, str) else value),
    Expects(say("ownership.expects")),
]
"""One side of ownership or a list of them."""


@check(day="never", git=True, movable=("codeowners", "catalog", "contacts", "agreements", "owners"))
def ownership(
    context: Context,
    aspects: Aspects | None = None,
    codeowners: Globs | None = None,
    catalog: Globs | None = None,
    known: Texts | None = None,
    contacts: Globs | None = None,
    agreements: Globs | None = None,
    owners: Globs | None = None,
) -> Finding:
    """Check the owners of parts, quadrants and agreements."""
    chosen = dict.fromkeys(aspects or ["parts", "owners", "quadrants", "agreements"])
    folders = owners or [*context.usual("owners"), *context.usual("inventory"), *context.usual("maintainers")]
    entries = catalog or context.usual("catalog")
    read = read_sources(context, codeowners or context.usual("codeowners"), entries, folders)
    judged: list[OwnershipResult] = []
    for name in chosen:
        if name == "parts":
            judged.append(judge_parts(context, read, known or []))
        elif name == "owners":
            judged.append(judge_owners(context, read, known or []))
        elif name == "quadrants":
            judged.append(judge_quadrants(context, contacts or context.usual("contacts"), read.entities))
        else:
            judged.append(judge_agreements(context, agreements or context.usual("agreements")))
    judged.sort(key=lambda one: -one.severity_of)
    ends = [one.holds_until for one in judged if one.holds_until is not None]
    sentences = list({str(one.says): one.says for one in judged}.values())
    says = reduce(lambda first, second: say("ownership.sentences", first=first, second=second), sentences)
    return Finding(
        "",
        worst([one.outcome for one in judged]),
        says,
        min(ends, default=None),
        table=_table(judged),
        content=tuple(_contents(read, judged)),
        nothing=all(one.nothing for one in judged),
    )


def _contents(read: Sources, judged: list[OwnershipResult]) -> Iterator[Content]:
    """Rules and entries on ownership by file, and who answers for quadrants and agreements."""
    by_file: dict[str, list[str]] = {}
    if any(one.name in ("parts", "owners") for one in judged):
        if read.codeowners is not None:
            rules = ((one.section and f"[{one.section}]", one.pattern, *one.owners) for one in read.codeowners.rules)
            by_file[read.codeowners.path] = [" ".join(filter(None, words)) for words in rules]
        for entity in read.entities:
            by_file.setdefault(entity.path, []).append(f"{entity.kind} {entity.name}: {entity.owner}")
        for folder in read.folders:
            by_file.setdefault(folder.path, []).append(" ".join((f"{folder.folder}/", *folder.owners)))
    for file, lines in by_file.items():
        yield Content.of(file, "\n".join(lines))
    for one in judged:
        for about, text in one.content:
            yield Content.of(about, text)


def _table(judged: list[OwnershipResult]) -> Table | None:
    rows: list[tuple[Said, ...]] = [
        (say(f"ownership.aspect.{one.name}"), *row)
        for one in judged
        for row in sorted(one.rows, key=lambda row: not row[2])
    ]
    if not rows:
        return None
    columns = tuple(say(f"ownership.column.{name}") for name in ("aspect", "what", "owner", "lacks"))
    return Table(columns, tuple(rows[:MAX_ROWS]))
