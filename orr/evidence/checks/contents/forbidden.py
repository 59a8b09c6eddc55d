"""Files forbidden in a repository, by name or for the secrets in them."""

from __future__ import annotations

from collections.abc import Sequence

from orr.evidence.checks.contents.listing import rows, some
from orr.evidence.checks.contents.secrets import secret_in
from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.evidence.repository.globs import Pattern, read_pattern
from orr.evidence.repository.repository import MAX_BYTES
from orr.evidence.sentences import clauses, in_short
from orr.messages import Message, Said, say
from orr.model.finding import Finding, Outcome
from orr.system.paths import is_folder, is_link


def forbidden_in(context: Context, patterns: Sequence[str], secrets: bool, exempt: Sequence[Pattern]) -> Finding | None:
    """The finding that files lie there which must not; None where none does.

    Parameters
    ----------
    patterns
        For files that must not be there.
    secrets
        Whether the others are read for keys and passwords.
    exempt
        For files that are left out.
    """
    read = [read_pattern(pattern) for pattern in patterns]
    tracked = context.tracked()
    if tracked is None and not context.reader.tree.files:
        return Finding("", Outcome.UNKNOWN, say("evidence.files.empty"))
    hidden: dict[str, Message] = {} if tracked is not None else dict(context.reader.tree.refused)
    files = [
        path
        for path in sorted({*(context.reader.tree.files if tracked is None else tracked), *hidden})
        if not any(pattern.matches(path) for pattern in exempt)
    ]
    named = {path for pattern in read for path in context.reader.committed(pattern)}
    hits = [path for path in files if path in named or (path in hidden and any(one.matches(path) for one in read))]
    if hits:
        says = say("evidence.files.forbidden", n=len(hits), files=some(hits), patterns=in_short(patterns))
        return Finding("", Outcome.NOT_MET, says)
    unread: list[Said] = []
    if secrets:
        seen = _secrets(context, [path for path in files if path not in hidden], unread)
        if seen:
            said: list[Said] = [say("contents.at", path=path, why=why) for path, why in seen]
            says = say("evidence.files.secrets", n=len(seen), files=some(said))
            return Finding("", Outcome.NOT_MET, says, table=rows(seen))
    matters = [path for path in hidden if secrets or any(p.matches(path) or p.reaches_into(path) for p in read)]
    unread += [say("evidence.ground.refused", path=path, why=hidden[path]) for path in sorted(matters)]
    return Finding("", Outcome.UNKNOWN, unread[0]) if unread else None


def _secrets(context: Context, files: Sequence[str], unread: list[Said]) -> list[tuple[str, Message]]:
    seen = []
    for path in files:
        place = context.repository / path
        # A link has no content of its own, a submodule is a repository of its own.
        try:
            if is_link(place) or is_folder(place):
                continue
            why = secret_in(path, context.reader.read(path, MAX_BYTES, cut=True))
        except Undetermined as cannot:
            unread.append(cannot.why)
            continue
        if why is not None:
            seen.append((path, why))
    return seen


def clean(patterns: Sequence[str], secrets: bool, exempt: Sequence[tuple[Pattern, str]]) -> Message:
    """The sentence that nothing is there which must not, with what was left out."""
    parts: list[Said] = [say("evidence.files.none-forbidden", patterns=in_short(patterns))] if patterns else []
    parts += [say("evidence.files.no-secret")] if secrets else []
    parts += [say("evidence.files.exempt", path=pattern.path, reason=reason) for pattern, reason in exempt]
    return clauses(parts)
