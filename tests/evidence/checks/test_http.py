"""The kind `http` and the request below it: bounded, verified, and going nowhere else."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples
from support.local_server import Local, local_server, raw_server

from orr.evidence import Undetermined, faults_of
from orr.evidence.collect import run
from orr.evidence.context import Context
from orr.evidence.documents.json_text import parse_json
from orr.evidence.live.client import Request, fetch
from orr.evidence.repository.places import EvidencePlaces
from orr.messages import LANGUAGES, render
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding
from orr.model.settings import Settings
from orr.model.workload import Owner, Workload
from orr.testing import run_check

SECRET = "s3cr3t/+value&more"


@pytest.fixture(scope="module")
def server() -> Iterator[Local]:
    with local_server() as local:
        yield local


@pytest.fixture(autouse=True)
def fresh(server: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers.clear()
    server.asked.clear()
    monkeypatch.setenv("API_TOKEN", SECRET)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")


def http(url: str, folder: Path, **parameters: Any) -> Finding:
    return run_check("http", folder, url=url, **parameters)


def words(finding: Finding) -> str:
    return render(finding.says, "en")


def workload(**more: Any) -> Workload:
    return Workload(**{"workload": "shop", "title": "Shop", "tier": 1, "owner": Owner(team="payments"), **more})


# What is judged

ANSWER = {"status": "green", "errors": [], "items": [1, 2, 3], "at": "2026-11-20T08:00:00Z", "free": 0.25, "ok": True}

JUDGED = {
    "2xx by default": (200, {}, "met", "it answered 200"),
    "another status": (503, {}, "not-met", "it answered 503 instead of 2xx"),
    "a status that is asked for": (404, {"status": 404}, "met", "it answered 404"),
    "one of several statuses": (204, {"status": [200, 204]}, "met", "204"),
    "no permission": (401, {}, "unknown", "no permission"),
    "too many requests": (429, {}, "unknown", "too many requests"),
    "a value behind another status": (500, {"value": "status", "equals": "green"}, "unknown", "500 instead of data"),
    "an equal value": (200, {"value": "status", "equals": "green"}, "met", "the value is green"),
    "another value": (200, {"value": "status", "equals": "red"}, "not-met", "green instead of red"),
    "a number is no truth": (200, {"value": "ok", "equals": 1}, "not-met", "true instead of 1"),
    "a number in bounds": (200, {"value": "free", "at_least": 0.2, "at_most": 0.5}, "met", "between 0.2 and 0.5"),
    "a number below": (200, {"value": "free", "at_least": 0.3}, "not-met", "less than the 0.3"),
    "entries of a list": (200, {"value": "items", "at_least": 3}, "met", "3 entries"),
    "an empty list is too few": (200, {"value": "errors", "at_least": 1}, "not-met", "0 entries"),
    "an empty list proves no upper bound": (200, {"value": "errors", "at_most": 5}, "unknown", "proves nothing"),
    "an empty list proves nothing of its entries": (200, {"value": "errors", "all_in": [1]}, "unknown", "nothing"),
    "none, as asked": (200, {"value": "errors", "none": True}, "met", "there are none"),
    "some where none may be": (200, {"value": "items", "none": True}, "not-met", "3 where there should be none"),
    "all of a list": (200, {"value": "items", "all_in": [1, 2, 3]}, "met", "all 3 values"),
    "one that is none of them": (200, {"value": "items", "all_in": [1, 2]}, "not-met", "1 of 3"),
    "a time": (200, {"value": "at", "younger_than": "7d"}, "met", "2026-11-20, 3 days ago"),
    "a condition": (200, {"value": "length(items) == `3`"}, "met", "the condition holds"),
    "a condition that fails": (200, {"value": "length(items) == `4`"}, "not-met", "does not hold"),
    "a value without a bound": (200, {"value": "status"}, "unknown", "no bound is given"),
    "a value that is not there": (200, {"value": "health", "none": True}, "unknown", "the value is not there"),
    "a list has no single value": (200, {"value": "items", "equals": 1}, "unknown", "all_in"),
    "a text is no number": (200, {"value": "status", "at_least": 1}, "unknown", "to_number()"),
    "a text is no time": (200, {"value": "status", "younger_than": "7d"}, "unknown", "no time"),
    "a function that does not fit": (200, {"value": "sum(status)"}, "unknown", "does not fit"),
    "a text": (200, {"contains": "green"}, "met", "“green” is in the answer"),
    "no such text": (200, {"contains": "grey"}, "not-met", "“grey” is not in the answer"),
    "soon enough": (200, {"within_seconds": 15}, "met", "15 allowed"),
}


@pytest.mark.parametrize(("status", "parameters", "outcome", "says"), JUDGED.values(), ids=JUDGED.keys())
def test_an_answer_is_held_against_what_is_asked(
    server: Local, tmp_path: Path, status: int, parameters: dict[str, Any], outcome: str, says: str
) -> None:
    server.answer("/health", ANSWER if status != 204 else "", status)
    finding = http(server.url + "/health", tmp_path, **parameters)
    assert finding.outcome == outcome, words(finding)
    assert says in words(finding)
    assert f"{server.url}/health" in words(finding)
    assert all(render(finding.says, language) for language in LANGUAGES)


def test_what_is_younger_than_holds_until_it_is_not(server: Local, tmp_path: Path) -> None:
    server.answer("/runs", {"at": ["2026-11-20T08:00:00Z", 1795219200, "2026-11-18"]})
    finding = http(server.url + "/runs", tmp_path, value="at", younger_than="30d")
    assert (finding.outcome, finding.holds_until) == ("met", date(2026, 12, 18))


def test_an_old_time_is_met_with_a_day_that_is_past_so_that_the_item_is_stale(server: Local, tmp_path: Path) -> None:
    server.answer("/runs", {"at": "2026-01-01"})
    finding = http(server.url + "/runs", tmp_path, value="at", younger_than="30d")
    assert (finding.outcome, finding.holds_until) == ("met", date(2026, 1, 31))


def test_a_time_to_come_is_not_young(server: Local, tmp_path: Path) -> None:
    server.answer("/runs", {"at": "2026-11-24"})
    assert http(server.url + "/runs", tmp_path, value="at", younger_than="30d").outcome == "not-met"


def test_all_that_is_asked_must_hold(server: Local, tmp_path: Path) -> None:
    server.answer("/health", ANSWER)
    good = {"value": "status", "equals": "green", "contains": "free"}
    assert http(server.url + "/health", tmp_path, **good).outcome == "met"
    assert http(server.url + "/health", tmp_path, **{**good, "contains": "grey"}).outcome == "not-met"


@pytest.mark.parametrize(
    ("parameters", "outcome"),
    [
        ({}, "not-met"),
        ({"status": 200}, "partial"),
        ({"contains": "green"}, "partial"),
        ({"value": "status", "equals": "green"}, "partial"),
        ({"value": "status", "equals": "red"}, "not-met"),
        ({"status": 204}, "not-met"),
        ({"value": "status"}, "unknown"),
    ],
)
def test_a_good_answer_that_comes_too_late_is_half_of_what_is_asked(
    server: Local, tmp_path: Path, parameters: dict[str, Any], outcome: str
) -> None:
    server.answer("/health", ANSWER)
    slow = http(server.url + "/health", tmp_path, **parameters, within_seconds=0.0000001)
    assert slow.outcome == outcome, words(slow)
    assert outcome == "unknown" or "only after" in words(slow) or "instead of" in words(slow)
    assert outcome != "partial" or "it answered 200" in words(slow)


def test_further_pages_leave_a_bound_on_all_unknown_but_not_one_on_enough(server: Local, tmp_path: Path) -> None:
    server.answer("/list", [1, 1], Link='<http://x/?page=2>; rel="next"')
    assert http(server.url + "/list", tmp_path, value="@", all_in=[1]).outcome == "unknown"
    assert http(server.url + "/list", tmp_path, value="@", at_least=2).outcome == "met"


def test_a_body_is_sent_as_json_with_the_workload_filled_in_as_data(server: Local, tmp_path: Path) -> None:
    server.answer("/query", {"n": 1})
    body = {"query": "query($name: String) { x }", "variables": {"name": "{workload}", "tier": ["{tier}"]}}
    assert http(server.url + "/query", tmp_path, method="POST", body=body, value="n", equals=1).outcome == "met"
    asked = server.asked[-1]
    name = tmp_path.name
    assert asked.body == {"query": "query($name: String) { x }", "variables": {"name": name, "tier": ["3"]}}
    assert (asked.method, asked.headers["Content-Type"]) == ("POST", "application/json")


# What a workload says is data

TAGS = {
    "a query": ("?q={tag:svc}", "a=b/c@d", {"q": ["a=b/c@d"]}, "/f/"),
    "a path": ("{tag:svc}/x", "a/b", {}, "/f/a%2Fb/x"),
}


@pytest.mark.parametrize(("target", "tag", "query", "path"), TAGS.values(), ids=TAGS.keys())
def test_a_tag_is_percent_encoded_in_an_address(
    server: Local, tmp_path: Path, target: str, tag: str, query: dict[str, list[str]], path: str
) -> None:
    server.answer(path)
    of = workload(tags=(f"svc:{tag}", "other"))
    finding = run_check("http", tmp_path, url=f"{server.url}/f/{target}", workload=of)
    assert finding.outcome == "met", words(finding)
    assert (server.asked[-1].path, server.asked[-1].query) == (path, query)


@pytest.mark.parametrize(
    "value",
    [
        "../admin",
        "a..b",
        "x y",
        'x"',
        "a'b",
        "a\\b",
        "a?b",
        "a#b",
        "{team}",
        "x|y",
        "-x",
        "$API_TOKEN",
        "a&b=c",
        "a%2e",
        "",
    ],
)
def test_a_tag_that_is_not_plain_is_not_filled_in(server: Local, tmp_path: Path, value: str) -> None:
    finding = run_check("http", tmp_path, url=f"{server.url}/{{tag:svc}}", workload=workload(tags=(f"svc:{value}",)))
    assert finding.outcome == "unknown"
    assert server.asked == []


def test_a_tag_that_is_missing_or_twice_is_unknown(server: Local, tmp_path: Path) -> None:
    for tags in ((), ("svc:a", "svc=b")):
        finding = run_check("http", tmp_path, url=f"{server.url}/{{tag:svc}}", workload=workload(tags=tags))
        assert (finding.outcome, server.asked) == ("unknown", [])


# Secrets


def test_a_secret_is_sent_and_never_shown(server: Local, tmp_path: Path) -> None:
    server.answers["/me"] = lambda asked: (200, {}, {"you": asked.headers["Authorization"], "list": [SECRET, "b"]})
    headers = {"Authorization": "Bearer $API_TOKEN"}
    finding = http(server.url + "/me", tmp_path, headers=headers, value="you", equals="x")
    assert server.asked[-1].headers["Authorization"] == f"Bearer {SECRET}"
    assert finding.outcome == "not-met"
    assert SECRET not in words(finding)
    listed = http(server.url + "/me", tmp_path, headers=headers, value="list", all_in=["b"])
    assert SECRET not in words(listed)
    assert "***" in words(listed)


def test_basic_credentials_are_encoded_for_the_header(
    server: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_USER", "ana")
    server.answers["/me"] = lambda asked: (200, {}, {"you": asked.headers["Authorization"]})
    finding = http(
        server.url + "/me", tmp_path, headers={"Authorization": "Basic $API_USER:$API_TOKEN"}, value="you", equals="x"
    )
    assert server.asked[-1].headers["Authorization"] == "Basic YW5hOnMzY3IzdC8rdmFsdWUmbW9yZQ=="
    assert "YW5h" not in words(finding)


@pytest.mark.parametrize("value", [None, "", "two\nlines", "ключ"])
def test_a_secret_that_is_missing_or_unfit_is_unknown_and_nothing_is_sent(
    server: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("API_TOKEN") if value is None else monkeypatch.setenv("API_TOKEN", value)
    finding = http(server.url + "/me", tmp_path, headers={"X-Key": "$API_TOKEN"})
    assert (finding.outcome, server.asked) == ("unknown", [])
    assert "API_TOKEN" in words(finding)
    assert value is None or not value or value not in words(finding)


def test_a_secret_goes_to_no_other_host_when_redirected(server: Local, tmp_path: Path) -> None:
    with local_server() as other:
        other.answer("/there", "here")
        server.answer("/go", status=302, Location=other.url + "/there")
        headers = {"X-Key": "$API_TOKEN", "X-Plain": "yes"}
        # The other server is another port of the same address, so another host.
        refused = http(server.url + "/go", tmp_path, headers=headers)
        assert (refused.outcome, other.asked) == ("unknown", [])
        assert "redirect_hosts" in words(refused)
        followed = http(server.url + "/go", tmp_path, headers=headers, redirect_hosts="127.0.0.1")
        assert followed.outcome == "met"
        assert other.asked[-1].headers.get("X-Key") is None
        assert other.asked[-1].headers["X-Plain"] == "yes"


# Redirects


def test_redirects_on_one_host_are_followed_so_often(server: Local, tmp_path: Path) -> None:
    for step in range(3):
        server.answer(f"/{step}", status=302, Location=f"/{step + 1}")
    server.answer("/3", "there")
    assert http(server.url + "/0", tmp_path, contains="there").outcome == "met"
    finding = http(server.url + "/0", tmp_path, redirects=2)
    assert (finding.outcome, "more than 2 times" in words(finding)) == ("unknown", True)


def test_a_redirect_that_is_asked_for_is_not_followed(server: Local, tmp_path: Path) -> None:
    server.answer("/old", status=301, Location="/new")
    assert http(server.url + "/old", tmp_path, status=301).outcome == "met"
    assert [asked.path for asked in server.asked] == ["/old"]


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://x/",
        "http://",
        "http://[::",
        "gopher://127.0.0.1/",
        "http://evil.example\\@127.0.0.1/",
        "/\\evil.example/",
        "http://0x7f.0.0.1/",
    ],
)
def test_a_redirect_to_what_is_no_web_address_is_unknown(server: Local, tmp_path: Path, target: str) -> None:
    server.answer("/go", status=302, Location=target)
    assert http(server.url + "/go", tmp_path).outcome == "unknown"


def test_a_post_is_not_sent_on(server: Local, tmp_path: Path) -> None:
    server.answer("/go", status=307, Location="/there")
    assert http(server.url + "/go", tmp_path, method="POST", body={}).outcome == "not-met"
    assert len(server.asked) == 1


# What must not pass


def sends(content: bytes) -> Any:
    return lambda connection: connection.sendall(content)


def drips(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(200):
        connection.sendall(b"x")
        time.sleep(0.05)


def drips_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        connection.sendall(b"X-%d: y\r\n" % number if number % 20 == 0 else b"")
        time.sleep(0.05)


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65_536)


BAD = {
    "no HTTP": (sends(b"SSH-2.0-OpenSSH\r\n"), "did not answer as HTTP"),
    "nothing": (sends(b""), "did not answer as HTTP|no connection"),
    "half of it": (sends(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), "did not answer as HTTP"),
    "half a chunk": (
        sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf"),
        "did not answer as HTTP",
    ),
    "a chunk of no size": (sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "did not answer as"),
    "a thousand headers": (sends(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 1000 + b"\r\n"), "did not answer as HTTP"),
    "an endless header": (sends(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 100_000), "did not answer as HTTP"),
    "no end": (endless, "more than the 2000000 bytes"),
    "drop by drop": (drips, "within 0.5 seconds"),
    "headers one by one": (drips_headers, "within 0.5 seconds"),
    "continue for ever": (sends(b"HTTP/1.1 100 Continue\r\n\r\n" * 50_000), "did not answer|within 0.5|no connection"),
    "silence": (lambda connection: time.sleep(3), "within 0.5 seconds"),
}


@pytest.mark.parametrize(("talk", "says"), BAD.values(), ids=BAD.keys())
def test_a_spoilt_answer_is_unknown_and_ends_in_time(tmp_path: Path, talk: Any, says: str) -> None:
    with raw_server(talk) as url:
        finding = http(url + "/", tmp_path, timeout=0.5)
    assert finding.outcome == "unknown"
    assert any(part in words(finding) for part in says.split("|")), words(finding)
    assert finding.seconds < 3


CONTENT = {
    "no JSON": ("<html>", "is not JSON"),
    "nothing": ("", "answered nothing"),
    "not UTF-8": (b"\xff\xfe{}", "is not JSON"),
    "a number that is none": ('{"a": NaN}', "no number of JSON"),
    "deep": ("[" * 1_000 + "]" * 1_000, "nested more than 200 deep"),
    "very deep": ("[" * 100_000, "nested more than 200 deep"),
    "a number of 10,000 digits": ("1" * 10_000, "number too long"),
    "two megabytes": (" " * 2_000_001, "more than the 2000000 bytes"),
}


@pytest.mark.parametrize(("content", "says"), CONTENT.values(), ids=CONTENT.keys())
def test_content_that_is_no_json_is_unknown(server: Local, tmp_path: Path, content: str | bytes, says: str) -> None:
    server.answer("/", content)
    finding = http(server.url + "/", tmp_path, value="a", equals=1)
    assert finding.outcome == "unknown"
    assert says in words(finding)


def test_compressed_content_was_not_asked_for(server: Local, tmp_path: Path) -> None:
    server.answer("/", gzip.compress(b"x" * 10_000), Content_Encoding="gzip")
    assert http(server.url + "/", tmp_path, contains="x").outcome == "unknown"
    assert server.asked[-1].headers["Accept-Encoding"] == "identity"


def test_nobody_there_is_unknown(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert http(f"http://127.0.0.1:{port}/", tmp_path).outcome == "unknown"
    assert http("http://no-such-host.invalid/", tmp_path, timeout=5).outcome == "unknown"


def test_it_runs_only_where_it_is_allowed(server: Local, tmp_path: Path) -> None:
    server.answer("/")
    finding = run_check("http", tmp_path, url=server.url + "/", settings=Settings(allow=("command",)))
    assert (finding.outcome, server.asked) == ("unknown", [])
    assert "add http to `allow`" in words(finding)


# Certificates


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def secure(authority: trustme.CA, host: str = "localhost", **more: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host, **more).configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


@pytest.fixture
def shown(authority: trustme.CA) -> Iterator[tuple[Local, ssl.SSLContext]]:
    """A host, and the context by which it can be given another certificate."""
    own = secure(authority)
    with local_server(own) as local:
        local.answer("/")
        yield local, own


def in_days(days: int) -> datetime:
    return datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=days)


def certificate(
    authority: trustme.CA, folder: Path, ends: datetime, days: int, host: str = "localhost", **more: Any
) -> Finding:
    with local_server(secure(authority, host, not_after=ends)) as local:
        local.answer("/")
        today = datetime.now(UTC).date()
        return http(local.url + "/", folder, certificate_days=days, today=today, **more)


@pytest.mark.usefixtures("trusted")
def test_the_days_left_of_a_certificate_are_told_and_end_the_finding(authority: trustme.CA, tmp_path: Path) -> None:
    ends = in_days(40)
    finding = certificate(authority, tmp_path, ends, 30)
    assert finding.outcome == "met", words(finding)
    assert f"40 more days, until {ends.date()}" in words(finding)
    assert finding.holds_until == ends.date() - timedelta(days=30)


@pytest.mark.usefixtures("trusted")
def test_a_certificate_that_ends_too_soon_is_not_met(authority: trustme.CA, tmp_path: Path) -> None:
    finding = certificate(authority, tmp_path, in_days(20), 30)
    assert (finding.outcome, finding.holds_until) == ("not-met", None)
    assert "only 20 more days" in words(finding)


@pytest.mark.usefixtures("trusted")
def test_a_certificate_that_ends_too_soon_is_half_of_what_is_asked_beside_a_good_status(
    authority: trustme.CA, tmp_path: Path
) -> None:
    assert certificate(authority, tmp_path, in_days(20), 30, status=200).outcome == "partial"
    assert certificate(authority, tmp_path, in_days(-2), 30, status=200).outcome == "not-met"


@pytest.mark.usefixtures("trusted")
def test_an_ended_certificate_is_not_met_where_its_days_are_asked_for_and_else_unknown(
    authority: trustme.CA, tmp_path: Path
) -> None:
    finding = certificate(authority, tmp_path, in_days(-2), 30)
    assert (finding.outcome, "expired" in words(finding)) == ("not-met", True)
    with local_server(secure(authority, not_after=in_days(-2))) as local:
        local.answer("/")
        assert http(local.url + "/", tmp_path).outcome == "unknown"
        assert local.asked == []


@pytest.mark.usefixtures("trusted")
def test_a_certificate_without_an_end_lasts_in_every_time_zone(authority: trustme.CA, tmp_path: Path) -> None:
    never = datetime(9999, 12, 31, 23, 59, 59)  # how a certificate says that it has none
    with local_server(secure(authority, not_after=never)) as local:
        local.answer("/")
        for zone in (UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")):
            places = EvidencePlaces(tmp_path, (tmp_path,), {"workload": tmp_path})
            context = Context.of(workload(), places, date(2026, 11, 23), zone, Settings(allow=("http",)))
            finding = run(context, CheckSpec("http", {"url": local.url + "/", "certificate_days": 30}))
            context.reader.close()
            assert finding.outcome == "met", words(finding)
            assert "9999-12-31" in words(finding)


@pytest.mark.usefixtures("trusted")
@settings(max_examples=examples(30))
@given(
    ends=st.datetimes(datetime(1951, 1, 1), datetime(9999, 12, 31, 23, 59, 59)),
    places=st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), max_size=3),
    zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]),
)
def test_whatever_certificate_a_host_shows_the_check_answers(
    shown: tuple[Local, ssl.SSLContext],
    authority: trustme.CA,
    tmp_path: Path,
    ends: datetime,
    places: list[tuple[int, int]],
    zone: str,
) -> None:
    local, own = shown
    began = min(ends, datetime(2026, 1, 1)) - timedelta(days=1)
    leaf = authority.issue_cert("localhost", not_before=began, not_after=ends)
    whole = ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())
    der = bytearray(whole)
    for at, byte in places:
        der[at % len(der)] = byte
    (tmp_path / "leaf.pem").write_text(ssl.DER_cert_to_PEM_cert(bytes(der)))
    leaf.private_key_pem.write_to_path(tmp_path / "key.pem")
    try:
        own.load_cert_chain(tmp_path / "leaf.pem", tmp_path / "key.pem")
    except ssl.SSLError:
        return  # not even a host could show it
    parts = EvidencePlaces(tmp_path, (tmp_path,), {"workload": tmp_path})
    context = Context.of(workload(), parts, date(2026, 11, 23), ZoneInfo(zone), Settings(allow=("http",)))
    finding = run(context, CheckSpec("http", {"url": local.url + "/", "certificate_days": 30, "timeout": 5}))
    context.reader.close()
    assert finding.says.key != "evidence.crashed", words(finding)
    assert bytes(der) == whole or finding.outcome != "met", words(finding)


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_host_is_not_trusted(authority: trustme.CA, tmp_path: Path) -> None:
    assert certificate(authority, tmp_path, in_days(40), 30, host="example.com").outcome == "unknown"


def test_a_certificate_of_an_unknown_authority_is_not_trusted(authority: trustme.CA, tmp_path: Path) -> None:
    finding = certificate(authority, tmp_path, in_days(40), 30)
    assert (finding.outcome, "SSL_CERT_FILE" in words(finding)) == ("unknown", True)


@pytest.mark.usefixtures("trusted")
def test_from_https_no_redirect_leads_to_http(authority: trustme.CA, server: Local, tmp_path: Path) -> None:
    server.answer("/", "plain")
    with local_server(secure(authority)) as local:
        local.answer("/", status=302, Location=server.url + "/")
        finding = http(local.url + "/", tmp_path, redirect_hosts=["127.0.0.1"])
    assert (finding.outcome, server.asked) == ("unknown", [])
    assert "without TLS" in words(finding)


# Faults of a checklist

FAULTS = {
    "no address": ({"url": "example.com/health"}, ("url",)),
    "a file": ({"url": "file:///etc/passwd"}, ("url",)),
    "a password in the address": ({"url": "https://ana:secret@example.com/"}, ("url",)),
    "a host from the workload": ({"url": "https://{workload}.example.com/"}, ("url",)),
    "a host from the workload that programs read differently": ({"url": "https://{workload}\\@example.com/"}, ("url",)),
    "a host that programs read differently": ({"url": "https://evil.example\\@example.com/"}, ("url",)),
    "a port that is none": ({"url": "https://example.com:99999/"}, ("url",)),
    "a secret over http": ({"url": "http://example.com/", "headers": {"X": "$TOKEN"}}, ("url",)),
    "a secret in the checklist": ({"url": "https://x.org/", "headers": {"Authorization": "Bearer abc"}}, ("headers",)),
    "a header of orr's own": ({"url": "https://x.org/", "headers": {"Host": "y.org"}}, ("headers",)),
    "a header of two lines": ({"url": "https://x.org/", "headers": {"A": "b\r\nC: d"}}, ("headers",)),
    "a header with a colon": ({"url": "https://x.org/", "headers": {"A:": "b"}}, ("headers",)),
    "a bound without a value": ({"url": "https://x.org/", "equals": 1}, ("equals",)),
    "bounds that cross": ({"url": "https://x.org/", "value": "a", "at_least": 2, "at_most": 1}, ("at_most",)),
    "no JMESPath": ({"url": "https://x.org/", "value": "a["}, ("value",)),
    "none beside another": ({"url": "https://x.org/", "value": "a", "none": True, "equals": 1}, ("none",)),
    "nothing to be one of": ({"url": "https://x.org/", "value": "a", "all_in": []}, ("all_in",)),
    "a body without POST": ({"url": "https://x.org/", "body": {}}, ("body",)),
    "a value of a HEAD": ({"url": "https://x.org/", "method": "HEAD", "value": "a"}, ("method",)),
    "another method": ({"url": "https://x.org/", "method": "DELETE"}, ("method",)),
    "a certificate of http": ({"url": "http://x.org/", "certificate_days": 3}, ("certificate_days",)),
    "too long": ({"url": "https://x.org/", "timeout": 1000}, ("timeout",)),
    "no time": ({"url": "https://x.org/", "timeout": 0}, ("timeout",)),
}


@pytest.mark.parametrize(("parameters", "where"), FAULTS.values(), ids=FAULTS.keys())
def test_a_wrong_parameter_is_a_fault_at_its_place(parameters: dict[str, Any], where: tuple[str, ...]) -> None:
    faults = faults_of(CheckSpec("http", parameters))
    assert [keys[:1] for keys, _, _ in faults] == [where]
    for _, wrong, remedy in faults:
        assert all(render(wrong, language) and render(remedy, language) for language in LANGUAGES)


# Any content at all


@settings(max_examples=examples(300))
@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode), st.text('[]{}",:0-9ae. ').map(str.encode))
)
def test_any_content_is_json_or_cannot_be_told(content: bytes) -> None:
    with contextlib.suppress(Undetermined):
        json.dumps(parse_json(content, "x", strict=True), allow_nan=False)


@settings(max_examples=examples(60))
@given(st.binary(max_size=300).map(lambda junk: b"HTTP/1.1 200 OK\r\n" + junk) | st.binary(max_size=300))
def test_any_bytes_on_the_wire_are_an_answer_or_cannot_be_told(content: bytes) -> None:
    with raw_server(sends(content)) as url, contextlib.suppress(Undetermined):
        assert 100 <= fetch(Request(url + "/"), 1.0).status < 1000
