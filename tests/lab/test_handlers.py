"""What the server makes of who is at a page, and of the page's language."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from orr.lab.handlers import digest, handlers, language_of, named


@pytest.mark.parametrize(
    ("username", "name"),
    [
        pytest.param("ana.ruiz", "ana.ruiz", id="a hub knows the name"),
        pytest.param("0123456789abcdef0123456789abcdef", None, id="Jupyter made one up for whoever has the token"),
        pytest.param("", None, id="none"),
        pytest.param(None, None, id="no user"),
    ],
)
def test_only_a_name_that_the_server_knows_counts(username: str | None, name: str | None) -> None:
    assert named(SimpleNamespace(username=username)) == name


@pytest.mark.parametrize(
    ("code", "language"), [("zh_CN", "zh-CN"), ("zh-TW", "zh-CN"), ("en", "en"), ("de_DE", "en"), ("", "en")]
)
def test_words_follow_the_language_of_the_page(code: str, language: str) -> None:
    assert language_of(code) == language


def test_the_first_page_is_led_to_the_review_that_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORR_REVIEW_AT", "shop#team/cake")
    (given,) = (more["waiting"] for pattern, _, more in handlers("/", tmp_path) if pattern.endswith("words"))
    assert given == ["workloads/shop/review.yaml"]


def test_every_address_lies_below_the_server_s_prefix(tmp_path: Path) -> None:
    assert all(pattern.startswith("/user/ana/orr/") for pattern, *_ in handlers("/user/ana/", tmp_path))
    assert len(digest()) == 16
