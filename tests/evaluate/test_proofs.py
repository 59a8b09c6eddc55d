"""Signatures in the rule: no lack of one makes anything better."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.builders import answer, assess, case, item, leave, sign_off, waiver
from support.decision_rows import BAD, UNKNOWN, excepted, proven, required

from orr.evaluate import Case
from orr.evaluate.approvals import approvals_of, signed_in
from orr.evaluate.proofs import NO_PROOFS, Proofs, mark, unproven
from orr.model.settings import PolicyRow
from orr.model.statement import Holder, Kind

VERDICTS, DECISIONS = ("no-go", "conditional-go", "go"), ("no-go", "pending", "conditional-go", "go")
STRICT, LAX = PolicyRow(signatures="required"), PolicyRow()
SHOP = Holder("workload", "shop")


VOTES = [("go", "go"), ("go", "no-go")]


def full(votes: tuple[str, ...] = ("go", "go"), signed: str | None = "S") -> Case:
    """A case with everything in it that can be signed, as it was voted on."""
    lift = {"by": "ana", "on": "2026-11-22", "why": "seen", "signature": signed}
    doubt = {"by": "bo", "on": "2026-11-21", "why": "really?", "lifted": lift}
    made = case(
        item(),
        item("b"),
        item("c"),
        answers={
            "a": answer("no"),
            "b": answer("not-applicable", approved_by="ana", signature=signed),
            "c": answer(challenged=doubt),
        },
        waivers=[waiver("c/a", signature=signed)],
        workload={"leave_out": {"d": leave(signature=signed)}, **excepted(signature=signed)},
        policy={"sign_offs": ["service-owner", "operations"], "signatures": "required"},
    )
    digest = assess(proven(made)).digest
    roles = ("service-owner", "operations")
    offs = [{**sign_off(role, vote, digest), "signature": signed} for role, vote in zip(roles, votes, strict=False)]
    return replace(made, review=replace(made.review, sign_offs=case(item(), sign_offs=offs).review.sign_offs))


def ranks(of: Case) -> tuple[int, int]:
    found = assess(of)
    return VERDICTS.index(found.verdict), DECISIONS.index(found.decision)


def test_everything_signed_makes_the_decision() -> None:
    assert ranks(proven(full())) == (1, 2)
    assert len(list(signed_in(full()))) == 7
    assert {one.kind for one in approvals_of(full())} == {*Kind} - {Kind.VOTE, Kind.EMERGENCY}


@given(
    st.sets(st.integers(0, 6)),
    st.sampled_from(["gone", "bad", "unknown"]),
    st.sampled_from([("go", "go"), ("go", "no-go")]),
)
def test_an_approval_that_is_not_signed_or_altered_never_reads_better(
    which: set[int], how: str, votes: tuple[str, ...]
) -> None:
    good = proven(full(votes))
    other = {"gone": NO_PROOFS, "bad": BAD(good).proofs, "unknown": UNKNOWN(good).proofs}[how]
    found = dict(good.proofs.found)
    for number, name in enumerate(good.proofs.found):
        if number in which:
            found.pop(name)
            found |= {name: other.found[name]} if name in other.found else {}
    of_votes = all(one.statement.kind is Kind.VOTE for name, one in good.proofs.found.items() if found.get(name) != one)
    worse = ranks(replace(good, proofs=replace(good.proofs, found=found)))
    assert worse[0] <= ranks(good)[0]
    # Whatever changes of what was voted on voids the votes, those for no-go too; a decision for go it never makes.
    assert worse[1] <= max(ranks(good)[1], 0 if of_votes else DECISIONS.index("pending"))
    assert worse == ranks(good) or which


@pytest.mark.parametrize("votes", VOTES)
def test_to_leave_out_every_signature_never_reads_better(votes: tuple[str, ...]) -> None:
    for proofs in (NO_PROOFS, Proofs({}, {})):
        one, other = ranks(proven(full(votes))), ranks(replace(full(votes, None), proofs=proofs))
        assert other[0] <= one[0]
        assert other[1] <= one[1]


def test_votes_are_void_once_an_approval_counts_that_did_not() -> None:
    good = proven(full())
    weak = Proofs({name: one for name, one in good.proofs.found.items() if one.statement.kind is Kind.VOTE}, {})
    before = assess(replace(good, proofs=weak))
    assert before.digest != assess(good).digest


def test_a_renewed_signature_leaves_the_votes_as_they_are() -> None:
    good = full()
    renewed = replace(good.review.waivers[0], signature="T")
    other = replace(good, review=replace(good.review, waivers=(renewed,)))
    assert assess(proven(other)).digest == assess(proven(good)).digest
    assert assess(proven(other)).decision == "conditional-go"


def test_what_is_not_signed_and_need_not_be_has_the_digest_of_old() -> None:
    plain = case(item(), answers={"a": answer("no")}, waivers=[waiver("c/a")])
    assert assess(plain).digest == assess(replace(plain, proofs=Proofs({}, {"mark": "ana"}))).digest
    assert assess(plain).digest != assess(required(plain)).digest


def test_a_proof_is_of_exactly_what_stands_there() -> None:
    signed = full().review.waivers[0]
    marks = {
        mark(Kind.WAIVER, SHOP, "W-1", signed),
        mark(Kind.WAIVER, SHOP, "W-2", signed),
        mark(Kind.WAIVER, Holder("team", "shop"), "W-1", signed),
        mark(Kind.LEAVE_OUT, SHOP, "W-1", signed),
        mark(Kind.WAIVER, SHOP, "W-1", replace(signed, reason="other")),
        mark(Kind.WAIVER, SHOP, "W-1", replace(signed, signature="T")),
    }
    assert len(marks) == 6


@pytest.mark.parametrize(
    ("policy", "signature", "signers", "counts", "known"),
    [
        (LAX, None, None, True, True),
        (LAX, "S", None, True, True),
        (LAX, "S", {}, False, False),
        (STRICT, None, {}, False, True),
        (STRICT, "S", None, False, False),
    ],
    ids=["not asked for", "nobody judges", "not judged", "missing", "no signers"],
)
def test_a_signature_that_nobody_judged_counts_only_where_none_is_judged(
    policy, signature, signers, counts, known
) -> None:
    said = replace(full().review.waivers[0], signature=signature)
    found = unproven(Proofs({}, signers), policy, Kind.WAIVER, SHOP, "W-1", said, "ana")
    assert (found is None) is counts
    assert found is None or found.known is known


def test_the_order_of_what_is_signed_decides_nothing() -> None:
    signed = list(signed_in(full()))
    random.Random(1).shuffle(signed)
    assert {one.mark for one in signed} == {one.mark for one in signed_in(full())}
