"""The check `command`: exit status and JSON output of a program."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from orr.evidence.checks.http import value_faults
from orr.evidence.context import Context
from orr.evidence.documents.json_text import parse_json
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.parameters import Expects, Refused
from orr.evidence.kinds.traits import Refusal, check
from orr.evidence.live.bounds import Bound, Judged, Number, Plain, finding_of
from orr.evidence.live.credentials import Tokens
from orr.evidence.live.query import search, shown
from orr.evidence.live.templates import Filling, has_form
from orr.evidence.live.trusted import note, trusted_file, workspace_of
from orr.messages import say
from orr.model.content import Content
from orr.model.fields import After, Days, Within
from orr.model.finding import Finding, Outcome
from orr.system import processes
from orr.system.paths import is_file, relative_to
from orr.system.programs import MAX_BYTES, Done, NotRun, run

MAX_SECONDS = 900
NOT_RUN = (126, 127)  # what shells and their like answer for a program that cannot be run


class _Statuses(NamedTuple):
    """What an exit status means."""

    good: list[int]
    partial: list[int]
    unknown: list[int]


def _words(argv: list[str]) -> list[str]:
    if not argv or not argv[0] or has_form(argv[0]):
        raise Refused(say("act.command.no-program"), say("act.command.no-program.do"))
    if any("\0" in word for word in argv):
        raise Refused(say("act.command.nul"), say("act.command.nul.do"))
    return argv


Argv = Annotated[list[str], After(_words), Expects(say("act.expects.argv"))]
Status = Annotated[int, Within(ge=0, le=255), Expects(say("act.expects.exit"))]
Limit = Annotated[float, Within(gt=0, le=MAX_SECONDS), Expects(say("act.expects.limit", limit=MAX_SECONDS))]


def _verify(given: Mapping[str, Any]) -> Iterator[Refusal]:
    yield from value_faults(given)
    taken = set(_statuses(given.get("exit_status", 0)))
    for key in ("partial_status", "unknown_status"):
        means = set(given.get(key) or [])
        if means & taken:
            yield key, say("act.command.both"), say("act.command.both.do", key=key)
        taken |= means


@check(acts=True, seconds=MAX_SECONDS + 30, at_once=2, verify=_verify)
def command(
    context: Context,
    argv: Argv,
    folder: Literal["empty", "repository", "workspace"] = "empty",
    exit_status: Status | list[Status] = 0,
    partial_status: list[Status] | None = None,
    unknown_status: list[Status] | None = None,
    contains: str | None = None,
    value: str | None = None,
    equals: Plain | None = None,
    at_least: Number | None = None,
    at_most: Number | None = None,
    all_in: list[Plain] | None = None,
    none: bool = False,
    younger_than: Days | None = None,
    timeout: Limit = 60,
) -> Finding:
    """Run a program without a shell; check its status and JSON output."""
    tokens = Tokens()
    tokens.add_secret_names()
    bound = Bound(equals, at_least, at_most, all_in, none, younger_than)
    with tokens.guarded():
        words = [_program(context, argv[0]), *_arguments(context, argv[1:])]
        done = _run(context, words, folder, timeout)
        _note_files(context, words, folder)
        wrote = shown(tokens.hide(_last_line(done.errors) or _last_line(done.output)))
        wanted = _Statuses(_statuses(exit_status), partial_status or [], unknown_status or [])
        judged = [_status(done, argv[0], wrote, wanted, value is not None)]
        if judged[0].outcome is not Outcome.NOT_MET:
            if contains is not None:
                found = contains.encode() in done.output
                key = "act.command.contains" if found else "act.command.lacks"
                judged.append(Judged(Outcome.MET if found else Outcome.NOT_MET, say(key, text=contains)))
            if value is not None:
                if not done.output.strip():
                    raise Undetermined(say("act.command.silent", program=argv[0]))
                data = tokens.hidden(parse_json(done.output, argv[0], strict=True))
                judged.append(bound.judge(search(value, data, argv[0]), context.today, context.timezone))
    return tokens.hidden_finding(replace(finding_of(argv[0], judged), content=_script(argv[0], words[0])))


def _statuses(status: int | list[int]) -> list[int]:
    return [status] if isinstance(status, int) else status


def _program(context: Context, name: str) -> str:
    """Where a program lies: on the absolute folders of PATH, or in the workspace."""
    if Path(name).is_absolute():
        return name
    if "/" in name or os.sep in name:
        return str(trusted_file(context, name))
    found = processes.find_program(name, os.environ.get("PATH", os.defpath))
    if found is None:
        raise Undetermined(say("act.command.not-found", program=name))
    return found


def _script(name: str, program: str) -> tuple[Content, ...]:
    """The text of a program that lies in the workspace."""
    if Path(name).is_absolute() or ("/" not in name and os.sep not in name):
        return ()
    return (Content.of(name, Path(program).read_text("utf-8", "replace")),)


def _arguments(context: Context, templates: list[str]) -> list[str]:
    # No value starts with a dash (see `filling`), so none becomes an option.
    filling = Filling(context.workload)
    return [filling.text(template) for template in templates]


def _run(context: Context, words: list[str], folder: str, seconds: float) -> Done:
    with processes.temporary_folder() as empty:
        places = {"repository": lambda: context.repository, "workspace": lambda: workspace_of(context)}
        where = places.get(folder, lambda: Path(empty))()
        try:
            return run(words, where, os.environ, seconds)
        except NotRun as failed:
            given = {"program": words[0], "why": failed.why, "seconds": seconds, "limit": MAX_BYTES}
            raise Undetermined(say(f"act.command.{failed.kind}", **given)) from None


def _note_files(context: Context, words: list[str], folder: str) -> None:
    """Note files of workspace and repository that the command names."""
    root = {"repository": context.repository, "workspace": workspace_of(context)}.get(folder)
    for word in words:
        place = Path(word.rpartition("=")[2])
        if not place.is_absolute() and root is None:
            continue
        real = os.path.realpath((root or place) / place)
        reports = relative_to(real, str(workspace_of(context) / "reports"))
        if reports is None and not context.places.is_own(real) and is_file(Path(real)):
            note(context, Path(real))


def _status(done: Done, name: str, wrote: str, wanted: _Statuses, for_value: bool) -> Judged:
    if done.status in wanted.good:
        return Judged(Outcome.MET, say("act.command.status", status=done.status))
    said = say("act.command.wrote", text=wrote) if wrote else ""
    if done.status in wanted.partial:
        return Judged(Outcome.PARTIAL, say("act.command.partly", status=done.status, said=said))
    if done.status < 0:
        raise Undetermined(say("act.command.signal", program=name, signal=-done.status, said=said))
    if for_value or done.status in wanted.unknown or done.status in NOT_RUN:
        raise Undetermined(say("act.command.failed", program=name, status=done.status, said=said))
    says = say("act.command.other-status", status=done.status, wanted=wanted.good, said=said)
    return Judged(Outcome.NOT_MET, says)


def _last_line(raw: bytes) -> str:
    lines = raw.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
