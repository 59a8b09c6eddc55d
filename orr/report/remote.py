"""Send reports to a remote store: any URL of fsspec.

Needs the extra `orr[remote]`, and for most stores the package that speaks to them. A report is
written to the workspace first, and then sent, so a store that fails loses no report.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from orr.messages import Message, say
from orr.messages.errors import OrrError
from orr.report.publish import ASSESSMENT, CALENDAR, FAILED, HTML, NOTEBOOK, PDF
from orr.system.addresses import shown_address, without_secrets_of
from orr.system.paths import exists

SENT = (HTML, NOTEBOOK, ASSESSMENT)
BESIDE = (CALENDAR, PDF)
"""The order in which a report is sent, after what may lie beside it: the record, from which programs read the verdict,
comes last."""

Told = Callable[[str], dict[str, str | dict[str, str]]]
OBJECTS: Mapping[str, Told] = MappingProxyType(
    {
        **dict.fromkeys(("s3", "s3a"), lambda kind: {"ContentType": kind}),
        **dict.fromkeys(("gs", "gcs"), lambda kind: {"content_type": kind}),
        **dict.fromkeys(("abfs", "abfss", "az"), lambda kind: {"content_settings": {"content_type": kind}}),
        **dict.fromkeys(("adl", "oss", "memory"), lambda _: {}),
    }
)
"""Stores of objects by scheme, and how each wants the type of a file told: there a file is there at once or not at
all, and needs no folder. In other stores it is written beside its name and renamed."""
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".ipynb": "application/x-ipynb+json",
    ".ics": "text/calendar; charset=utf-8",
    ".pdf": "application/pdf",
}
"""What a browser has to be told that reads a store of objects, else it keeps a page as a file."""


class NotSent(OrrError):
    """A report that could not be sent, and whether settings are the cause."""

    def __init__(self, why: Message, *, by_choice: bool) -> None:
        super().__init__(why)
        self.by_choice = by_choice


def is_url(text: str) -> bool:
    """Whether a folder is named by a URL."""
    return "://" in text


class Elsewhere:
    """A folder in a store.

    Parameters
    ----------
    url
        Where; options of the store are taken from where its package looks for them.

    Attributes
    ----------
    shown
        The same without whoever signs in there, since that may hold a password.

    Raises
    ------
    NotSent
        If fsspec or the store's package is missing, or the URL is none.
    """

    def __init__(self, url: str) -> None:
        url = url.rstrip("/")
        scheme = url.partition("://")[0]
        self.shown, self._url = shown_address(url), url
        try:
            from fsspec import available_protocols
            from fsspec.core import url_to_fs

            known = available_protocols()
            if not scheme:  # fsspec would take it for a folder here
                raise ValueError("no protocol")
            self._store, self._root = url_to_fs(url)
        except ModuleNotFoundError as missing:
            if (missing.name or "").partition(".")[0] == "fsspec":
                raise NotSent(say("report.elsewhere.no-fsspec"), by_choice=True) from None
            raise _no_package(scheme, str(missing)) from None
        except ImportError as missing:
            raise _no_package(scheme, str(missing)) from None
        except Exception as error:
            by_choice = isinstance(error, (TypeError, ValueError))  # an option of the store is not given
            if by_choice and scheme.rpartition("::")[2] not in known:
                why = say("report.elsewhere.bad-url", scheme=scheme, problem=without_secrets_of(url, str(error)))
            else:
                why = say("report.elsewhere.not-opened", where=self.shown, problem=self._problem(error))
            raise NotSent(why, by_choice=by_choice) from error

    def send(self, folder: Path, name: str) -> str:
        """Send the report of a workload.

        Parameters
        ----------
        folder
            The folder that holds the workload's files.
        name
            The workload, and its release where it is the report of one: `shop`, `shop/4.2`.

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
            self._make(target)
            if exists(folder / FAILED):
                self._put(folder / FAILED, f"{target}/{FAILED}")
            else:
                there = [file for file in BESIDE if exists(folder / file)]
                for file in (*there, *SENT):
                    self._put(folder / file, f"{target}/{file}")
                for file in {*BESIDE, FAILED}.difference(there):
                    if self._store.exists(f"{target}/{file}"):
                        self._store.rm_file(f"{target}/{file}")
        except Exception as error:  # what a store raises is its own affair
            raise self._failed(name, error) from error
        return f"{self.shown}/{name}/{SENT[0]}"

    def send_file(self, path: Path) -> str:
        """Send one file; see `send`."""
        try:
            self._make(self._root)
            self._put(path, f"{self._root}/{path.name}")
        except Exception as error:
            raise self._failed(path.name, error) from error
        return f"{self.shown}/{path.name}"

    @property
    def _objects(self) -> Told | None:
        """How the type of a file is told, in a store of objects."""
        protocol: Any = self._store.protocol
        schemes = (protocol,) if isinstance(protocol, str) else protocol
        return next((OBJECTS[scheme] for scheme in schemes if scheme in OBJECTS), None)

    def _make(self, folder: str) -> None:
        if self._objects is None:  # there it could only make a bucket of a name that is mistyped
            self._store.makedirs(folder, exist_ok=True)

    def _put(self, path: Path, target: str) -> None:
        told = self._objects
        if told is not None:
            self._store.put_file(str(path), target, **told(TYPES[path.suffix]))
            return
        if self._store.isdir(target):
            raise IsADirectoryError(target)  # a store that renames into a folder would hide the file there
        part = f"{target}.{uuid.uuid4().hex}.part"
        try:
            self._store.pipe_file(part, path.read_bytes())
            self._rename(part, target)
        except Exception:
            if self._store.exists(part):
                self._store.rm_file(part)
            raise

    def _rename(self, part: str, target: str) -> None:
        try:
            self._store.mv(part, target)
        except Exception:
            if not (self._store.exists(part) and self._store.exists(target)):
                raise
            self._store.rm_file(target)  # WebDAV and others rename over nothing that is there
            self._store.mv(part, target)

    def _problem(self, error: Exception) -> str:
        return without_secrets_of(self._url, " ".join(f"{type(error).__name__}: {error}".split()))

    def _failed(self, name: str, error: Exception) -> NotSent:
        why = say("report.elsewhere.failed", where=self.shown, name=name, problem=self._problem(error))
        return NotSent(why, by_choice=False)


def _no_package(scheme: str, problem: str) -> NotSent:
    return NotSent(say("report.elsewhere.no-package", scheme=scheme, problem=problem), by_choice=True)
