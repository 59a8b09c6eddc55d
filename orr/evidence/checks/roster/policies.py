"""Choose the escalation policy that counts in a file."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from orr.evidence.checks.roster.shifts import Reading
from orr.evidence.errors import Undetermined
from orr.messages import say
from orr.model.person import name_key

MAX_NAMED = 5


def chosen(seen: Sequence[tuple[str, str]], path: str, reading: Reading) -> frozenset[str] | None:
    """Choose the policies that count, by id; None where any may.

    Parameters
    ----------
    seen
        The id and the name of each policy that the file names; an id alone where it has no name.
    path
        The file.
    reading
        Says which is asked for.

    Raises
    ------
    Undetermined
        If it is not there, or there are several and nothing is asked for.
    """
    names = dict(reversed(seen))
    if reading.policy is not None:
        wanted = name_key(reading.policy)
        found = frozenset(one for one, name in names.items() if wanted in (name_key(one), name_key(name)))
        if not found:
            raise Undetermined(say("roster.no-policy", path=path, policy=reading.policy, known=shown(names.values())))
        if len(found) > 1:  # of one name: their ids tell them apart
            raise Undetermined(say("roster.several-policies", path=path, known=shown(found)))
        return found
    if len(names) > 1 and not reading.names_roles:
        raise Undetermined(say("roster.several-policies", path=path, known=shown(names.values())))
    return None


def shown(names: Collection[str]) -> list[object]:
    """Shorten names for a message: the first few, in order."""
    several = sorted({name or "—" for name in names})
    more = [say("evidence.more", n=len(several) - MAX_NAMED)] if len(several) > MAX_NAMED else []
    return [*several[:MAX_NAMED], *more] or ["—"]
