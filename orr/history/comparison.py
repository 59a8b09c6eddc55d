"""Comparison of two recorded runs of a workload. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from orr.evaluate import Decision, State, Verdict
from orr.evaluate.milder import milder
from orr.evaluate.states import CLOSED, severity_of
from orr.evaluate.withdrawn import gone, stood_in
from orr.history.drift import Drift, DuePassed, Lapsing, StateChange, VersionChange, WeightChange
from orr.model.checklist import Occasion, Risk

Record = Mapping[str, Any]
"""An assessment in the form `orr.assessment/1`."""


def alike(before: Record, after: Record) -> bool:
    """Whether two assessments answer the same questions: like can be compared with like."""
    keys = ("occasion", "checklists_digest")
    return all(before.get(key) == after.get(key) for key in keys)


def like_with_like(last: Record, after: Record, earlier: Record | None) -> Drift:
    """Compare with the last run, item by item with the last run of equal demands.

    Parameters
    ----------
    last, after
        The last run of the workload, and the present one.
    earlier
        The last run on the same digest of checklists, where it is not the last of all;
        None where there is none: then every item that a checklist asks otherwise is
        told apart from those that the workload changed.
    """
    found = drift(last, after)
    if earlier is None:
        return found
    items = drift(earlier, after)
    return replace(found, states=items.states, asked_otherwise=(), new=items.new, removed=items.removed, checklists=())


def drift(before: Record, after: Record) -> Drift:
    """Compare two recorded assessments of one workload.

    Parameters
    ----------
    before, after
        In the form `orr.assessment/1`, in the order of their recording. What items of the
        later one replace are those items.

    Returns
    -------
    Drift
        Without regard to the order of items, and to words: the same run told in two
        languages has no drift.
    """
    before = _by_new_ids(before, after)
    old, new = _states(before), _states(after)
    otherwise = _asked_otherwise(before, after)
    both = [StateChange(name, old[name], new[name]) for name in new if name in old and old[name] != new[name]]
    was, now = _active(before), _active(after)
    verdict = _changed(Verdict, "verdict", before, after)
    return Drift(
        workload=str(after["workload"]),
        occasion=_changed(Occasion, "occasion", before, after),
        verdict=verdict,
        decision=_changed(Decision, "decision", before, after),
        milder=(
            *gone(stood_in(before), stood_in(after), {}),
            *(milder(before["requirements"], after["requirements"]) if "requirements" in before else ()),
        ),
        states=tuple(change for change in both if change.item not in otherwise),
        asked_otherwise=tuple(change for change in both if change.item in otherwise),
        weights=() if verdict is None else tuple(_weights(before, after)),
        new=tuple((name, new[name]) for name in new if name not in old),
        removed=tuple((name, old[name]) for name in old if name not in new),
        waivers_begun=tuple(name for name in now if name not in was),
        waivers_ended=tuple(name for name in was if name not in now),
        waivers_removed=tuple(sorted(_waivers(before) - _waivers(after))),
        due_passed=tuple(_due_passed(before, after)),
        lapsing=tuple(_lapsing(before, after)),
        checklists=tuple(_versions(before.get("checklists", {}), after.get("checklists", {}))),
    )


def _by_new_ids(before: Record, after: Record) -> Record:
    """Earlier record under the items' present ids; of several merged, the worst state."""
    ids = {old: item["item"] for item in after["items"] for old in item.get("replaces", ())}
    if not any(item["item"] in ids for item in before["items"]):
        return before
    items: dict[str, Mapping[str, Any]] = {}
    for item in before["items"]:
        name = ids.get(item["item"], item["item"])
        known = items.get(name)
        if known is None or severity_of(State(item["state"])) > severity_of(State(known["state"])):
            items[name] = {**item, "item": name}
    parts = {
        key: [{**part, "item": ids.get(part["item"], part["item"])} for part in before.get(key, ())]
        for key in ("lapses", "path_to_go")
    }
    return {**before, **parts, "items": list(items.values())}


def _changed(kind: type[Any], key: str, before: Record, after: Record) -> Any:
    pair = kind(before[key]), kind(after[key])
    return None if pair[0] is pair[1] else pair


def _waivers(record: Record) -> set[str]:
    return {waiver["waiver"] for waiver in record["waivers"]}


def _states(record: Record) -> dict[str, State]:
    return {item["item"]: State(item["state"]) for item in sorted(record["items"], key=lambda item: str(item["item"]))}


def _asked_otherwise(before: Record, after: Record) -> frozenset[str]:
    """Items in both runs whose demands changed in between."""
    old = {item["item"]: item.get("asked") for item in before["items"]}
    new = {item["item"]: item.get("asked") for item in after["items"]}
    return frozenset(name for name, mark in new.items() if mark and old.get(name) and old[name] != mark)


def _weights(before: Record, after: Record) -> Iterator[WeightChange]:
    was = {item["item"]: item for item in before["items"]}
    for item in sorted(after["items"], key=lambda item: str(item["item"])):
        old, state = was.get(item["item"]), State(item["state"])
        if old is None or old["state"] != state or state in CLOSED:
            continue
        if not {"risk", "blocking"} <= {*old}.intersection(item):
            continue
        risk, blocking = (Risk(old["risk"]), Risk(item["risk"])), (bool(old["blocking"]), bool(item["blocking"]))
        if risk[0] is not risk[1] or blocking[0] is not blocking[1]:
            yield WeightChange(item["item"], state, risk, blocking)


def _lapsing(before: Record, after: Record) -> Iterator[Lapsing]:
    told = {(lapse["item"], lapse["on"]) for lapse in before.get("lapses", ())}
    now = _states(after)
    for lapse in after.get("lapses", ()):
        name, state = lapse["item"], State(lapse["state"])
        if (name, lapse["on"]) not in told:
            yield Lapsing(date.fromisoformat(lapse["on"]), name, state, now.get(name) is state)


def _active(record: Record) -> list[str]:
    return sorted(waiver["waiver"] for waiver in record["waivers"] if waiver["active"])


def _due_passed(before: Record, after: Record) -> list[DuePassed]:
    told = {(step["item"], step["due"]) for step in before["path_to_go"] if _is_past(step, before["today"])}
    late = [step for step in after["path_to_go"] if _is_past(step, after["today"])]
    return [
        DuePassed(step["item"], step["owner"], date.fromisoformat(step["due"]))
        for step in late
        if (step["item"], step["due"]) not in told
    ]


def _is_past(step: Record, today: str) -> bool:
    return step["due"] is not None and step["due"] < today


def _versions(before: Mapping[str, int], after: Mapping[str, int]) -> list[VersionChange]:
    names = sorted({*before, *after})
    return [
        VersionChange(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    ]
