"""An assessment as JUnit XML, one test case an item."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from orr.evaluate import Evaluation
from orr.evaluate.case import ItemAssessment
from orr.evaluate.states import NOT_KNOWN
from orr.evaluate.verdict import conditions
from orr.messages import in_language, render, say
from orr.messages.cleaning import clean
from orr.model.review import State


def junit(assessments: Iterable[Evaluation], language: str) -> str:
    """Write assessments as JUnit XML.

    An open item that the verdict looks at is a failure, or an error where it is unknown,
    stale or unanswered; one that is covered, of no weight or not applicable is skipped.
    """
    root = ET.Element("testsuites")
    for assessment in assessments:
        suite = ET.SubElement(root, "testsuite", name=clean(assessment.case.workload.workload))
        counts = {"failure": 0, "error": 0, "skipped": 0}
        properties = ET.SubElement(suite, "properties")
        for name in ("verdict", "decision", "digest"):
            ET.SubElement(properties, "property", name=name, value=str(getattr(assessment, name)))
        for name, said in (("headline", assessment.headline), ("checklists", assessment.asked.in_words)):
            ET.SubElement(properties, "property", name=name, value=clean(render(said, language)))
        for one in assessment.milder:
            ET.SubElement(properties, "property", name="milder", value=clean(render(one.says, language)))
        for item in assessment.items:
            kind = _kind(item, assessment)
            case = ET.SubElement(suite, "testcase", classname=item.checklist.checklist, name=item.name)
            if kind is None:
                continue
            counts[kind] += 1
            because = "\n".join(render(cause, language) for cause in item.causes)
            result = ET.SubElement(
                case, kind, message=clean(render(say("formats.group", title=item.state, items=because), language))
            )
            result.text = clean(in_language(item.ask, language))
        suite.set("tests", str(len(assessment.items)))
        suite.set("failures", str(counts["failure"]))
        suite.set("errors", str(counts["error"]))
        suite.set("skipped", str(counts["skipped"]))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _kind(item: ItemAssessment, assessment: Evaluation) -> str | None:
    if item.state is State.MET:
        return None
    if not item.open or item.covered_by is not None or not conditions(item, assessment.case.policy):
        return "skipped"
    return "error" if item.state in NOT_KNOWN else "failure"
