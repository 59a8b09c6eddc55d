"""Web addresses: what every reader takes to the same place, or nothing."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.system.addresses import (
    Address,
    database_fault,
    host_matches,
    host_name,
    read_address,
    shown_address,
    without_secrets_of,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://a.example/x?y#z", Address("https", None, "a.example", None, "/x", "?y#z")),
        ("HTTP://A.Example.:8080", Address("http", None, "a.example", 8080, "", "")),
        ("https://a.example:/", Address("https", None, "a.example", None, "/", "")),
        ("https://user:word@a.example/", Address("https", "user:word", "a.example", None, "/", "")),
        ("https://a.example@b.example/", Address("https", "a.example", "b.example", None, "/", "")),
        ("https://a.example?@b.example/", Address("https", None, "a.example", None, "", "?@b.example/")),
        ("https://a.example#@b.example/", Address("https", None, "a.example", None, "", "#@b.example/")),
        ("https://127.0.0.1/", Address("https", None, "127.0.0.1", None, "/", "")),
        ("https://[::1]:8/", Address("https", None, "[::1]", 8, "/", "")),
        ("https://[0:0::1]/", Address("https", None, "[::1]", None, "/", "")),
        ("https://a_b.example/", Address("https", None, "a_b.example", None, "/", "")),
        ("https://bücher.example/ä", Address("https", None, "xn--bcher-kva.example", None, "/ä", "")),
        ("https://BÜCHER.example", Address("https", None, "xn--bcher-kva.example", None, "", "")),
        ("https://xn--bcher-kva.example", Address("https", None, "xn--bcher-kva.example", None, "", "")),
        ("https://运维.example.cn/", Address("https", None, "xn--6o0a585a.example.cn", None, "/", "")),
    ],
)
def test_an_address_that_all_read_alike_is_taken_apart(text: str, address: Address) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("https://evil.example\\@a.example/", id="a backslash before the host"),
        pytest.param("https://a.example\\.evil.example/", id="a backslash in the host"),
        pytest.param("https://a.example/\\..\\x", id="a backslash in the path"),
        pytest.param("https:\\\\a.example/", id="backslashes for slashes"),
        pytest.param("https://evil.example@b@a.example/", id="two signs of a user"),
        pytest.param("https://evil.example／@a.example/", id="a full-width slash before the host"),
        pytest.param("https://evil.example @a.example/", id="a space before the host"),
        pytest.param("https:/a.example/", id="one slash"),
        pytest.param("https:a.example/", id="no slash"),
        pytest.param("https:///a.example/", id="three slashes"),
        pytest.param("//a.example/", id="no scheme"),
        pytest.param("ftp://a.example/", id="another scheme"),
        pytest.param("https://", id="no host"),
        pytest.param("https://a..example/", id="an empty label"),
        pytest.param("https://evil%2eexample/", id="percent-encoded host"),
        pytest.param("https://a。example/", id="an ideographic full stop"),
        pytest.param("https://ａ.example/", id="full-width letters"),
        pytest.param("https://straße.example/", id="mapped by one standard only"),
        pytest.param("https://a\N{SOFT HYPHEN}.example/", id="a soft hyphen"),
        pytest.param("https://u\N{COMBINING DIAERESIS}.example/", id="not composed"),
        pytest.param("https://xn--a.example/", id="no name behind its encoding"),
        pytest.param("https://0x7f.0.0.1/", id="a number of base sixteen"),
        pytest.param("https://2130706433/", id="an address as one number"),
        pytest.param("https://127.1/", id="a short address"),
        pytest.param("https://010.0.0.1/", id="a number of base eight"),
        pytest.param("https://1.2.3.4.5/", id="too many numbers"),
        pytest.param("https://[fe80::1%25eth0]/", id="a zone"),
        pytest.param("https://[v1.x]/", id="an address of the future"),
        pytest.param("https://[::1/", id="an open bracket"),
        pytest.param("https://a.example:99999/", id="no port"),
        pytest.param("https://a.example:0/", id="port zero"),
        pytest.param("https://a.example:80a/", id="letters in a port"),
        pytest.param("https://a\t.example/", id="a tab"),
        pytest.param("https://a.example/\nx", id="a line end"),
        pytest.param(" https://a.example/", id="a space before it"),
        pytest.param("https://a.example/\x00", id="a control character"),
        pytest.param("https://a example/", id="a space in the host"),
        pytest.param("https://a|b.example/", id="a sign that no host has"),
    ],
)
def test_what_is_read_in_two_ways_is_no_address(text: str) -> None:
    assert read_address(text) is None


@given(
    st.lists(
        st.sampled_from(re.split(" ", r"https: http: / // \ @ a.example evil.example :80 ? # %40 . 。 [ ] 0x7f é"))
        | st.sampled_from("\t "),
        max_size=9,
    ).map("".join)
)  # fmt: skip
def test_an_address_that_is_read_has_the_host_that_the_library_reads(text: str) -> None:
    address = read_address(text)
    if address is not None:
        assert host_name(urlsplit(text).hostname or "") == address.host
        before_path = text.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0]
        assert "\\" not in text.partition("?")[0].partition("#")[0]
        assert before_path.count("@") <= 1


@pytest.mark.parametrize(
    ("host", "patterns", "matches"),
    [
        ("A.Example.com.", ["a.example.com"], True),
        ("a.example.com", ["b.example.com", "A.example.com."], True),
        ("x.example.com", ["*.example.com"], True),
        ("x.y.example.com", [" *.Example.com "], True),
        ("example.com", ["*.example.com"], False),
        ("evil-example.com", ["*.example.com"], False),
        ("example.com.evil.example", ["example.com"], False),
        ("bücher.example", ["xn--bcher-kva.example"], True),
        ("a.example", ["*"], False),
        ("a.example", ["https://a.example"], False),
        ("a.example", [], False),
    ],
)
def test_hosts_are_named_by_themselves_or_by_what_they_lie_below(host: str, patterns: list[str], matches: bool) -> None:
    assert host_matches(host, patterns) is matches


SECRET = "T0-secret"
SHOWN = [
    (
        "postgresql+psycopg://127.0.0.1/readiness?user=orr&password=T0-secret",
        "postgresql+psycopg://127.0.0.1/readiness",
    ),
    ("postgresql://ann:T0-secret@db.example:5432/x", "postgresql://db.example:5432/x"),
    ("postgresql://ann:p@T0-secret@db.example/x", "postgresql://db.example/x"),
    ("postgresql://ann:p/T0-secret@db.example/x", "postgresql://db.example/x"),
    ("postgresql://ann:p?T0-secret@db.example/x", "postgresql://…"),
    ("postgresql://ann:p#T0-secret@db.example/x", "postgresql://…"),
    ("postgresql://db.example/x?password=p@T0-secret", "postgresql://…"),
    ("postgresql://ann:p@q?T0-secret@db.example/x", "postgresql://…"),
    ("mssql+pyodbc:///?odbc_connect=PWD%3DT0-secret", "mssql+pyodbc:///"),
    ("tls://T0-secret@scheduler:8786", "tls://scheduler:8786"),
    ("ann:T0-secret@scheduler:8786", "scheduler:8786"),
    ("https://store.example/reports#token=T0-secret", "https://store.example/reports"),
    ("https://store.example/reports?then=https://x/T0-secret", "https://store.example/reports"),
    ("sqlite:///reports/history.db", "sqlite:///reports/history.db"),
]


@pytest.mark.parametrize(("address", "shown"), SHOWN)
def test_an_address_is_shown_without_its_secrets(address: str, shown: str) -> None:
    assert shown_address(address) == shown


@pytest.mark.parametrize("address", [address for address, _ in SHOWN if SECRET in address])
def test_what_a_driver_says_of_an_address_is_told_without_its_secrets(address: str) -> None:
    rest = address.partition("://")[2] or address
    host = rest.partition("@")[2].partition("/")[0]  # as a driver reads it that takes the first of several @
    told = without_secrets_of(address, f"cannot open {address}: no host {host}, password {SECRET}")
    assert SECRET not in told
    assert ": no host " in told


@given(st.text("ab:/?#@&=.", max_size=12), st.text("ab:/?#@&=.", max_size=12))
def test_nothing_of_a_password_is_shown_however_it_is_written(before: str, after: str) -> None:
    for address in (f"db://u:{before}SECRET{after}@host/x", f"db://host/x?password={before}SECRET{after}"):
        assert "SECRET" not in shown_address(address)


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("sqlite:///reports/history.db", None),
        ("sqlite:////srv/history.db?timeout=5", None),
        ("sqlite:///memory.db?timeout=5&cache=shared", None),
        ("sqlite:///file:reports/history.db?mode=rwc&uri=true", None),
        ("sqlite://", "database-memory"),
        ("sqlite:///", "database-memory"),
        ("sqlite:///?timeout=5", "database-memory"),
        ("sqlite+pysqlite:///:memory:", "database-memory"),
        ("sqlite:///file::memory:?cache=shared&uri=true", "database-memory"),
        ("sqlite:///file:x?uri=true&mode=memory", "database-memory"),
        ("postgresql+psycopg://ann:p%40ss@[::1]:5432/x?sslmode=require", None),
        ("postgresql:///x?host=/run/postgresql", None),
        ("mysql+pymysql://db", None),
        ("hello", "database"),
        ("reports/history.db", "database"),
        ("sqlite:/history.db", "database"),
        ("sqlite://history.db", "database"),
        ("://x", "database"),
        ("postgresql://ann:p@ss@db/x", "database-sign"),
        ("postgresql+psycopg://u:p@127.0.0.1:abc/x", "database-port"),
        ("postgresql://db:0/x", "database-port"),
        ("postgresql://db:65536/x", "database-port"),
        ("postgresql://db:5432x", "database-port"),
        ("postgresql://db:５４３２/x", "database-port"),
        ("postgresql://ann:p/w@db/x", "database-port"),
    ],
)
def test_what_is_wrong_with_an_address_of_a_database(address: str, fault: str | None) -> None:
    assert database_fault(address) == fault
