"""JUnit XML, as test runners of every language write it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, tzinfo

from orr.evidence.checks.results.model import Report, Result, Status, brief, day_of
from orr.evidence.checks.results.xmltext import walk
from orr.evidence.errors import Undetermined
from orr.messages import Message, say

_OF_CASE = {"failure": Status.FAILED, "error": Status.ERROR, "skipped": Status.SKIPPED, "disabled": Status.SKIPPED}
_WORDS = {
    **dict.fromkeys(("failed", "fail", "failure", "error", "errored", "broken"), Status.FAILED),
    **dict.fromkeys(("notrun", "disabled", "skipped", "skip", "ignored", "suppressed", "pending"), Status.SKIPPED),
    **dict.fromkeys(
        ("", "run", "completed", "passed", "pass", "success", "successful", "succeeded", "ok"), Status.PASSED
    ),
}
"""What `status` and `result` of a test mean; another word is inconclusive."""
_BESIDE = re.compile(r"(?:rerun|flaky)(?:failure|error)|system-out|system-err|propert(?:y|ies)")
_BAD = re.compile(r"fail|error|abort|crash|time-?out|exception")
_LEFT = re.compile(r"skip|ignore|pending|not-?run|disabled|inconclusive")
_TOTALS = ("tests", "failures", "errors", "skipped", "disabled")
# An error of a test is a failing test; the words differ by what was thrown.
_AS_FAILED = {Status.ERROR: Status.FAILED}


@dataclass
class _Suite:
    name: str
    line: int
    tests: int | None
    failing: int | None
    day: date | None
    first: int
    failing_before: int
    left: int
    left_before: int


@dataclass
class _Reader:
    path: str
    timezone: tzinfo
    suites: list[_Suite] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    days: list[date | None] = field(default_factory=list)
    trouble: list[Message] = field(default_factory=list)
    case: tuple[str, str, int] | None = None
    status: Status = Status.PASSED
    failing: int = 0
    left: int = 0

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        if not self.stack and name not in ("testsuites", "testsuite"):
            raise Undetermined(say("results.xml.other", path=self.path, name=name[:60]))
        above = self.stack[-1] if self.stack else ""
        self.stack.append(name)
        if name in ("testsuites", "testsuite"):
            self._open_suite(attributes, line)
        elif name == "testcase" and self.case is None:
            self.case = (brief(attributes.get("name")) or "?", _where(attributes), line)
            self.status = Status.PASSED
            for key in ("status", "result"):
                self._worse(_WORDS.get(attributes.get(key, "").strip().casefold(), Status.INCONCLUSIVE))
        elif above == "testcase" and self.case is not None:
            self._worse(_of_element(name))
        elif name in ("failure", "error") and above == "testsuite":
            self._add(
                Result(brief(attributes.get("message"), name), Status.FAILED, where=self.suites[-1].name, line=line)
            )

    def end(self, name: str) -> None:
        self.stack.pop()
        if name == "testcase" and self.case is not None and "testcase" not in self.stack:
            title, where, line = self.case
            self._add(Result(title, _AS_FAILED.get(self.status, self.status), where=where, line=line))
            self.case = None
        elif name in ("testsuites", "testsuite"):
            self._close_suite(self.suites.pop())

    def _worse(self, status: Status) -> None:
        order = list(Status)
        self.status = min(self.status, status, key=order.index)

    def _add(self, result: Result) -> None:
        self.results.append(result)
        self.failing += result.status is Status.FAILED
        self.left += result.status in (Status.SKIPPED, Status.INCONCLUSIVE)
        self.days.append(next((suite.day for suite in reversed(self.suites) if suite.day), None))

    def _open_suite(self, attributes: dict[str, str], line: int) -> None:
        totals = {key: _number(attributes[key]) for key in _TOTALS if key in attributes}
        for key, number in totals.items():
            if number is None:
                self.trouble.append(say("results.total", what=key, line=line, value=attributes[key][:20]))
        known = [number for key in ("failures", "errors") if (number := totals.get(key)) is not None]
        self.suites.append(
            _Suite(
                brief(attributes.get("name")) or "?",
                line,
                totals.get("tests"),
                sum(known) if known else None,
                day_of(attributes.get("timestamp"), self.timezone),
                len(self.results),
                self.failing,
                max(totals.get(key) or 0 for key in ("skipped", "disabled")),
                self.left,
            )
        )

    def _close_suite(self, suite: _Suite) -> None:
        listed = len(self.results) - suite.first
        failing, left = self.failing - suite.failing_before, self.left - suite.left_before
        if (suite.tests or 0) > listed or (suite.failing or 0) > failing:
            counted = {"tests": suite.tests or 0, "failing": suite.failing or 0, "listed": listed, "failed": failing}
            self.trouble.append(say("results.junit.totals", name=suite.name, line=suite.line, **counted))
        elif suite.left > left:
            self.trouble.append(
                say("results.junit.left", name=suite.name, line=suite.line, left=suite.left, listed=left)
            )


def read_junit(raw: bytes, path: str, timezone: tzinfo) -> Report:
    """Read a JUnit report.

    Raises
    ------
    Undetermined
        If it is not well-formed, or some other kind of XML.
    """
    reader = _Reader(path, timezone)
    walk(raw, path, reader.start, reader.end)
    return Report(
        "junit",
        "",
        tuple(reader.results),
        days=tuple(dict.fromkeys(reader.days)),
        trouble=tuple(reader.trouble[:3]),
    )


def _where(attributes: dict[str, str]) -> str:
    file, line = brief(attributes.get("file")), brief(attributes.get("line"))
    return (f"{file}:{line}" if line else file) if file else brief(attributes.get("classname"))


def _of_element(name: str) -> Status:
    """What an element within a test means; runners invent their own."""
    known = _OF_CASE.get(name.casefold())
    if known is not None:
        return known
    if _BESIDE.fullmatch(name.casefold()):
        return Status.PASSED
    return (
        Status.FAILED
        if _BAD.search(name.casefold())
        else Status.SKIPPED
        if _LEFT.search(name.casefold())
        else Status.PASSED
    )


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
