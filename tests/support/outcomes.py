"""A small fleet in which every output has something to say, one of its workloads broken."""

from __future__ import annotations

from orr.evaluate import Evaluation
from orr.formats.unread import Outcome, Unread
from orr.messages import say
from orr.source.faults import Fault, Place
from support.builders import TODAY, answer, assess, case, check, day, evidence, found, item, plan, sign_off, waiver

POLICY = {"no_go": ["high"], "conditional": ["medium"]}
BROKEN = Unread(
    "legacy",
    (
        Fault(
            "workloads/legacy/workload.yaml",
            Place(2, 7),
            say("file.model.unknown-key", key="teir"),
            say("file.model.unknown-key.near", near="tier"),
        ),
    ),
)


def open_in_every_way(words: str = "plain words", name: str = "shop") -> Evaluation:
    """A no-go with an item of every weight, covered or not."""
    made = case(
        item("met", ask=words),
        item("open", blocking=True, ask=words, fix=words),
        item("waived", ask=words),
        item("unknown", ask=words, checks=[check()]),
        item("partly", risk="medium", ask=words, plan_accepted=True),
        item("low", risk="low", ask=words),
        item("out", when={"tier": 4}),
        answers={
            "met": answer(),
            "open": answer("no", note=words, plan=plan(9, action=words)),
            "waived": answer("no"),
            "partly": answer("partial", plan=plan(3, action=words)),
        },
        waivers=[waiver("c/waived", expires=9, reason=words)],
        sign_offs=[sign_off()],
        workload={"workload": name, "title": words, "launch": day(5)},
        policy=POLICY,
    )
    return assess(made, evidence(unknown=[found("unknown", says=words)]))


def ready(name: str = "store") -> Evaluation:
    """A go that lapses."""
    return assess(case(item("a"), answers={"a": answer()}, workload={"workload": name}, policy=POLICY))


def conditional(name: str = "till") -> Evaluation:
    """A conditional go: all that is open is covered by a waiver or a plan."""
    made = case(
        item("waived"),
        item("planned", plan_accepted=True),
        answers={"waived": answer("no"), "planned": answer("no", plan=plan(4))},
        waivers=[waiver("c/waived", expires=9)],
        workload={"workload": name, "launch": day(20)},
        policy=POLICY,
    )
    return assess(made)


def fleet() -> list[Outcome]:
    """Three workloads that were assessed and one that could not be read."""
    return [open_in_every_way(), BROKEN, conditional(), ready()]


def documented() -> list[Outcome]:
    """What the examples of the documentation are written of."""
    made = case(
        item("rehearsed", ask="Was the rollback rehearsed?", fix="Rehearse it.", blocking=True),
        item("owner", ask="Does one person decide?", risk="medium"),
        item("written", ask="Is the plan written down?"),
        answers={
            "rehearsed": answer("no", plan=plan(6, action="Rehearse it on Friday.", owner="wei.chen")),
            "owner": answer("partial"),
            "written": answer("no"),
        },
        waivers=[waiver("c/written", expires=9, reason="The team of two knows it by heart")],
        workload={"workload": "checkout", "title": "Checkout", "launch": day(9)},
        policy=POLICY,
    )
    return [assess(made), BROKEN]


__all__ = ["BROKEN", "TODAY", "conditional", "documented", "fleet", "open_in_every_way", "ready"]
