"""Compare what is required with what was: list whatever is not provably stricter. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, NamedTuple

from orr.evaluate.withdrawn import Stood, gone
from orr.messages import Message, Said, say
from orr.model.checklist import AnsweredBy, Occasion, Risk, Scope

Requirements = Mapping[str, Any]
"""What is required, in JSON types; see `orr.evaluate.requirements`."""

_RISKS = tuple(risk.value for risk in Risk)
_DEFAULTS = {"waivable": True, "scope": Scope.WORKLOAD.value, "valid_for": 365, "plan_accepted": False,
             "evidence": "optional"}  # fmt: skip
_STRICTEST = {"waivable": False, "scope": Scope.WORKLOAD.value, "plan_accepted": False, "evidence": "required",
              "decided_by": AnsweredBy.BOTH.value}  # fmt: skip
"""Where one of these is set, nothing can be laxer for it; any other change of the key may be."""
SUBJECT = "rule.milder.subject"
"""The change that evidence does not name its subject any more, which is not known before checks have run."""

_SUBJECTS = ("subject", "subject_if_released")
_LEAVE, _LINK = "leave_out.", "repository.link"
_SHOWN_APART = {"risk", "blocking", "checks", "ask", "rules", "replaces"}


class Earlier(NamedTuple):
    """What was required before.

    Attributes
    ----------
    kind
        `run`, `decision` (the run of the last decision), `votes` (the commit of the last votes), `commit`,
        `history`, where that cannot be read, or `gone`, of workloads that may be this one under an earlier name.
    name
        The day of the run, the commit, or the names.
    required
        What was required then; None where it cannot be known.
    why
        Why it cannot, or what of it cannot.
    day
        The day of the commit, where it is known.
    stood
        What stood in a run against the launch, or let a release pass against it.
    """

    kind: str
    name: str
    required: Requirements | None
    why: Said | None = None
    day: date | None = None
    stood: Stood | None = None

    @property
    def says(self) -> Message:
        """What it is, in words."""
        if self.day is None:
            return say(f"rule.earlier.{self.kind}", name=self.name)
        return say(f"rule.earlier.{self.kind}-of", name=self.name, day=self.day)


class Milder(NamedTuple):
    """A change of what is required, and since when it is one."""

    change: Message
    since: tuple[Earlier, ...]

    @property
    def says(self) -> Message:
        """The change with what it was compared with."""
        return say("rule.milder.since", change=self.change, since=[one.says for one in self.since])


def milder_than(
    earlier: Sequence[Earlier],
    required: Requirements,
    stands: Stood | None = None,
    ids: Mapping[str, str] | None = None,
) -> tuple[Milder, ...]:
    """List each change once, with all that it is a change from.

    Parameters
    ----------
    earlier
        What was required before, and what stood then.
    required
        What is required now.
    stands
        What stands now; None where that is not looked at.
    ids
        The present names of items by those that they replaced.
    """
    found: dict[str, tuple[Message, list[Earlier]]] = {}
    for one in earlier:
        changes = [*gone(one.stood, stands, ids or {})] if one.stood is not None and stands is not None else []
        for change in (*changes, *(() if one.required is None else milder(one.required, required))):
            found.setdefault(repr(change), (change, []))[1].append(one)
    return tuple(Milder(change, tuple(since)) for change, since in found.values())


def uncompared(earlier: Sequence[Earlier]) -> tuple[Message, ...]:
    """Why earlier requirements could not be compared, or that there were none."""
    gone = tuple(say("rule.milder.gone-folders", names=one.name) for one in earlier if one.kind == "gone")
    doubtful = [(one.says, one.why) for one in earlier if one.why is not None]
    unknown = tuple(say("rule.milder.unknown", what=what, why=why) for what, why in doubtful)
    if unknown or any(one.required is not None for one in earlier):
        return (*unknown, *gone)
    return (say("rule.milder.nothing"), *gone)


def compared(earlier: Sequence[Earlier]) -> Message | None:
    """With what was compared, and what else there is none of; None where with nothing."""
    held = [one.says for one in earlier if one.required is not None]
    if not held:
        return None
    kinds = {one.kind for one in earlier}
    there = {
        "run": {"run", "decision", "history"},
        "decision": {"decision", "votes", "history"},
        "commit": {"commit", "votes"},
    }
    missing = [say(f"rule.earlier.no-{kind}") for kind, any_of in there.items() if not kinds & any_of]
    return say("rule.milder.compared-but" if missing else "rule.milder.compared", what=held, missing=missing)


def milder(before: Requirements, after: Requirements) -> tuple[Message, ...]:
    """List by name everything that changed and is not provably stricter.

    Parameters
    ----------
    before, after
        As `orr.evaluate.requirements.requirements` gives them.

    Returns
    -------
    tuple
        In words; nothing where the two are equal.
    """
    return (
        *_statements(before, after),
        *_workload(before["workload"], after["workload"]),
        *_policy(before["policy"], after["policy"]),
        *_signers(before, after),
        *_items(before, after),
        *_subjects(before, after),
    )


def _statements(before: Requirements, after: Requirements) -> Iterator[Message]:
    if after["tier"] > before["tier"]:
        yield _changed("tier", before["tier"], after["tier"])
    elif (after.get("claimed") or 0) > (before.get("claimed") or after["tier"]):
        yield say("rule.milder.claimed", claimed=after["claimed"], tier=after["tier"])
    if after["occasion"] not in (before["occasion"], Occasion.LAUNCH.value):
        yield _changed("occasion", Occasion(before["occasion"]), Occasion(after["occasion"]))
    for tag in _gone(before["tags"], after["tags"]):
        yield say("rule.milder.tag", tag=tag)
    for part in _gone(before.get("release", ()), after.get("release", ())):
        yield say("rule.milder.release", part=part)
    for source in _gone(before.get("sources", ()), after.get("sources", ())):
        yield say("rule.milder.source", source=source)
    for key in ("team", "timezone"):
        if before[key] != after[key]:
            yield _changed(key, before[key], after[key])
    for source in _gone(after["inherits"], before["inherits"]):
        kind, _, team = source.partition(":")
        yield say(f"rule.milder.inherits-{kind}", team=team)


def _workload(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Message]:
    """Changed values of the workload, any of which may be laxer."""
    changed = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    for key in changed:
        if not key.startswith(_LEAVE):
            kind, name = ("link", key.removesuffix(".link")) if key.endswith(_LINK) else ("key", key)
            yield say(f"rule.milder.{kind}", key=name, before=_value(before.get(key)), after=_value(after.get(key)))
    # Without its leave a list is asked again; a leave that is new, or another one, is one change whatever of it moved.
    for name in dict.fromkeys(key.split(".")[1] for key in changed if key.startswith(_LEAVE) and key in after):
        was, now = (keys.get(f"{_LEAVE}{name}.expires") for keys in (before, after))
        yield say("rule.milder.key", key=f"{_LEAVE}{name}", before=_value(was), after=_value(now))


def _policy(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Message]:
    for key in sorted({*before, *after}):
        was, now = before.get(key), after.get(key)
        if was != now and not _is_stricter(key, was, now, after):
            yield say("rule.milder.policy", key=key, before=_value(was), after=_value(now))


def _signers(before: Requirements, after: Requirements) -> Iterator[Message]:
    """Newly admitted signing keys, and a changed list of revoked keys."""
    was, now = before.get("signers"), after.get("signers")
    if was is not None and now is None:
        yield say("rule.milder.no-signers")
    elif was is not None and now is not None and (new := [mark for mark in now if mark not in was]):
        yield say("rule.milder.signers", who=sorted({now[mark] for mark in new}))
    if before.get("revoked") not in (None, after.get("revoked")):
        yield say("rule.milder.revoked")


def _is_stricter(key: str, was: Any, now: Any, policy: Mapping[str, Any]) -> bool:
    """Whether a policy key asks for more: shorter term, more roles or risks, true."""
    if isinstance(was, bool) or isinstance(now, bool):
        return was is False and now is True
    if key in ("items", "binds", "signatures"):
        return bool(was == "core" or now in ("artifact", "required"))
    if isinstance(was, int) and isinstance(now, int):
        return now < was
    if key == "conditional":  # a risk that stops the launch is one of these all the more
        now = [*(now or ()), *policy["no_go"]]
    return key in ("no_go", "conditional", "sign_offs") and not _gone(was or (), now or ())


def _items(before: Requirements, after: Requirements) -> Iterator[Message]:
    lists = set(_gone([*before["checklists"]], [*after["checklists"]]))
    old, new = before["items"], after["items"]
    ids = {was: name for name, item in new.items() for was in item.get("replaces", ())}
    gone = [name for name in old if ids.get(name, name) not in new]
    for checklist in sorted(lists):
        n = sum(_list_of(name) == checklist for name in gone)
        yield say("rule.milder.checklist", name=checklist, n=n)
    for name in gone:
        if _list_of(name) not in lists:
            yield say("rule.milder.gone", item=name)
    changes: dict[str, Message] = {}
    for was, item in old.items():
        name = ids.get(was, was)
        if name in new and item != new[name]:
            changes |= {repr(change): change for change in _item(name, item, new[name], after["policy"])}
    yield from changes.values()


def _subjects(before: Requirements, after: Requirements) -> Iterator[Message]:
    """Evidence that no longer names its subject; empty where one side has none."""
    named = after.get("named", before.get("named", {}))
    for item, kinds in before.get("named", {}).items():
        for kind in _gone(kinds, named.get(item, ())) if item in after["items"] else ():
            yield say(SUBJECT, item=item, kind=say(f"rule.milder.subject.{kind}"))


def _item(name: str, was: Mapping[str, Any], now: Mapping[str, Any], policy: Mapping[str, Any]) -> Iterator[Message]:
    risks = was.get("risk"), now.get("risk")
    if risks[0] != risks[1] and not _weighs_more(*risks, policy):
        before, after = (Risk(risk) if risk is not None else _value(None) for risk in risks)
        yield say("rule.milder.risk", item=name, before=before, after=after)
    if was.get("blocking") and not now.get("blocking"):
        yield say("rule.milder.not-blocking", item=name)
    for key in sorted({*was, *now} - _SHOWN_APART):
        before, after = (one.get(key, _DEFAULTS.get(key)) for one in (was, now))
        if key in _SUBJECTS:  # what is demanded in any case is demanded of a release all the more
            stricter = not _gone(before or (), (*(after or ()), *now.get("subject", ())))
        else:
            stricter = key == "valid_for" and after < before
        if before != after and not stricter and (key not in _STRICTEST or after != _STRICTEST[key]):
            yield say("rule.milder.of-item", item=name, key=key, before=_value(before), after=_value(after))
    checks = Counter(was.get("checks", ())) - Counter(now.get("checks", ()))
    if checks:
        yield say("rule.milder.checks", item=name, checks=sorted({check.split()[0] for check in checks}))
    elif now.get("evidence") == "required" and len(now.get("checks", ())) > len(was.get("checks", ())):
        yield say("rule.milder.check-as-evidence", item=name)
    for old in _gone(was.get("replaces", ()), now.get("replaces", ())):  # votes, waivers and answers of that name
        yield say("rule.milder.replaces", item=name, old=old)
    if was.get("rules") != now.get("rules"):
        yield say("rule.milder.rules", item=name)
    if _gone(was["ask"], now["ask"]):
        yield say("rule.milder.reworded", item=name)


def _weighs_more(before: str | None, after: str | None, policy: Mapping[str, Any]) -> bool:
    """Whether a risk is higher, and stands no lower with the policy for it."""
    if before is None or after is None or _RISKS.index(after) > _RISKS.index(before):
        return False
    weights = [2 if risk in policy["no_go"] else int(risk in policy["conditional"]) for risk in (before, after)]
    return weights[1] >= weights[0]


def _list_of(item: str) -> str:
    return item.partition("/")[0]


def _gone(before: Sequence[str], after: Sequence[str]) -> list[str]:
    return sorted(set(before) - set(after))


def _changed(key: str, before: object, after: object) -> Message:
    return say(f"rule.milder.{key}", before=before, after=after)


def _value(value: Any) -> object:
    """A value of a file as a reader takes it in."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        with suppress(ValueError):
            return datetime.fromisoformat(value) if len(value) > len("2026-01-31") else date.fromisoformat(value)
    return say("rule.milder.none") if value in (None, [], "") else value
