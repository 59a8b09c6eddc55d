"""What a page holds of workloads beside their files, as data that its Python reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from orr.evaluate import ballot_changes, milder, objections, terms
from orr.evidence import recorded
from orr.evidence.kinds.traits import Traits
from orr.messages import Message
from orr.model import content, finding, picture, release
from orr.source import kept

FACTS = "facts.json"
FILES = "files"
"""The folder in which the packed files are laid out."""


@dataclass(frozen=True)
class PageFacts:
    """What a page knows beside its files.

    Attributes
    ----------
    root
        The workspace's path among the files.
    recorded
        By workload, what a browser cannot find out.
    kinds
        How kinds of check of other packages are run.
    worked_out
        What need not be worked out again; see `orr.system.cache`.
    sums
        The SHA-256 of each packed file.
    commit
        What was checked out; None where that is unknown.
    moment
        When all this was seen.
    """

    root: str
    recorded: Mapping[str, recorded.Recorded]
    kinds: Mapping[str, Traits]
    worked_out: Mapping[str, Any]
    sums: Mapping[str, str]
    commit: str | None
    moment: datetime


def as_json(facts: PageFacts) -> bytes:
    """The facts as JSON; the same for equal ones.

    Raises
    ------
    TypeError
        If a finding holds something that has no form in it.
    """
    plain = kept.to_plain(facts)
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    try:
        kept.from_plain(json.loads(text), _kinds())
    except LookupError as unknown:
        raise TypeError(str(unknown)) from None
    return text.encode()


def read_facts(folder: Path) -> PageFacts:
    """The facts of a page whose files were unpacked into a folder."""
    facts: PageFacts = kept.from_plain(json.loads((folder / FACTS).read_bytes()), _kinds())
    return facts


def sum_of(raw: bytes) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(raw).hexdigest()


def _kinds() -> Mapping[str, Any]:
    from orr.evaluate import Verdict

    modules = (recorded, milder, terms, objections, ballot_changes, finding, picture, release, content)
    kinds = {name: word for one in modules for name, word in vars(one).items() if isinstance(word, type)}
    ours = {kind.__name__: kind for kind in (PageFacts, Traits, Message, Verdict)}
    return {**kinds, **kept.of_a_review(), **ours}
