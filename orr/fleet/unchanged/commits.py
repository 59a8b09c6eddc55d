"""Files of reviews that commits touched since a workload was assessed, even if restored."""

from __future__ import annotations

from contextlib import closing
from functools import cached_property
from pathlib import Path

from orr.fleet.unchanged.fingerprints import Fingerprint, Unkeyable
from orr.system.git import Git, GitRefused, work_tree

_LOG = ("-c", "core.quotePath=false", "log", "--format=", "--name-only", "--no-renames", "-m", "--relative")
_PLACES = ("workloads", "teams", "organization.yaml")


class Commits:
    """The commits of a workspace.

    An assessment depends on what earlier versions of its files held, such as a challenge that was taken out again.

    Parameters
    ----------
    root
        The workspace.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._touched: dict[str, frozenset[str] | None] = {}

    def of(self, files: list[str], known: Fingerprint | None = None) -> Fingerprint:
        """Checked-out commit, or the known one where none since touched the files.

        Raises
        ------
        Unkeyable
            If git cannot tell.
        """
        if known is not None and known.content != self._head:
            touched = self._since(known.content)
            if touched is not None and touched.isdisjoint(files):
                return known
        return Fingerprint("", self._head)

    @cached_property
    def _head(self) -> str:
        try:
            if work_tree(self._root) is None:
                return "none"
            with closing(Git(self._root)) as git:
                return git.head or "none"
        except GitRefused as refused:
            raise Unkeyable(str(refused)) from None

    def _since(self, commit: str) -> frozenset[str] | None:
        """The files that commits after one touched; None where that is not known."""
        if commit not in self._touched:
            self._touched[commit] = self._asked(commit) if "none" not in (commit, self._head) else None
        return self._touched[commit]

    def _asked(self, commit: str) -> frozenset[str] | None:
        try:
            with closing(Git(self._root)) as git:
                told = git.run(*_LOG, f"{commit}..{self._head}", "--", *_PLACES)
        except GitRefused:
            return None
        return frozenset(told.decode("utf-8", "replace").splitlines())
