"""Prove what risk rules make of every combination of their choices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orr.evaluate.riskrules import read_rule
from orr.messages import Message, say
from orr.model.checklist import RiskRule

NONE_OF_THESE = "_no"
"""How the id of the choice ends that stands for none of the others."""

MOST_CHOICES = 20
"""More choices have too many combinations to look at each."""

_WORST_FIRST = ("unknown", "high", "medium", "none")


@dataclass(frozen=True, slots=True)
class Proof:
    """What every combination of a section's choices comes to.

    Attributes
    ----------
    choices
        The choices that can be selected together, in their order.
    none
        The choice that excludes them, if there is one.
    tables
        By risk, its truth table over `choices`: bit n is combination n, in which choice c is selected where bit c of
        n is set. `unknown` is what no rule decides.
    none_risk
        The risk of `none` alone.
    """

    choices: tuple[str, ...]
    none: str | None
    tables: dict[str, int]
    none_risk: str | None


def prove(choices: Sequence[str], rules: Sequence[RiskRule]) -> Proof:
    """Work out the risk of every combination, the first rule that holds counting."""
    none = next((name for name in choices if name.endswith(NONE_OF_THESE)), None)
    others = [name for name in choices if name != none]
    every = (1 << (1 << len(others))) - 1
    tables = {name: _selected(place, every) for place, name in enumerate(others)}
    risks = _risks(rules, tables | ({none: 0} if none is not None else {}), every)
    alone = _risks(rules, {name: int(name == none) for name in choices}, 1) if none is not None else {}
    none_risk = next((risk for risk, table in alone.items() if table), None)
    return Proof(tuple(others), none, risks, none_risk)


def _selected(place: int, every: int) -> int:
    """The truth table of a choice: blocks of 2^place zeros and as many ones, repeated."""
    block = 1 << place
    return every // ((1 << block) + 1) << block


def _risks(rules: Sequence[RiskRule], tables: dict[str, int], every: int) -> dict[str, int]:
    left, found = every, dict.fromkeys(_WORST_FIRST, 0)
    for rule in rules:
        held = left & read_rule(rule.if_).table(tables, every)
        found[rule.risk] |= held
        left ^= held
    found["unknown"] |= left
    return found


def weaknesses(section: str, choices: Sequence[str], rules: Sequence[RiskRule]) -> Iterator[Message]:
    """Questionable risk rules of a section, a sentence each; `.do` is the remedy."""
    if len(choices) > MOST_CHOICES:
        yield say("rule.proof.too-many", section=section, n=len(choices), limit=MOST_CHOICES)
    elif rules:
        yield from _weaknesses(section, prove(choices, rules))


def _weaknesses(section: str, proof: Proof) -> Iterator[Message]:
    tables = proof.tables
    if not tables["high"] and proof.none_risk != "high":
        yield say("rule.proof.no-high", section=section)
    if undecided := tables["unknown"].bit_count() + (proof.none_risk == "unknown"):
        first = _example(proof, tables["unknown"]) if tables["unknown"] else [proof.none or ""]
        yield say("rule.proof.undecided", section=section, n=undecided, choices=first or say("rule.proof.nothing"))
    worst = next(risk for risk in _WORST_FIRST[1:] if tables[risk] or proof.none_risk == risk or risk == "none")
    if proof.none_risk is not None and _is_milder(proof.none_risk, worst):
        yield say("rule.proof.none-milder", section=section, choice=proof.none, risk=_risk(proof.none_risk),
                  worst=_risk(worst))  # fmt: skip
    for place, name in enumerate(proof.choices):
        yield from _of_choice(section, proof, place, name)


def _of_choice(section: str, proof: Proof, place: int, name: str) -> Iterator[Message]:
    """Whether a choice changes nothing, or a combination is worse for having it."""
    every = (1 << (1 << len(proof.choices))) - 1
    without = every ^ _selected(place, every)
    off = {risk: table & without for risk, table in proof.tables.items()}
    on = {risk: table >> (1 << place) & without for risk, table in proof.tables.items()}
    if on == off:
        yield say("rule.proof.never-matters", section=section, choice=name)
    worse = (on["high"] & (off["medium"] | off["none"])) | (on["medium"] & off["none"])
    if worse:
        beside = _example(proof, worse)
        yield say("rule.proof.worse", section=section, choice=name, choices=beside or say("rule.proof.nothing"))


def _example(proof: Proof, table: int) -> list[str]:
    """The first combination of a truth table, which is not empty."""
    number = (table & -table).bit_length() - 1
    return [name for place, name in enumerate(proof.choices) if number >> place & 1]


def _is_milder(risk: str, other: str) -> bool:
    return _WORST_FIRST.index(risk) > _WORST_FIRST.index(other)


def _risk(risk: str) -> Message:
    return say(f"rule.proof.risk.{risk}")
