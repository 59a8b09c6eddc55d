"""Read YAML that was changed at random, and report what crashes, hangs, swells or is read wrongly.

    python -m tools.fuzz [FOLDER …] [--inputs 1000000] [--seed 1] [--compare 20]

Each input is a file of the folders, or one of the samples below, with up to eight changes. Every reader of YAML must
answer it with data or with faults, in bounded time and memory. Of every twentieth input the data must be the same when
it is written and read again, and what ruamel.yaml reads, word by word, must be what is read here.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from orr.evidence.documents.yamlstream import read_stream
from orr.evidence.errors import Undetermined
from orr.source.faults import MAX_FAULTS, FaultyInput
from orr.source.yaml import decode
from orr.source.yaml.go import read_as_go
from orr.source.yaml.reader import Reader, read, read_with_places
from orr.source.yaml.schema import MAX_NODES
from orr.source.yaml.writer import dump

SECONDS, MEMORY = 2.0, 1 << 30
LONGEST_INPUT = 20_000
SAMPLES = (
    """\
review: shop
answers:
  a/b: {answer: yes, by: ana, on: 2026-11-20}
waivers:
- waiver: W-1
  items: [a/b, c/d]
""",
    """\
base: &base {a: 1, b: [x, y]}
other:
  <<: *base
  c: *base
""",
    """\
text: |
  one
   two

  three
folded: >-
  a
  b

  c
? key
: 'it''s'
""",
    """\
%YAML 1.2
---
- "tab\\t\\u4e0a \\
  on"
- !!str 1
- ! 2
- ~
...
""",
    """\
- - - a
    - b
  -
    c: {d: [], e: {}, 'f': g,
     h: i}
- ? [k]
  : v
""",
    """\
groups:
- name: a
  rules:
  - alert: Down
    expr: up{job="x"} == 0
    labels: {severity: page}
---
b: # note
  1.5e3
""",
)
_PIECES = (
    *"\n\t -?:,[]{}#&*!|>'\"%@`\\~=<.0",
    *(" ", "  ", "\n  ", ": ", "- ", "? ", "&a ", "*a", "<<: *a\n", "!!str ", "!x ", "|2-\n", ">+\n", "---\n", "...\n"),
    *(
        "%TAG ! a\n",
        "\r\n",
        "\u2028",
        "\x85",
        "\ufeff",
        "\0",
        "\ud800",
        "é",
        "中",
        "🙂",
        "null",
        "yes",
        "0o7",
        "9" * 200,
    ),
)


@dataclass
class Tally:
    """What became of the inputs.

    Attributes
    ----------
    outcomes
        By reader and outcome, how many.
    failures
        Inputs that broke a promise, with the promise.
    slowest
        The longest that a reader took over one input, in seconds, and the input.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")


class Words(Reader):
    """Reader of every scalar as it is written."""

    def _plain(self, text: str) -> Any:
        return text

    def _tagged(self, event: Any, tag: str) -> Any:  # noqa: ARG002
        return event.value


def inputs(corpus: Sequence[str], count: int, seed: int) -> Iterator[str]:
    """Texts of a corpus, changed at random; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - it only has to be repeatable
    for _ in range(count):
        text = chance.choice(corpus)
        for _ in range(min(8, int(chance.expovariate(0.6)))):
            text = _changed(text, corpus, chance)
        yield text[:LONGEST_INPUT]


def _changed(text: str, corpus: Sequence[str], chance: random.Random) -> str:
    begin = chance.randint(0, len(text))
    end = min(len(text), begin + chance.choice((1, 1, 2, 5, 20, 200)))
    way = chance.randrange(7)
    if way <= 1:
        return text[:begin] + chance.choice(_PIECES) + text[begin:]
    if way == 2:
        return text[:begin] + chance.choice(_PIECES) + text[end:]
    if way == 3:
        return text[:begin] + text[end:]
    if way == 4:
        return text[:end] + text[begin:end] * chance.choice((1, 1, 2, 40)) + text[end:]
    if way == 5:
        other = chance.choice(corpus)
        here = chance.randint(0, len(other))
        return text[:begin] + other[here : here + chance.choice((5, 50, 500))] + text[begin:]
    return text[:begin] + "\n".join(chance.choice(("", " ", "  ")) + line for line in text[begin:].split("\n"))


def try_all(texts: Iterable[str], compare: int = 0) -> Tally:
    """Give every text to every reader.

    Parameters
    ----------
    texts
        The inputs.
    compare
        Each how many-th is written and read again, and compared with ruamel.yaml; none where it is 0.
    """
    tally = Tally()
    for number, text in enumerate(texts):
        for name, reader in READERS.items():
            _try(tally, name, reader, text)
        if compare and number % compare == 0:
            _try(tally, "compared", _compared, text)
            _try(tally, "written", _written, text)
    return tally


def _try(tally: Tally, name: str, reader: Callable[[str], str], text: str) -> None:
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)  # of its own time: the machine may be busy
    try:
        outcome = reader(text)
    except Exception as error:
        outcome = f"{type(error).__name__}: {error}"[:200]
        tally.failures.append((f"{name}: {outcome}", text))
        outcome = "failure"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    tally.outcomes[f"{name}: {outcome}"] += 1
    tally.slowest = max(tally.slowest, (time.process_time() - began, text))


def _plain(text: str) -> str:
    try:
        _, places = read_with_places(decode(text.encode("utf-8", "surrogatepass"), "f"), "f")
    except FaultyInput as faulty:
        return _refused(faulty)
    assert len(places) <= MAX_NODES, "too many places"
    return "read"


def _written(text: str) -> str:
    try:
        data = read(text, "f")
    except FaultyInput:
        return "refused"
    again = read(dump({"data": data}), "f")["data"]
    assert repr(again) == repr(data), f"{data!r:.80} is {again!r:.80} when it is written and read again"
    return "read again"


def _as_go(text: str) -> str:
    try:
        read_as_go(text, "f")
    except FaultyInput as faulty:
        return _refused(faulty)
    return "read"


def _stream(text: str) -> str:
    try:
        read_stream(text, "f")
    except Undetermined as refused:
        return "refused" if refused.why.key.startswith("yamlstream.") else f"refused otherwise: {refused.why.key}"
    return "read"


def _refused(faulty: FaultyInput) -> str:
    said = faulty.in_words("en").split("\n")
    assert 0 < len(said) <= MAX_FAULTS + 1, f"{len(said)} faults"
    assert all(one.isprintable() and len(one) < 600 for one in said), "a fault that cannot be shown"
    return "refused"


def _compared(text: str) -> str:
    from ruamel.yaml import YAML, YAMLError

    try:
        read(text, "f")  # which refuses more: keys of nothing, tags
        here = Words(text, "f").read()
    except FaultyInput:
        return "refused here"
    reader = YAML(typ="base", pure=True)
    reader.version = (1, 2)  # type: ignore[assignment]
    try:
        there = reader.load(text)
    except (YAMLError, ValueError, AssertionError, IndexError, AttributeError, TypeError, KeyError) as error:
        return f"refused by ruamel alone ({type(error).__name__})"
    assert here == there, f"read {here!r:.120} where ruamel reads {there!r:.120}"
    return "read alike"


READERS: dict[str, Callable[[str], str]] = {"plain": _plain, "as Go": _as_go, "stream": _stream}


def corpus_of(folders: Sequence[Path]) -> list[str]:
    """The texts below folders, without those that are long; the samples where there is no folder."""
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    texts = [path.read_bytes().decode("utf-8", "replace") for path in paths if path.stat().st_size <= LONGEST_INPUT]
    return texts or list(SAMPLES)


def too_long(_signal: int, _frame: FrameType | None) -> None:
    """End a reader that takes longer than `SECONDS`."""
    raise TimeoutError(f"longer than {SECONDS:g} s")


def main() -> int:
    """Try many, print the figures and the failures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--compare", type=int, default=20)
    given = parser.parse_args()
    import resource  # which Windows has not

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, too_long)
    corpus = corpus_of(given.folders)
    began = time.perf_counter()
    tally = try_all(inputs(corpus, given.inputs, given.seed), given.compare)
    print(f"{given.inputs} inputs from {len(corpus)} texts in {time.perf_counter() - began:.0f} s")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{megabytes} MB at most; the slowest took {tally.slowest[0]:.3f} s: {tally.slowest[1]!r:.200}")
    for outcome, count in sorted(tally.outcomes.items()):
        print(f"{count:9d}  {outcome}")
    for promise, text in tally.failures[:50]:
        print(f"FAILED  {promise}\n        {text!r:.400}")
    return bool(tally.failures)


if __name__ == "__main__":
    sys.exit(main())
