"""Reports in a store elsewhere: any URL of fsspec, such as `s3://bucket/readiness`.

Needs the extra `orr[remote]`, and for most stores the package that speaks to them. A report is
written to the workspace first, and then sent, so a store that fails loses no report.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from orr.messages import Message, say
from orr.report.publish import FAILED

SENT = ("report.html", "report.ipynb", "assessment.json")
"""The order in which a report is sent: the record, from which programs read the verdict, comes last."""

WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "memory"})
"""Stores in which a file is there at once or not at all. In others it is written beside its name and renamed."""


class NotSent(Exception):  # noqa: N818 - a fact, not a mistake
    """A report could not be sent; `why` says it, `by_choice` whether settings or installation have to change."""

    def __init__(self, why: Message, *, by_choice: bool) -> None:
        self.why, self.by_choice = why, by_choice
        super().__init__(str(why))


def is_url(text: str) -> bool:
    """Whether a folder is named by a URL."""
    return "://" in text


class Elsewhere:
    """A folder in a store.

    Parameters
    ----------
    url
        Where; options of the store are taken from where its package looks for them.

    Raises
    ------
    NotSent
        If fsspec or the store's package is missing, or the URL is none.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        scheme = url.partition("://")[0]
        try:
            from fsspec.core import url_to_fs

            self._store, self._root = url_to_fs(self.url)
        except ModuleNotFoundError as missing:
            if (missing.name or "").partition(".")[0] == "fsspec":
                raise NotSent(say("report.elsewhere.no-fsspec"), by_choice=True) from None
            raise _no_package(scheme, str(missing)) from None
        except ImportError as missing:
            raise _no_package(scheme, str(missing)) from None
        except ValueError as wrong:
            raise NotSent(say("report.elsewhere.bad-url", scheme=scheme, problem=str(wrong)), by_choice=True) from None
        except Exception as error:
            raise self._failed("", error) from error

    def send(self, folder: Path, name: str) -> str:
        """Send the report of a workload.

        Parameters
        ----------
        folder
            The folder that holds the workload's files.
        name
            The workload.

        Returns
        -------
        str
            Where the report is now.

        Raises
        ------
        NotSent
            If the store does not take it.
        """
        target = f"{self._root}/{name}"
        try:
            self._store.makedirs(target, exist_ok=True)
            if (folder / FAILED).exists():
                self._put(folder / FAILED, f"{target}/{FAILED}")
            else:
                for file in SENT:
                    self._put(folder / file, f"{target}/{file}")
                if self._store.exists(f"{target}/{FAILED}"):
                    self._store.rm_file(f"{target}/{FAILED}")
        except Exception as error:  # what a store raises is its own affair
            raise self._failed(name, error) from error
        return f"{self.url}/{name}/{SENT[0]}"

    def send_file(self, path: Path) -> str:
        """Send one file; see `send`."""
        try:
            self._store.makedirs(self._root, exist_ok=True)
            self._put(path, f"{self._root}/{path.name}")
        except Exception as error:
            raise self._failed(path.name, error) from error
        return f"{self.url}/{path.name}"

    def _put(self, path: Path, target: str) -> None:
        content = path.read_bytes()
        protocol: Any = self._store.protocol
        if WHOLE & {protocol} if isinstance(protocol, str) else WHOLE & set(protocol):
            self._store.pipe_file(target, content)
            return
        if self._store.isdir(target):
            raise IsADirectoryError(target)  # a store that renames into a folder would hide the file there
        part = f"{target}.{uuid.uuid4().hex}.part"
        try:
            self._store.pipe_file(part, content)
            self._store.mv(part, target)
        except Exception:
            if self._store.exists(part):
                self._store.rm_file(part)
            raise

    def _failed(self, name: str, error: Exception) -> NotSent:
        where = self.url.rpartition("@")[2] if "@" in self.url else self.url  # never a password
        problem = " ".join(f"{type(error).__name__}: {error}".split())
        return NotSent(say("report.elsewhere.failed", where=where, name=name or "–", problem=problem), by_choice=False)


def _no_package(scheme: str, problem: str) -> NotSent:
    return NotSent(say("report.elsewhere.no-package", scheme=scheme, problem=problem), by_choice=True)
