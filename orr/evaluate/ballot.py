"""What a vote is given on, part by part, each with its digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from orr.evaluate.approvals import approvals_of
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.case import Case
from orr.model.checklist import Checklist
from orr.model.content import canonical, data_text, digest_of_text, folded
from orr.model.digest import GUIDANCE
from orr.model.finding import Evidence
from orr.model.review import Answer, EvidenceEntry, Review


class Part(NamedTuple):
    """A part of what is voted on.

    Attributes
    ----------
    kind
        `workload`, `review`, `policy`, `checklist`, `answer`, `evidence`, `outcome`, `content`, `waiver`, `signature`
        or `pre-mortem`.
    about
        Which: a key, an item, a file and its section.
    digest
        SHA-256 in hex.
    text
        Its words for a reader, which may be shortened; empty where the name says enough.
    """

    kind: str
    about: str
    digest: str
    text: str = ""

    @property
    def name(self) -> str:
        """Its name among all parts."""
        return f"{self.kind}:{self.about}"


Ballot = Mapping[str, Part]
"""Parts by name."""

_LATER = (("items", "all"), ("binds", "workload"), ("signatures", "optional"))
"""Keys of a policy that earlier versions lacked, as they meant it: older votes hold."""


def ballot_of(case: Case, evidence: Evidence, items: Sequence[ItemAssessment]) -> Ballot:
    """Everything that is voted on.

    The workload, the items, the answers that count, what became of their evidence, the waivers, the outcomes of the
    checks and what they decided on, the tier that counts and its policy, the pre-mortem and the benefits. Dates of
    collection, sign-offs, white space, the order of keys and what was measured within the bounds do not go in.
    """
    return {part.name: part for part in _parts(case, evidence, items)}


def digest_of(ballot: Ballot) -> str:
    """SHA-256 of the canonical JSON of the digests of all parts by name.

    Returns
    -------
    str
        `sha256:` and 64 hex digits.
    """
    return "sha256:" + digest_of_text(canonical({name: part.digest for name, part in ballot.items()}))


def _parts(case: Case, evidence: Evidence, items: Sequence[ItemAssessment]) -> Iterator[Part]:
    for key, value in without_signatures(case.workload.as_data()).items():
        yield _part("workload", key, sorted(value) if key == "tags" else value)
    for scope, path in case.shared_repositories.items():
        yield _part("workload", f"{scope}.repository", path)
    one_release = case.release and case.policy.binds == "artifact"
    if one_release:
        yield _part("review", "release", case.release.as_data())
    yield _part("policy", "tier", case.tier)
    for key, value in case.policy.as_data(defaults=True).items():
        if key != "recheck" and (key, value) not in _LATER:
            yield _part("policy", key, value)
    for checklist in case.checklists:
        yield from _of_checklist(checklist)
    yield from parts_of_review(case.review)
    for one in approvals_of(case):
        if one.signed or case.policy.needs_signatures:  # a signature may be renewed: what counts is what it is worth
            yield _part("signature", f"{one.kind} {one.name}".rstrip(), one.unproven is None)
    contents: dict[str, dict[str, str]] = {}
    for part in (part for item in items for part in (item.choices or (item,))):
        if part.answer is not None:
            yield part_of_answer(part.name, part.answer)
            yield from _attached(part.name, part.answer, evidence)
            if one_release and part.name in evidence.attached:
                subjects = sorted([one.kind, one.value] for one in evidence.attached[part.name])
                yield _part("evidence", part.name, subjects)
        if part.findings:
            outcomes = [[finding.check, finding.outcome] for finding in part.findings]
            told = "\n".join(": ".join(one) for one in outcomes)
            yield Part("outcome", part.name, digest_of_text(canonical(outcomes)), told)
        for content in (content for finding in part.findings for content in finding.content):
            contents.setdefault(content.about, {})[content.digest] = content.text
    for about, texts in contents.items():
        digest = next(iter(texts)) if len(texts) == 1 else digest_of_text(" ".join(sorted(texts)))
        yield Part("content", about, digest, "\n\n".join(texts.values()))


def without_signatures(workload: dict[str, Any]) -> dict[str, Any]:
    """The data of a workload without the signatures of what is approved in it."""

    def bare(entry: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in entry.items() if key != "signature"}

    approved: dict[str, Any] = {}
    if "leave_out" in workload:
        approved["leave_out"] = {name: bare(leave) for name, leave in workload["leave_out"].items()}
    if "tier_exception" in workload:
        approved["tier_exception"] = bare(workload["tier_exception"])
    return {**workload, **approved}


def parts_of_review(review: Review) -> Iterator[Part]:
    """What stands in a review beside its answers and votes."""
    yield _part("review", "occasion", review.occasion)
    if review.benefits is not None:
        yield _part("review", "benefits", review.benefits)
    for waiver in review.waivers:
        yield _part("waiver", waiver.waiver, waiver.as_data(without={"signature"}))
    for number, scenario in enumerate(review.pre_mortem, 1):
        data = scenario.as_data()
        more = data_text({key: value for key, value in data.items() if key != "scenario"})
        yield _part("pre-mortem", str(number), data)._replace(text=f"{scenario.scenario}\n{more}")


def part_of_answer(item: str, answer: Answer) -> Part:
    """An answer without its evidence."""
    return _part("answer", item, answer.as_data(without={"evidence", "signature"}))


def _part(kind: str, about: str, value: Any) -> Part:
    return Part(kind, about, digest_of_text(canonical(value)), data_text(value))


def _of_checklist(checklist: Checklist) -> Sequence[Part]:
    # By far the most of what is voted on, and the same for every workload that has it.
    def made() -> tuple[Part, ...]:
        data = checklist.as_data()
        for section in data["sections"]:
            section["items"] = [
                {key: value for key, value in item.items() if key not in GUIDANCE} for item in section["items"]
            ]
        return (Part("checklist", checklist.checklist, digest_of_text(canonical(data)), "\n".join(_lines(data))),)

    return checklist.memoised("ballot", made)


def _lines(data: Mapping[str, Any]) -> Iterator[str]:
    """A checklist for a reader: a line for each key of each item, with its name."""
    yield data_text({key: value for key, value in data.items() if key != "sections"})
    for section in data["sections"]:
        parts = [(section["section"], {key: value for key, value in section.items() if key != "items"})]
        parts += [(item["item"], item) for item in section["items"]]
        for name, part in parts:
            yield from (f"{name}, {key}: {folded(data_text(value))}" for key, value in part.items())


def _attached(item: str, answer: Answer, evidence: Evidence) -> Iterator[Part]:
    """Evidence entries of an answer, each with its content or its fault."""
    wrong = {
        str(why.values.get("path")): why.key
        for by_item in (evidence.missing, evidence.hollow)
        for why in by_item.get(item, ())
    }
    sums = evidence.sums.get(item, {})
    entries: dict[str, list[Any]] = {}
    told: dict[str, str] = {}
    for entry in answer.evidence:
        path = entry.path or ""
        data = entry.as_data(without={"collected"})
        held = [data, wrong.get(path.replace("\0", ""), ""), sums.get(path, "")]
        entries.setdefault(_called(entry), []).append(held)
        told[_called(entry)] = "\n".join([data_text(data), *evidence.texts.get(item, {}).get(path, "").splitlines()])
    for path, why in wrong.items():
        entries.setdefault(path, [why])
    for called, held in entries.items():
        yield Part("evidence", f"{item}: {called}", digest_of_text(canonical(held)), told.get(called, ""))


def _called(entry: EvidenceEntry) -> str:
    return entry.path or entry.url or entry.title or ""
