"""Notify owners of drift: recipients, language and content."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from orr.evaluate import Verdict
from orr.fleet.recheck import Rechecked
from orr.formats.record import recorded_headline
from orr.messages import Message, render, say
from orr.messages.cleaning import one_line

if TYPE_CHECKING:
    from orr.fleet.notify import Notice
    from orr.workspace.workspace import Workspace


def notify_all(
    workspace: Workspace,
    changed: Sequence[Rechecked],
    to: str | None,
    reports: Path | str,
    language: str,
    *,
    only_worse: bool,
) -> list[Message]:
    """Notify every channel that asked for it; a failing channel stops no other.

    Parameters
    ----------
    workspace
        Whose `notify` says which team hears of its workloads where.
    changed
        The workloads that drifted.
    to
        Where all of it is told besides.
    reports
        Their folder, or the address of the store that they were sent to.
    language
        Of what is told there, and to teams that chose none.
    only_worse
        Whether only what got worse is told, and that something recovered.

    Returns
    -------
    list of Message
        What did not arrive, and why.
    """
    from orr.fleet.notify import NotNotified, send

    failures: list[Message] = []
    if only_worse:
        changed = [one for one in changed if one.regressions or one.recovers]
    by_team: dict[str, list[Rechecked]] = {}
    for one in changed:
        workload = workspace.workload(one.result.workload)
        if workload is not None and workload.owner.team in workspace.settings.notify:
            by_team.setdefault(workload.owner.team, []).append(one)
    for team, theirs in sorted(by_team.items()):
        channel = workspace.settings.notify[team]
        try:
            send(channel.to, notice(workspace, theirs, reports, channel.language or language, only_worse=only_worse))
        except NotNotified as lost:
            failures.append(say("cli.recheck.team-not-notified", team=team, why=lost.why))
    if to is not None and changed:
        try:
            send(to, notice(workspace, changed, reports, language, only_worse=only_worse))
        except NotNotified as lost:
            failures.append(say("cli.recheck.not-notified", why=lost.why))
    return failures


def notice(
    workspace: Workspace, changed: Sequence[Rechecked], reports: Path | str, language: str, *, only_worse: bool
) -> Notice:
    """What drifted, for people and for programs."""
    from orr.fleet.notify import Notice

    reports = workspace.settings.report_url or reports
    about = [_about(one, reports, language, only_worse=only_worse) for one in changed]
    first = render(_headline(changed[0]), language)
    title = render(say("fleet.notify.title", n=len(changed), first=first), language)
    paragraphs = []
    for one, told in zip(changed, about, strict=True):
        lines = [render(_headline(one), language), *(f"- {line}" for line in told["changes"])]
        paragraphs.append("\n".join([*lines, *([told["report"]] if told["report"] else [])]))
    said = [(one["workload"], [one["headline"], *one["changes"]]) for one in about]
    text = "\n".join(f"{workload}: {'; '.join(filter(None, lines))}" for workload, lines in said)
    content = {"format": "orr.drift/1", "today": workspace.today.isoformat(), "text": text, "workloads": about}
    return Notice(title, "\n\n".join(paragraphs), content)


def _headline(one: Rechecked) -> Message:
    now, was = one.result.assessment, one.verdict_before
    if now is None:
        return say("fleet.notify.lost", workload=one.result.workload)
    if was is not None and was != now["verdict"]:
        before, after = Verdict(was), recorded_headline(now)
        return say("fleet.notify.turned", workload=one.result.workload, before=before, after=after)
    return say("fleet.notify.still", workload=one.result.workload, verdict=recorded_headline(now))


def _about(one: Rechecked, reports: Path | str, language: str, *, only_worse: bool) -> dict[str, Any]:
    """One changed workload, for programs."""
    now = one.result.assessment
    told: dict[str, Any] = {"workload": one.result.workload}
    told["headline"] = render(recorded_headline(now), language) if now is not None else None
    for key in ("verdict", "decision", "valid_until"):
        told[key] = now[key] if now is not None else None
    told["verdict_before"] = one.verdict_before
    said = one.regressions if only_worse and not one.recovers else one.says
    told["changes"] = [one_line(render(line, language)) for line in said]
    told["report"] = _link(reports, one) if now is not None else None
    return told


def _link(reports: Path | str, one: Rechecked) -> str:
    """Where the report is: below an address, or its file."""
    parts = [one.result.workload, *([one.release] if one.release else []), "report.html"]
    if isinstance(reports, Path):
        return str(reports.joinpath(*parts))
    return "/".join([reports.rstrip("/"), *(quote(part, safe="") for part in parts)])
