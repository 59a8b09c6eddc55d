"""What became of workloads as JUnit XML, one test case an item."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable

from orr.evaluate import Decision, Evaluation
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.states import NOT_KNOWN
from orr.evaluate.verdict import conditions, is_stopping
from orr.formats.summary import decision_in_words, is_empty_no_go, weight_in_words
from orr.formats.unread import Outcome, Unread
from orr.messages import in_language, render, say
from orr.messages.cleaning import clean
from orr.model.review import State


def junit(outcomes: Iterable[Outcome], language: str, *, strict: bool = False, decided: bool = False) -> str:
    """Write JUnit XML that has failures exactly where the exit status is nonzero.

    An item that means no-go is a failure, or an error where it is unknown, stale or
    unanswered; one that is covered, a condition only, of no weight or not applicable is
    skipped, with why. A workload that could not be read is a suite with an error.

    Parameters
    ----------
    strict
        What makes a go conditional fails as well.
    decided
        So does a decision that is pending or no-go.
    """
    root = ET.Element("testsuites")
    for outcome in outcomes:
        suite = ET.SubElement(root, "testsuite")
        if isinstance(outcome, Unread):
            suite.set("name", clean(outcome.workload))
            faults = "\n".join(outcome.lines(language))
            _case(suite, outcome.workload, "workload", "error", outcome.headline(language), faults)
        else:
            _fill(suite, outcome, language, strict)
            if decided and outcome.decision in (Decision.PENDING, Decision.NO_GO):
                said = render(decision_in_words(outcome), language)
                _case(suite, "decision", "decision", "failure", said, "")
        counts = Counter(result.tag for case in suite.iter("testcase") for result in case)
        suite.set("tests", str(len(suite.findall("testcase"))))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(name, str(counts[tag]))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _fill(suite: ET.Element, assessment: Evaluation, language: str, strict: bool) -> None:
    failing = conditions if strict else is_stopping
    suite.set("name", clean(assessment.case.workload.workload))
    properties = ET.SubElement(suite, "properties")
    for name in ("verdict", "decision", "digest"):
        ET.SubElement(properties, "property", name=name, value=str(getattr(assessment, name)))
    for name, said in (("headline", assessment.headline), ("checklists", assessment.asked.in_words)):
        ET.SubElement(properties, "property", name=name, value=clean(render(said, language)))
    for one in assessment.milder:
        ET.SubElement(properties, "property", name="milder", value=clean(render(one.says, language)))
    for item in assessment.items:
        kind = _kind(item, item.open and failing(item, assessment.case.policy))
        message, ask = _message(item, assessment, kind, language), in_language(item.ask, language)
        _case(suite, item.checklist.checklist, item.name, kind, message, ask)
    if is_empty_no_go(assessment):
        reasons = "\n".join(render(reason, language) for reason in assessment.reasons)
        _case(suite, "verdict", "verdict", "failure", render(assessment.headline, language), reasons)


def _case(suite: ET.Element, classname: str, name: str, kind: str | None, message: str, text: str) -> None:
    case = ET.SubElement(suite, "testcase", classname=clean(classname), name=clean(name))
    if kind is not None:
        ET.SubElement(case, kind, message=clean(message)).text = clean(text)


def _kind(item: ItemAssessment, fails: bool) -> str | None:
    if item.state is State.MET:
        return None
    if not fails:
        return "skipped"
    return "error" if item.state in NOT_KNOWN else "failure"


def _message(item: ItemAssessment, assessment: Evaluation, kind: str | None, language: str) -> str:
    """The state and its causes, and of what is skipped why."""
    said = [render(item.state, language)]
    said += ["\n".join(render(cause, language) for cause in item.causes)] if item.causes else []
    message = ": ".join(said)
    if kind != "skipped":
        return message
    return render(say("formats.dotted", one=message, other=weight_in_words(item, assessment)), language)
