"""Bind evidence and answers to the release that a verdict is about. Pure.

What names a subject counts for that subject alone, and is compared with its own kind only. Where it names another
one, or none where the item demands one, what it proves of this release is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from orr.messages import Message, say
from orr.model.checklist import AnsweredBy, Item
from orr.model.finding import Finding, Outcome
from orr.model.release import MEETS, Demand, Release, Subject, SubjectKind, stated
from orr.model.review import Answer

_KEPT = frozenset({Outcome.NOT_MET, Outcome.UNKNOWN})
"""Outcomes that no subject makes better or worse."""


def bound(item: Item, findings: tuple[Finding, ...], release: Release) -> tuple[Finding, ...]:
    """Findings as they count for a release: unknown where they prove something of another one.

    Parameters
    ----------
    item
        Says which subjects its evidence has to name.
    findings
        What its checks found.
    release
        What the verdict is about.
    """
    if not demanded(item, release) and not any(finding.subjects for finding in findings):
        return findings
    return tuple(_bound(item, finding, release) for finding in findings)


def demanded(item: Item, release: Release) -> tuple[Demand, ...]:
    """Subjects that an item's evidence must name, always or where a release gives them."""
    given = (one for one in item.subject_if_released if any(map(release.gives, MEETS[one])))
    return tuple(dict.fromkeys((*item.subject, *given)))


def _bound(item: Item, finding: Finding, release: Release) -> Finding:
    if finding.outcome in _KEPT:
        return finding
    why = tuple(_why_unbound(demanded(item, release), finding.subjects, release))
    if not why:
        return finding
    return replace(finding, outcome=Outcome.UNKNOWN, says=say("rule.subject.finding", why=why, says=finding.says))


def answer_unbound(
    item: Item, answer: Answer | None, attached: Sequence[Subject], release: Release
) -> tuple[Message, ...]:
    """Why what a person answered does not count for a release.

    Parameters
    ----------
    item
        Says which subjects its evidence has to name.
    answer
        What counts for it, and which release it was given on, if it says so.
    attached
        What the files that were attached to it name.
    release
        What the verdict is about.
    """
    if answer is None or (answer.answer is None and answer.plan is None):
        return ()
    given = () if answer.release is None else stated(answer.release, say("rule.subject.answer", by=answer.by))
    subjects = (*given, *attached)
    demands = demanded(item, release) if not item.checks else _of_persons(item)
    if demands and answer.answer is not None:
        return tuple(_why_unbound(demands, subjects, release))
    return tuple(_others(subjects, release))


def _of_persons(item: Item) -> tuple[Demand, ...]:
    """Subjects that a person's answer must name, where no check names the release."""
    return item.subject if item.answered_by in (AnsweredBy.PERSON, AnsweredBy.BOTH) else ()


def _why_unbound(demands: Sequence[Demand], subjects: Sequence[Subject], release: Release) -> Iterator[Message]:
    others = list(_others(subjects, release))
    yield from others
    if others:
        return
    for demand in demands:
        kinds = MEETS[demand]
        if not any(release.gives(kind) for kind in kinds):
            yield say(f"rule.subject.no-{demand}-given")
        elif not any(one.kind in kinds and release.is_about(one) for one in subjects):
            yield say(f"rule.subject.no-{demand}-told")


def _others(subjects: Iterable[Subject], release: Release) -> Iterator[Message]:
    """Messages on places whose subjects of one kind all belong to another release."""
    together: dict[tuple[str, SubjectKind], list[Subject]] = {}
    for subject in subjects:
        together.setdefault((repr(subject.place), subject.kind), []).append(subject)
    for (_, kind), group in together.items():
        if release.gives(kind) and not any(map(release.is_about, group)):
            own = release.images if kind in (SubjectKind.IMAGE, SubjectKind.ARTIFACT) else getattr(release, kind.value)
            yield say(
                f"rule.subject.other.{kind.value}",
                place=group[0].place,
                value=_in_short(group[0].value, kind),
                own=_in_short(own[0] if isinstance(own, tuple) else own, kind),
            )


def _in_short(value: str, kind: SubjectKind) -> str:
    """A commit or a digest by its first digits, as people compare them."""
    if kind is SubjectKind.COMMIT:
        return value[:12]
    head, mark, digest = value.partition("sha256:")
    return f"{head}{mark}{digest[:12]}…" if mark else value


def release_in_words(release: Release) -> Message:
    """Release that a verdict is about, in a line, or that nothing is bound."""
    if not release:
        return say("rule.release.none")
    parts = []
    if release.version is not None:
        parts.append(say("rule.release.version", version=release.version))
    if release.commit is not None:
        parts.append(say("rule.release.commit", commit=_in_short(release.commit, SubjectKind.COMMIT)))
    if release.images:
        shown = [_in_short(image, SubjectKind.IMAGE) for image in release.images[:2]]
        parts.append(say("rule.release.images", shown=shown, n=len(release.images)))
    if release.environment is not None:
        key = "rule.release.environment" if parts else "rule.release.environment-alone"
        parts.append(say(key, environment=release.environment))
    lacking = [demand for demand, kinds in MEETS.items() if not any(map(release.gives, kinds))]
    key = f"rule.release.without-{'-'.join(lacking)}" if lacking else "rule.release.about"
    return say(key, parts=parts)
