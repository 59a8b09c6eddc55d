"""Formats of files, and their names where a reader refuses them."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.evidence.documents.formats import format_of
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.model.workload import Owner, Workload
from orr.testing import run_check

TODAY = date(2026, 11, 23)
LAUNCH = datetime.fromisoformat("2026-12-01T09:00+00:00")


def archive(name: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr(name, "x")
    return made.getvalue()


FORMATS: list[tuple[str, Any, str]] = [
    ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
    ("a.gz", gzip.compress(b"x", mtime=0), "gzip"),
    ("a.docx", archive("word/document.xml"), "Word"),
    ("a.ods", archive("content.xml"), "OpenDocument"),
    ("a.zip", archive("x"), "ZIP"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "Office 97"),
    ("a.db", b"SQLite format 3\0" + b"\0" * 90, "SQLite"),
    ("a.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", "vCard"),
    ("a.html", "<!DOCTYPE html>\n<html><body>x</body></html>", "HTML"),
    ("a.trx", '<?xml version="1.0"?>\n<!-- x -->\n<TestRun xmlns="urn:x"/>', "TRX"),
    ("a.xml", '<c:bom xmlns:c="http://cyclonedx.org/schema/bom/1.5"/>', "CycloneDX"),
    ("b.xml", "<report/>", "XML (report)"),
    ("a.spdx", "SPDXVersion: SPDX-2.3\n", "SPDX"),
    ("a.toml", "[a]\nb = 1\n", "TOML"),
    ("poam.json", {"plan-of-action-and-milestones": {"uuid": "x"}}, "OSCAL plan-of-action-and-milestones"),
    ("plan.json", {"assessment-plan": {}}, "OSCAL assessment-plan"),
    ("bom.json", {"bomFormat": "CycloneDX", "components": []}, "CycloneDX"),
    ("trivy.json", {"SchemaVersion": 2, "ArtifactName": "x"}, "Trivy JSON"),
    ("genie.json", {"data": {"finalTimeline": {"rotations": []}}}, "Opsgenie"),
    ("jcal.json", ["vcalendar", [], []], "jCal"),
    ("board.json", {"panels": [], "schemaVersion": 39}, "Grafana dashboard"),
    ("api.yaml", "openapi: 3.0.0\npaths: {}\n", "OpenAPI"),
    ("service.yaml", "---\napiVersion: v1\nkind: Service\n", "Kubernetes Service"),
    ("compose.yaml", "services:\n  a: {image: x}\n", "Docker Compose"),
    ("prometheus.yaml", "scrape_configs: []\n", "Prometheus"),
]
READ: list[tuple[str, Any, str]] = [
    ("a.xlsx", archive("xl/workbook.xml"), "Excel"),
    ("a.ics", "\ufeffBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "iCalendar"),
    ("junit.xml", "<testsuites/>", "JUnit"),
    ("a.sarif", {"version": "2.1.0", "runs": []}, "SARIF"),
    ("oscal.json", {"assessment-results": {}}, "OSCAL"),
    ("on-calls.json", {"oncalls": []}, "PagerDuty schedules"),
    ("slo.yaml", "apiVersion: openslo/v1\nkind: SLO\n", "OpenSLO"),
    ("rules.yaml", "groups: []\n", "Prometheus rules"),
    ("a.yaml", "a: 1\n", "YAML"),
    ("comments.xml", "<!---->" * 2_800, "XML (?)"),
    ("instructions.xml", "<??> " * 3_000 + "<a/>", "XML (a)"),
    ("a.md", "# A\n", "Markdown"),
    ("a.csv", "a,b\n", "CSV"),
]


def as_bytes(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    return (content if isinstance(content, str) else json.dumps(content)).encode()


@pytest.mark.parametrize(("name", "content", "seen"), [*FORMATS, *READ], ids=[name for name, _, _ in [*FORMATS, *READ]])
def test_a_format_is_known_by_its_content_else_its_ending(name: str, content: Any, seen: str) -> None:
    assert format_of(as_bytes(content), name) == seen


@pytest.mark.parametrize(
    "content", ["", "words", "{", "[1]", "{}", "[]", "[" * 100_000, b"PK\x03\x04", b"<", b"\0"], ids=repr
)
def test_what_tells_nothing_has_no_name_of_its_own(content: str | bytes) -> None:
    assert format_of(as_bytes(content), "a") in (None, "ZIP", "XML (?)")


@settings(max_examples=examples(100))
@given(st.binary(max_size=200), st.sampled_from(["a", "a.yaml", "a.json", "a.xml"]))
def test_whatever_stands_in_a_file_it_is_looked_at(raw: bytes, name: str) -> None:
    for begin in (b"", b"<", b"{", b"PK\x03\x04", b"BEGIN:"):
        assert format_of(begin + raw, name) != ""


CHECKS: list[tuple[str, dict[str, Any]]] = [
    ("results", {}),
    ("roster", {}),
    ("calendar", {"meaning": "default_open"}),
    ("incidents", {"analysis_within": "14d"}),
    ("alerts", {}),
    ("slo", {}),
]


def finding_of(folder: Path, check: str, name: str, asked: dict[str, Any]) -> Finding:
    workload = Workload(workload="shop", title="Shop", tier=1, owner=Owner(team="shop"), launch=LAUNCH)
    return run_check(check, folder, today=TODAY, workload=workload, path=name, **asked)


@pytest.mark.parametrize(("check", "asked"), CHECKS, ids=[check for check, _ in CHECKS])
@pytest.mark.parametrize(("name", "content", "seen"), FORMATS, ids=[name for name, _, _ in FORMATS])
def test_every_reader_names_the_format_that_it_refuses(
    tmp_path: Path, write, check: str, asked: dict[str, Any], name: str, content: Any, seen: str
) -> None:
    write(name, as_bytes(content))
    finding = finding_of(tmp_path, check, name, asked)
    assert finding.outcome is Outcome.UNKNOWN
    assert all(seen in render(finding.says, language) for language in LANGUAGES)


@pytest.mark.parametrize("beside", ["leave", "training", "skills"])
@pytest.mark.parametrize(
    ("name", "content", "seen"), FORMATS[:6] + FORMATS[-6:], ids=[name for name, _, _ in FORMATS[:6] + FORMATS[-6:]]
)
def test_so_do_those_of_what_stands_beside_a_roster(
    tmp_path: Path, write, beside: str, name: str, content: Any, seen: str
) -> None:
    write("roster.csv", "start,end,primary,secondary\n2026-11-23,2026-12-31,ana,bo\n")
    write(name, as_bytes(content))
    finding = run_check("roster", tmp_path, today=TODAY, path="roster.csv", **{beside: name})
    assert finding.outcome is Outcome.UNKNOWN
    assert f"{name} is {seen}" in render(finding.says, "en")


@pytest.mark.parametrize(
    ("check", "asked", "name", "content", "says"),
    [
        ("alerts", {}, "a.yaml", "groups:\n  - name: [\n", "a.yaml:"),
        ("slo", {}, "a.yaml", "apiVersion: v1\nkind: Service\na: [\n", "a.yaml:"),
        ("roster", {}, "a.csv", "a,b\n1,2\n", "no column of a.csv names people"),
        ("results", {}, "a.xml", "<testsuites><testsuite></testsuites>", "a.xml:1"),
        ("results", {}, "a.json", '{"version": "2.1.0",\n "runs": [}', "a.json:2"),
    ],
    ids=["alerts", "slo", "roster", "junit", "sarif"],
)
def test_a_fault_within_the_right_format_keeps_its_place(
    tmp_path: Path, write, check: str, asked: dict[str, Any], name: str, content: str, says: str
) -> None:
    write(name, content)
    assert says in render(finding_of(tmp_path, check, name, asked).says, "en")
