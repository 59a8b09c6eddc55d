"""Requirements of a workload as plain data, to be compared on later days. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from orr.evaluate.applies import left_out
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.ballot import without_signatures
from orr.evaluate.case import Case, unit_name, units_of
from orr.evaluate.milder import Requirements
from orr.evaluate.states import decider
from orr.model.base import plain
from orr.model.checklist import CheckSpec, Item, Section
from orr.model.digest import TEXTS, asked
from orr.model.fields import Text
from orr.model.finding import Evidence

_OF_ITEMS = {*TEXTS, "item", "risk", "blocking", "checks", "answered_by", "when", "occasions", "enforce_from"}
"""What is told otherwise, or matters only by whether the item is asked at all."""
_OF_WORKLOADS = {"workload", "title", "tier", "impact", "owner", "checklists", "tags"}


def requirements(case: Case, today: date) -> dict[str, Any]:
    """Collect everything that decides how much is asked of a workload.

    Returns
    -------
    dict
        `tier`, and the one `claimed`; `occasion`, `team`, `tags`; `workload`: the further keys of `workload.yaml`
        by their dotted names, and where links lead from a repository; `timezone`; `sources`: what else than
        files groups of checks ask; `release`: which parts of the release the review names, and so are compared on
        every run (what is named for one run alone is asked of no other);
        `inherits`: whose answers count here; `policy`: the row of the tier;
        `checklists`: their versions; `items`: each that applies on the day, with its risk, who decides it,
        its checks and its wording as digests, and every key that is not the default; `signers`: the principals of
        each line of the file of signers, and `revoked`: the digest of the list of revoked keys, where there are these.
    """
    workload = case.workload
    sources = {f"team:{workload.owner.team}": case.team_answers, "organization": case.organization_answers}
    shared = {f"{scope}.repository": path for scope, path in case.shared_repositories.items()}
    shared |= {f"{scope}.repository.link".removeprefix("workload."): path for scope, path in case.linked.items()}
    return {
        "tier": case.tier,
        "claimed": workload.tier,
        "occasion": case.review.occasion.value,
        "team": workload.owner.team,
        "tags": sorted(workload.tags),
        "workload": _flat(without_signatures(workload.as_data(without=_OF_WORKLOADS))) | shared,
        "timezone": str(case.timezone),
        "sources": sorted(set(case.sources)),
        "release": sorted(case.review.release.as_data()),
        "inherits": [source for source, answers in sources.items() if answers],
        "policy": _policy(case),
        "checklists": {checklist.checklist: checklist.version for checklist in case.checklists},
        "items": _items(case, today),
        **({"signers": dict(case.proofs.signers)} if case.proofs.signers is not None else {}),
        **({"revoked": case.proofs.revoked} if case.proofs.revoked is not None else {}),
    }


def subjects_named(items: Sequence[ItemAssessment], evidence: Evidence) -> dict[str, list[str]]:
    """Kinds of subject named by each item's evidence; without them no release is bound."""
    found: dict[str, list[str]] = {}
    for part in (part for item in items for part in (item.choices or (item,))):
        subjects = [*evidence.attached.get(part.name, ()), *(one for f in part.findings for one in f.subjects)]
        if subjects:
            found[part.name] = sorted({one.kind.value for one in subjects})
    return found


def requirements_digest(required: Requirements) -> str:
    """SHA-256 of what is required; equal where nothing of it changed."""
    return "sha256:" + _hash(required)


def _policy(case: Case) -> dict[str, Any]:
    row = {one.name: plain(getattr(case.policy, one.name)) for one in fields(case.policy) if one.name != "tiers"}
    if not case.policy.core_only:
        del row["items"]
    if case.policy.binds == "workload":
        del row["binds"]
    if not case.policy.needs_signatures:
        del row["signatures"]
    return {**row, "distinct": case.policy.needs_distinct_voters(case.tier)}


def _items(case: Case, today: date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for checklist in case.checklists:
        for section, item in units_of(checklist):
            name = unit_name(checklist, section, item)
            if any(left_out(one, case, today) is None for one in (section.items if item is None else (item,))):
                found[name] = _unit(section, item)
    return found


def _unit(section: Section, item: Item | None) -> dict[str, Any]:
    # The same for every workload that is asked it, and on every day.
    if item is None:
        return section.memoised("required", lambda: _section(section))
    return item.memoised("required", lambda: _item(item))


def _item(item: Item) -> dict[str, Any]:
    keys = {one.name: getattr(item, one.name) for one in fields(item) if one.name not in _OF_ITEMS}
    usual = {one.name: one.default for one in fields(item)}
    return {
        "risk": item.risk.value if item.risk is not None else None,
        **({"blocking": True} if item.blocking else {}),
        "decided_by": decider(item).value,
        **{name: plain(value) for name, value in keys.items() if value != usual[name]},
        "ask": _wording(item.ask),
        **({"replaces": list(item.replaces)} if item.replaces else {}),
        **({"checks": sorted(_check(one) for one in item.checks)} if item.checks else {}),
    }


def _section(section: Section) -> dict[str, Any]:
    wording = {mark for choice in section.items for mark in _wording(choice.ask)}
    return {
        **({"blocking": True} if section.blocking else {}),
        "rules": asked((section, None)),
        "ask": sorted(wording),
    }


def _check(spec: CheckSpec) -> str:
    return f"{spec.check} {_hash(spec.as_data())[:8]}"


def _wording(text: Text) -> list[str]:
    """Digests of a question in each of its languages, without regard to white space and capitals."""
    texts = [text] if isinstance(text, str) else list(text.values())
    return sorted({_hash(" ".join(one.casefold().split()))[:8] for one in texts})


def _flat(data: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in data.items():
        found |= _flat(value, f"{above}{key}.") if isinstance(value, dict) else {above + key: value}
    return found


def _hash(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
