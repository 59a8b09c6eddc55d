"""What Hypothesis draws from: plain data for files, and cases with their evidence."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from orr.evaluate import Case
from orr.model.finding import Evidence
from orr.model.review import State
from support.builders import answer, case, check, choices, day, found, gone, item, plan, waiver

texts = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=30),
    st.text(st.sampled_from(" \n\t\r:#-?[]{},&*!|>'\"%@`~0.\\\x85\u2028\ufeff\x00a中"), max_size=12),
    st.sampled_from(
        ["", "yes", "No", "null", "~", "true", "1", "0o7", "0x1", "1e3", ".inf", "-", "=", "<<", "---", "..."]
    ),
)
numbers = st.one_of(
    st.integers(),
    st.integers(-(10**99) + 1, 10**99 - 1),
    st.floats(allow_nan=False),
)
plain = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)

RISKS = ("high", "medium", "low")
OUTCOMES = ("met", "partial", "not-met", "unknown")
# Days around today, a few of them on the very boundaries, some beyond the forecast.
past = st.one_of(st.integers(-12, 0), st.integers(-400, 0))
around = st.one_of(st.integers(-12, 12), st.integers(-400, 800))


@st.composite
def items(draw: st.DrawFn, name: str, checked: bool = False) -> dict[str, Any]:
    """A plain item; where `checked`, one with checks."""
    keys: dict[str, Any] = {
        "risk": draw(st.sampled_from(RISKS)),
        "valid_for": f"{draw(st.sampled_from([3, 10, 400]))}d",
    }
    if draw(st.booleans()):
        keys["blocking"] = True
    if draw(st.booleans()):
        keys["plan_accepted"] = True
    if not draw(st.integers(0, 3)):
        keys["evidence"] = "required"
    if not draw(st.integers(0, 3)):
        keys["waivable"] = False
    if checked or draw(st.booleans()):
        keys["checks"] = [check() for _ in range(draw(st.integers(1, 2)))]
        keys["answered_by"] = draw(st.sampled_from(["person", "checks", "both"]))
    if not draw(st.integers(0, 3)):
        keys["occasions"] = ["change"]
    if not draw(st.integers(0, 3)):
        keys["enforce_from"] = day(draw(around))
    if not draw(st.integers(0, 4)):
        keys["when"] = {"tier": draw(st.sampled_from([[1], [2]]))}
    return item(name, **keys)


@st.composite
def answers(draw: st.DrawFn, replies: tuple[str | None, ...] = ("yes", "yes", "partial", "no", "not-applicable", None)):
    """An answer, perhaps with a plan and evidence."""
    reply = draw(st.sampled_from(replies))
    keys: dict[str, Any] = {}
    if reply is None or draw(st.booleans()):
        keys["plan"] = plan(draw(around))
    if draw(st.booleans()):
        entry = st.fixed_dictionaries(
            {"title": st.just("proof")}, optional={"path": st.just("proof.md"), "expires": around.map(day)}
        )
        keys["evidence"] = draw(st.lists(entry, min_size=1, max_size=2))
    if reply == "not-applicable":
        keys["approved_by"] = draw(st.sampled_from(["ana", "wei", None]))
    return answer(reply, on=day(draw(past)), **keys)


findings = st.builds(found, st.sampled_from(OUTCOMES), st.one_of(st.none(), around))


@st.composite
def waivers(draw: st.DrawFn, names: list[str], number: int) -> dict[str, Any]:
    """A waiver of some of the items, approved not later than today or not at all."""
    approved = draw(st.one_of(st.none(), past))
    named = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    on = {} if approved is None else {"approved_by": draw(st.sampled_from(["ana", "bo"]))}
    if on and draw(st.booleans()):
        on["states"] = {name: draw(st.sampled_from(list(State))) for name in named if draw(st.integers(0, 4))}
    return waiver(
        *named,
        name=f"W-{number}",
        approved=approved,
        expires=draw(around),
        **on,
        **({"revoked_on": day(draw(past))} if not draw(st.integers(0, 4)) else {}),
    )


SECTION = choices("x", "y", rules=[("x && y", "none"), ("x || y", "medium"), ("default", "high")])


# Where a risk counts, every higher one does.
POLICIES = (
    {"no_go": ["high"], "conditional": ["medium"]},
    {"no_go": ["high", "medium"], "conditional": []},
    {"no_go": [], "conditional": ["high", "medium", "low"]},
    {"no_go": ["high", "medium"], "conditional": ["low"]},
    {"no_go": [], "conditional": []},
)


@st.composite
def cases(draw: st.DrawFn, checked: bool = False, section: bool = False) -> tuple[Case, Evidence]:
    """A case of up to three items and perhaps a section with risk rules, with its evidence.

    There always is an item `a`; where `checked`, it has checks. Where `section`, there always is a section.
    """
    names = list("abc"[: draw(st.integers(1, 3))])
    section = section or draw(st.booleans())
    parts = [draw(items(name, checked and name == "a")) for name in names]
    answered = [*names, *("xy" if section else "")]
    said = {name: draw(answers()) for name in answered if draw(st.integers(0, 3))}
    units = [f"c/{name}" for name in [*names, *(["s"] if section else [])]]
    live, launch = draw(st.one_of(st.none(), past)), draw(st.one_of(st.none(), around))
    made = case(
        *parts,
        answers=said,
        sections=[SECTION | {"blocking": draw(st.booleans())}] if section else [],
        waivers=[draw(waivers(units, number)) for number in range(draw(st.integers(0, 3)))],
        workload={
            "live_since": None if live is None else day(live),
            "launch": None if launch is None else day(launch),
            "tier": 1,
        },
        policy=draw(st.sampled_from(POLICIES)),
    )
    held: dict[str, tuple[Any, ...]] = {}
    for part in parts:
        checks = len(part.get("checks", ()))
        if checks and draw(st.integers(0, 6)):
            held[f"c/{part['item']}"] = tuple(
                draw(findings) for _ in range(draw(st.sampled_from([*range(checks + 1), checks, checks])))
            )
    missing = {
        f"c/{name}": (gone(),) for name, one in said.items() if one.get("evidence") and not draw(st.integers(0, 4))
    }
    hollow = {
        f"c/{name}": (gone(),) for name, one in said.items() if one.get("evidence") and not draw(st.integers(0, 4))
    }
    return made, Evidence(held, missing, hollow)
