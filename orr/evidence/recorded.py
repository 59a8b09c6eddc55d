"""What was recorded of a workload where its checks ran, for where they cannot run.

A page without a server has a few files and no git, no network and no programs. What the run that
packed it saw of those stands here; what nobody saw stays unknown, so it never counts as good.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orr.evaluate.ballot_changes import OldBallot
from orr.evidence.kinds.kind import Kind, written
from orr.evidence.kinds.traits import Traits
from orr.evidence.repository.git import GitTable, RecordedHistory
from orr.messages import Message, say
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding, Outcome

if TYPE_CHECKING:
    from orr.evidence.kinds.signature import KeyFault

UNSEEN = "evidence.unseen"


NO_GIT = GitTable(refusal=say("evidence.unseen.git"))


@dataclass(frozen=True)
class Recorded:
    """What was recorded of one workload.

    Attributes
    ----------
    findings
        By `key_of`, of the checks whose findings do not follow from the files that are there.
    seen
        The keys of those whose findings do.
    histories
        By a repository's path from the workspace, what git knows of it.
    case
        What the recorded runs and the commits before add to the case.
    known
        What they hold of what void votes were given on, by digest.
    is_whole
        Whether the files and all this give the digest that the run had.
    """

    findings: Mapping[str, Finding] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    histories: Mapping[str, GitTable] = field(default_factory=dict)
    case: Mapping[str, Any] = field(default_factory=dict)
    known: Mapping[str, OldBallot] = field(default_factory=dict)
    is_whole: bool = True

    def finding(self, key: str) -> Finding | None:
        """What stands in place of running a check; None where it can be run."""
        if key in self.seen:
            return None
        return self.findings.get(key) or Finding(key.split(" ")[1], Outcome.UNKNOWN, say(UNSEEN))

    @staticmethod
    def is_unseen(finding: Finding) -> bool:
        """Whether nobody looked, or at one of several sources."""
        return names_unseen(finding.says)

    def history(self, where: Path, root: Path) -> RecordedHistory:
        """What git knew of a repository."""
        return RecordedHistory(self.histories.get(from_root(where, root), NO_GIT))


class KindElsewhere(Kind):
    """Kind of a package that is not installed here, by its recorded properties."""

    @classmethod
    def of(cls, name: str, traits: Traits) -> KindElsewhere:
        """A kind by its name and traits."""

        def function(context: object) -> Finding:
            del context
            return Finding(name, Outcome.UNKNOWN, say(UNSEEN))

        function.__dict__["orr_traits"] = traits._replace(verify=None)
        return cls(name, function, False)

    def faults(self, spec: CheckSpec) -> list[KeyFault]:
        """None: they were looked for where the package is."""
        del spec
        return []


def from_root(where: Path, root: Path) -> str:
    """A folder as it is named from the workspace."""
    return os.path.relpath(where, root).replace(os.sep, "/")


def key_of(where: Path, root: Path, spec: CheckSpec) -> str:
    """Where a check looks, its kind and its parameters."""
    return f"{from_root(where, root).replace(' ', '%20')} {spec.check} {written(spec)}"


def names_unseen(what: object) -> bool:
    """Whether words are, or hold, those of a check that nobody ran."""
    if isinstance(what, Message):
        return what.key == UNSEEN or any(map(names_unseen, what.values.values()))
    return isinstance(what, (list, tuple)) and any(map(names_unseen, what))
