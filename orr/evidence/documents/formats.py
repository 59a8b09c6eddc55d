"""Recognise the format of a file that a reader refuses, to name it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.messages import Said, say

MAX_BYTES = 20_000_000
MAX_LOOKED_AT, MAX_NAMED = 20, 3

_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"SQLite format 3\0", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"\xd0\xcf\x11\xe0", "Office 97"),
    (b"BEGIN:VCALENDAR", "iCalendar"),
    (b"BEGIN:VCARD", "vCard"),
    (b"SPDXVersion:", "SPDX"),
)
_OFFICE = (("word/", "Word"), ("xl/", "Excel"), ("ppt/", "PowerPoint"), ("content.xml", "OpenDocument"))
_ROOT = re.compile(
    # What stands before the root is taken where it first ends: to look for it anew takes ages.
    rb"\s*+(?>(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*)?>)\s*)*+<(?:[\w.-]+:)?([\w.-]+)",
    re.DOTALL | re.IGNORECASE,
)
_ROOTS = {
    "html": "HTML",
    "testsuites": "JUnit",
    "testsuite": "JUnit",
    "bom": "CycloneDX",
    "testrun": "TRX",
    "test-run": "NUnit",
    "assemblies": "xUnit.net",
    "checkstyle": "Checkstyle",
    "coverage": "Cobertura",
    "nessusclientdata_v2": "Nessus",
    "nmaprun": "Nmap",
    "owaspzapreport": "ZAP",
    "bugcollection": "SpotBugs",
    "icalendar": "xCal",
    "feed": "Atom",
    "rss": "RSS",
    "svg": "SVG",
}
_OSCAL = (
    "plan-of-action-and-milestones",
    "assessment-plan",
    "system-security-plan",
    "component-definition",
    "catalog",
    "profile",
)
_BY_KEYS: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (name, frozenset(keys.split()))
    for name, keys in (
        ("SARIF", "version runs"),
        ("SARIF", "$schema runs"),
        ("CycloneDX", "bomFormat"),
        ("SPDX", "spdxVersion"),
        ("Trivy JSON", "SchemaVersion ArtifactName"),
        ("Grype JSON", "matches descriptor"),
        ("npm audit", "auditReportVersion"),
        ("Snyk JSON", "vulnerabilities packageManager"),
        ("SonarQube", "issues paging"),
        ("Semgrep JSON", "results errors paths"),
        ("Bandit JSON", "results metrics generated_at"),
        ("gosec JSON", "Issues Stats"),
        ("ZAP JSON", "site @version"),
        ("Jest JSON", "numTotalTests testResults"),
        ("Mocha JSON", "stats tests failures"),
        ("InSpec/HDF", "profiles platform"),
        ("OpenSSF Scorecard", "scorecard checks"),
        ("ASFF", "ProductArn AwsAccountId"),
        ("OCSF", "class_uid metadata"),
        ("Checkov", "check_type results"),
        ("Conftest", "filename successes"),
        ("PagerDuty schedules", "oncalls"),
        ("PagerDuty schedules", "schedule"),
        ("PagerDuty schedules", "schedules"),
        ("PagerDuty incidents", "incidents limit"),
        ("Opsgenie", "finalTimeline"),
        ("Opsgenie", "rotations timezone"),
        ("Statuspage", "page incidents"),
        ("Grafana dashboard", "panels schemaVersion"),
        ("OpenAPI", "openapi"),
        ("OpenAPI", "swagger"),
        ("Jupyter notebook", "cells nbformat"),
        ("Terraform state", "terraform_version resources"),
        ("CloudFormation", "AWSTemplateFormatVersion"),
        ("OSCAL", "assessment-results"),
        ("GitHub Actions", "on jobs"),
        ("Prometheus", "scrape_configs"),
        ("Alertmanager", "route receivers"),
        ("Sloth", "version slos"),
    )
)
"""Formats by keys that only they have together, in JSON or YAML."""
_GROUPS = (
    ("openslo", "OpenSLO"),
    ("sloth.slok.dev", "Sloth"),
    ("pyrra.dev", "Pyrra"),
    ("backstage.io", "Backstage"),
    ("monitoring.coreos.com", "Prometheus rules"),
)
_ENDINGS = {
    "yaml": "YAML", "yml": "YAML", "toml": "TOML", "md": "Markdown", "markdown": "Markdown", "rst": "reStructuredText",
    "csv": "CSV", "tsv": "CSV", "ini": "INI", "py": "Python", "sh": "shell", "adoc": "AsciiDoc", "tf": "Terraform",
}  # fmt: skip
_KEY = re.compile(r"^[\"']?([A-Za-z_$][\w$-]*)[\"']?:(?:[ \t]|$)[ \t]*[\"']?([^\"'\n]*)", re.MULTILINE)


def format_of(raw: bytes, path: str, *, by_keys: bool = True) -> str | None:
    """Name of a file's format, by content, else by ending; None if unknown.

    Of formats that grew out of JSON and YAML it is the more special one, unless keys are not looked at; JSON alone
    is none.
    """
    head = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"PK\x03\x04"):
        return _archive(raw)
    magic = next((name for begin, name in _MAGIC if head.upper().startswith(begin.upper())), None)
    if magic is not None:
        return magic
    if head.startswith(b"<"):
        root = _ROOT.match(head[:20_000])
        name = root[1].decode("ascii", "replace") if root else "?"
        return _ROOTS.get(name.casefold(), f"XML ({name[:40]})")
    ending = _ENDINGS.get(path.casefold().rpartition(".")[2])
    if head[:1] in (b"{", b"[") and ending is None:
        return _of_json(raw) if by_keys else None
    return (_of_yaml(raw) if ending == "YAML" and by_keys else None) or ending


@contextmanager
def naming_others(context: Context, path: str, reads: Sequence[str], *, by_keys: bool = True) -> Iterator[None]:
    """Within it, what is refused because it is of another format is refused by that name.

    Parameters
    ----------
    context, path
        Where the file is read.
    reads
        The formats that are read, as `format_of` or a person calls them.
    by_keys
        See `format_of`.

    Raises
    ------
    Undetermined
        As what stands within, or with the format that was seen.
    """
    try:
        yield
    except Undetermined:
        seen = seen_in(context, path, reads, by_keys=by_keys)
        if seen is None:
            raise
        raise other_format(path, seen, reads) from None


def other_format(path: str, seen: str, reads: Sequence[str]) -> Undetermined:
    """The refusal of a format that is not read."""
    return Undetermined(say("evidence.other-format", path=path, seen=seen, formats=list(reads)))


def seen_in(context: Context, path: str, reads: Sequence[str], *, by_keys: bool = True) -> str | None:
    """The format of a file, where it is known and none of those that are read."""
    try:
        seen = format_of(context.read(path, MAX_BYTES), path, by_keys=by_keys)
    except Undetermined:
        return None
    return None if seen in reads else seen


def beside_seen(says: Said, context: Context, paths: Sequence[str], reads: Sequence[str]) -> Said:
    """Sentence on files without findings, naming the format of the first foreign ones."""
    formats = ((path, seen_in(context, path, reads)) for path in paths[:MAX_LOOKED_AT])
    seen = [say("evidence.is-format", path=path, format=name) for path, name in formats if name is not None]
    return say("evidence.seen", says=says, seen=seen[:MAX_NAMED]) if seen else says


def _archive(raw: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(raw)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return "ZIP"
    return next((name for begin, name in _OFFICE if any(one.startswith(begin) for one in names)), "ZIP")


def _of_json(raw: bytes) -> str | None:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if isinstance(data, list):
        if data[:1] == ["vcalendar"]:
            return "jCal"
        data = data[0] if data else None
    if not isinstance(data, dict):
        return None
    oscal = next((key for key in _OSCAL if isinstance(data.get(key), dict)), None)
    if oscal is not None:
        return f"OSCAL {oscal}"
    inner = data.get("data")
    found = _by_keys(data) or (_by_keys(inner) if isinstance(inner, dict) else None)
    version = str(data.get("version") or str(data.get("$schema") or "?").rpartition("/")[2])
    return f"SARIF {version}"[:40] if found == "SARIF" and "2.1.0" not in version else found


def _of_yaml(raw: bytes) -> str | None:
    data = dict(reversed(_KEY.findall(raw[:MAX_BYTES].decode("utf-8", "replace"))))
    weaker = {"groups": "Prometheus rules", "services": "Docker Compose"}
    return _by_keys(data) or next((name for key, name in weaker.items() if key in data), None)


def _by_keys(data: dict[str, Any]) -> str | None:
    version, kind = str(data.get("apiVersion") or ""), str(data.get("kind") or "").strip()
    if version and kind:
        return next((name for group, name in _GROUPS if version.startswith(group)), f"Kubernetes {kind}"[:60])
    return next((name for name, keys in _BY_KEYS if keys <= data.keys()), None)
