"""The store by content: what is kept, once, within a limit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orr.proof.store import Held, Store, held, place_of

A, B = ("sha256:" + letter * 64 for letter in "ab")


def test_what_is_kept_comes_back_and_each_content_lies_there_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.keep("shop", A, {"a.md": b"one", "b.md": b"one"}) == []
    files = store.files("shop", A)
    assert files is not None
    assert {store.content(one.sha256) for one in files.values()} == {b"one"}
    assert len(list((tmp_path / "contents").glob("*/*"))) == 1
    assert store.files("shop", B) is None


def test_what_is_kept_again_stands_in_the_place_of_the_same_path_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep("shop", A, {"report.html": b"page", "review.yaml": b"one vote"})
    store.keep("shop", A, {"review.yaml": b"two votes"})
    files = store.files("shop", A)
    assert files is not None
    assert {path: store.content(one.sha256) for path, one in files.items()} == {
        "report.html": b"page",
        "review.yaml": b"two votes",
    }


def test_beyond_its_limit_the_oldest_fall_out_and_are_named(tmp_path: Path) -> None:
    store = Store(tmp_path, limit=3000)
    for number, digest in enumerate((A, B)):
        assert store.keep("shop", digest, {"a": os.urandom(1200), "both": b"shared"}) == []
        os.utime(next((tmp_path / "assessments/shop").glob(f"{digest[7]}*")), (number, number))
    assert store.keep("stock", A, {"a": os.urandom(1200), "both": b"shared"}) == ["shop " + "a" * 12]
    assert store.files("shop", A) is None
    left = store.files("shop", B)
    assert left is not None
    assert all(store.content(one.sha256) is not None for one in left.values())


def test_a_content_that_was_changed_is_not_given(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep("shop", A, {"a": b"one"})
    (place,) = (tmp_path / "contents").glob("*/*")
    for raw in (b"other", b""):
        place.write_bytes(raw)
        assert store.content(place.name) is None
    store.keep("shop", A, {"a": b"one"})
    assert store.content(place.name) == b"one"
    (entry,) = (tmp_path / "assessments/shop").glob("*")
    for raw in ("[]", "{", '{"files": []}', '{"files": {"a": 1}}'):
        entry.write_text(raw)
        assert store.files("shop", A) is None
        assert Store(tmp_path, limit=0).keep("shop", B, {"b": b"two"}) == ["shop " + "a" * 12]
        store.keep("shop", A, {"a": b"one"})


def test_a_secret_is_known_by_its_digest_alone() -> None:
    secret = b"-----BEGIN PRIVATE KEY-----\n" + b"MIIEvQIBADANBgkqhkiG9w0B" * 8 + b"\n-----END PRIVATE KEY-----\n"
    assert held("settings.ini", secret).left_out == "secret"
    assert held("a.md", b"nothing") == Held(held("a.md", b"nothing").sha256, 7)


@pytest.mark.parametrize(
    ("history", "place"),
    [
        ("sqlite:///reports/history.db", "reports/history.db.kept"),
        ("postgresql://db/orr", "reports/history.kept"),
        ("sqlite:///file:x?mode=ro", "reports/history.kept"),
    ],
)
def test_it_lies_beside_the_history(history: str, place: str, tmp_path: Path) -> None:
    assert place_of(history, tmp_path) == tmp_path / place
