"""Secrets are taken by name, sent, and hidden in whatever comes back."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evidence import Finding, Outcome, Table, Undetermined, say
from orr.evidence.live.credentials import Tokens, names_in
from orr.messages import render


def test_names_are_found_once_each_and_dollar_signs_stay() -> None:
    assert names_in("Bearer $A_1:${B} $A_1 $$C $") == ["A_1", "B"]
    assert Tokens({"A": "x"}).header("$$A ${A}y $A") == "$A xy x"


@pytest.mark.parametrize("form", ["%s", "x%sy", '{"a": "%s"}'])
def test_every_usual_form_of_a_secret_is_hidden(form: str) -> None:
    secret = 'a+b/"c=?&d'
    tokens = Tokens({"KEY": secret})
    tokens.header("$KEY")
    for shown in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1], base64.b64encode(secret.encode()).decode()):
        assert tokens.hide(form % shown) == form % "***"


def test_a_secret_that_is_part_of_another_leaves_nothing_of_it() -> None:
    tokens = Tokens({"A": "abc", "B": "abcdef"})
    tokens.header("$A$B")
    assert tokens.hide("abcdef abc") == "*** ***"


def test_findings_and_causes_and_errors_lose_their_secrets() -> None:
    tokens = Tokens({"A": "s3cr3t"})
    tokens.header("$A")
    table = Table(("s3cr3t",), (("s3cr3t", say("act.bound.is", value=["s3cr3t"])),))
    finding = tokens.hidden_finding(Finding("", Outcome.MET, say("act.bound.is", value="s3cr3t"), table=table))
    assert "s3cr3t" not in repr(finding)
    for error in (Undetermined(say("act.bound.is", value="s3cr3t")), ValueError("bad s3cr3t")):
        with pytest.raises(Undetermined) as caught, tokens.guarded():
            raise error
        assert "s3cr3t" not in render(caught.value.why, "en") + repr(caught.value)


def test_telling_names_of_the_environment_are_known() -> None:
    tokens = Tokens({"DB_PASSWORD": "correct horse", "GITHUB_TOKEN": "short", "PATH": "/usr/local/bin"})
    tokens.add_secret_names()
    assert tokens.hide("correct horse short /usr/local/bin") == "*** short /usr/local/bin"


@given(
    st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20), st.text(max_size=20)
)
def test_a_hidden_text_does_not_hold_the_secret(secret: str, around: str) -> None:
    tokens = Tokens({"A": secret})
    tokens.header("$A")
    hidden = tokens.hide(around + secret + around)
    assert secret not in hidden or secret in "***" or secret in around + "***" + around
