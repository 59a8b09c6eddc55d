"""Secrets never reach what is stored."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.evidence.masking import MASK, MAX_ROWS, MAX_TEXT, masked, masked_finding
from orr.messages import Message, render, say
from orr.model.finding import Finding, Outcome, Table

# Put together here so that no scanner of this repository takes them for real ones.
HIDDEN = "Zq7" + "Xw9Lm2Rt5Vb8Nc4K" + "d1"


@pytest.mark.parametrize(
    "text",
    [
        f"key {'AKIA'}{'IOSFODNN7EXAMPLE'} used",
        f"aws_secret_access_key = {HIDDEN}",
        f"password={HIDDEN}",
        f'{{"password": "{HIDDEN} and more"}}',
        f"DB_PASSWORD: {HIDDEN}",
        f"api-key={HIDDEN}&x=1",
        f"token：{HIDDEN}",
        f"clone with {'ghp_'}{HIDDEN}{HIDDEN}",
        f"{'github_pat_'}{HIDDEN}_{HIDDEN}",
        f"{'glpat-'}{HIDDEN}",
        f"slack {'xoxb-'}123456789-{HIDDEN}",
        f"https://{'hooks.slack.com'}/services/T000/B000/{HIDDEN}",
        f"Authorization: Bearer {HIDDEN}",
        f"authorization: basic {HIDDEN}==",
        f"{'eyJ'}hbGciOiJIUzI1NiJ9.{HIDDEN}.{HIDDEN}",
        f"postgres://admin:{HIDDEN}@db.example.com/orders",
        f"https://{HIDDEN}@git.example.com/x.git",
        f"postgres://admin:un@{HIDDEN}@db.example.com/orders",
        f"postgres://admin:un/{HIDDEN}@db.example.com/orders",
        f"https://files.example.com/a?sv=2&sig={HIDDEN}",
        f"https://app.example.com/#state=1&jwt={HIDDEN}",
        f"{'sk-'}proj-{HIDDEN}{HIDDEN}",
        f"-----BEGIN RSA PRIVATE KEY-----\n{HIDDEN}\n-----END RSA PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\n{HIDDEN} and cut off",
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str) -> None:
    assert MASK in masked(text)
    assert HIDDEN not in masked(text)
    assert "IOSFODNN7" not in masked(text)


PREFIXES = {
    "AWS": (["AKIA", "ASIA", "AIDA", "AROA", "ABIA", "ACCA"], HIDDEN.upper()),
    "GitHub": (["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"], HIDDEN),
    "GitLab": (["glpat-"], HIDDEN),
    "Slack": (["xoxa-", "xoxb-", "xoxp-", "xoxs-", "xapp-"], HIDDEN),
    "keys of an interface": (["sk-", "sk_live_", "rk_test_", "pk_", "sk-proj-", "sk-ant-"], HIDDEN),
    "Google": (["AIza", "ya29."], HIDDEN + HIDDEN),
    "registries": (["npm_", "pypi-"], HIDDEN),
    "a signed token": (["eyJhbGciOi.", "eyJhbGciOi.eyJzdWIiOi."], HIDDEN),
    "a header": (["Bearer ", "basic  ", "BEARER\t"], HIDDEN),
}
NAMES = [
    "pass", "password", "passwd", "passphrase", "pwd", "secret", "token", "credential", "credentials", "api_key",
    "api-key", "apikey", "access_key", "secret-key", "private_key", "client_secret", "auth", "DB_PASSWORD", "my.token",
]  # fmt: skip


@pytest.mark.parametrize(
    ("prefix", "rest"),
    [pytest.param(one, rest, id=one.strip()) for many, rest in PREFIXES.values() for one in many],
)
def test_a_secret_is_known_by_how_it_begins(prefix: str, rest: str) -> None:
    assert rest not in masked(f"It said ({prefix}{rest}) and ended.")
    assert masked(f"{prefix}{rest}").endswith(MASK)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("written", ["{}={}", "{}: {}", "{} := '{}'", '"{}": "{}"', "{} => {}", "{}：{}"])
def test_a_secret_is_known_by_its_name(name: str, written: str) -> None:
    for spelt in (name, name.upper()):
        said = masked(written.format(spelt, "h0rse"))
        assert said.startswith(written[0].replace("{", "") + spelt)
        assert MASK in said
        assert "h0rse" not in said


@pytest.mark.parametrize(
    "text",
    [
        "docs/rollback.md: last reviewed on 2026-11-12, 11 days ago",
        "3 files match docs/secrets/*.md; runbooks/rotate-password.md is 12 days old",
        "see https://example.com/docs?page=2 and mail oncall@example.com",
        "a basic plan for the token service",
        "无法读取 docs/密码.md：这是一个失效的链接",
    ],
)
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert masked(text) == text


def test_a_finding_is_masked_in_its_words_its_values_and_its_table() -> None:
    secret = f"password={HIDDEN}"
    finding = Finding(
        "x",
        Outcome.UNKNOWN,
        say("evidence.crashed", error="E", says=[secret, say("evidence.said", words=secret)]),
        table=Table(({"en": secret},), ((secret,),) * (MAX_ROWS + 5)),
    )
    clean = masked_finding(finding)
    assert clean.table is not None
    assert HIDDEN not in repr(clean)
    assert len(clean.table.rows) == MAX_ROWS
    assert isinstance(clean.says, Message)
    assert MASK in render(clean.says, "zh-CN")


@settings(max_examples=examples(100))
@given(st.text())
def test_any_text_is_masked_to_bounded_text_that_utf8_can_hold(text: str) -> None:
    clean = masked(text * 3)
    clean.encode()
    assert len(clean) <= MAX_TEXT + 1


def test_a_secret_where_a_long_text_is_cut_does_not_stay_in_part() -> None:
    text = "x " * (MAX_TEXT // 2 - 5) + f"ghp_{HIDDEN}{HIDDEN}" + " y" * 1_000_000
    assert HIDDEN[:4] not in masked(text)
    assert len(masked(text)) == MAX_TEXT + 1
