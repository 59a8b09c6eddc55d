"""Inputs changed at random: the same for the same seed, and what a reader does wrong is found."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tools import fuzz

pytestmark = [
    pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no timer that interrupts"),
    pytest.mark.slow,
]


@pytest.fixture(autouse=True)
def timer() -> Iterator[None]:
    before = signal.signal(signal.SIGPROF, fuzz.too_long)
    yield
    signal.signal(signal.SIGPROF, before)


def test_no_reader_fails_on_what_is_changed_at_random() -> None:
    tally = fuzz.try_all(fuzz.inputs(fuzz.SAMPLES, 1_500, seed=7), compare=5)
    assert tally.failures == []
    for name in (*fuzz.READERS, "written"):  # both kinds are among them, so that both were tried
        assert tally.outcomes[f"{name}: refused"] > 100
    assert tally.outcomes["plain: read"] > 300
    assert tally.outcomes["compared: read alike"] > 50


def test_the_same_seed_gives_the_same_inputs() -> None:
    one, same, other = (list(fuzz.inputs(fuzz.SAMPLES, 20, seed)) for seed in (1, 1, 2))
    assert one == same != other


def crash(text: str) -> str:
    raise RecursionError(text)


def hang(_text: str) -> str:
    while True:
        pass


@pytest.mark.parametrize(("reader", "promise"), [(crash, "RecursionError: a: 1"), (hang, "TimeoutError: longer than")])
def test_a_reader_that_crashes_or_hangs_is_a_failure(monkeypatch: pytest.MonkeyPatch, reader, promise: str) -> None:
    monkeypatch.setattr(fuzz, "SECONDS", 0.05)
    monkeypatch.setattr(fuzz, "READERS", {"bad": reader})
    (failure,) = fuzz.try_all(["a: 1"]).failures
    assert failure[0].startswith(f"bad: {promise}")
    assert failure[1] == "a: 1"


def test_a_reading_that_differs_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz.Words, "read", lambda self: {"a": "2"})
    ((promise, _),) = fuzz.try_all(["a: 1"], compare=1).failures
    assert promise == "compared: AssertionError: read {'a': '2'} where ruamel reads {'a': '1'}"


def test_the_corpus_is_what_lies_below_folders_or_else_the_samples(tmp_path) -> None:
    assert fuzz.corpus_of([tmp_path]) == list(fuzz.SAMPLES)
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.yaml").write_text("a: 1")
    (tmp_path / "long.yaml").write_text("a" * (fuzz.LONGEST_INPUT + 1))
    assert fuzz.corpus_of([tmp_path]) == ["a: 1"]
