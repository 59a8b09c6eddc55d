"""GitHub's and GitLab's issues: list ours, create, change, close."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from orr.evidence.errors import Undetermined
from orr.evidence.live.client import Request, keeps_secrets
from orr.evidence.live.credentials import Tokens
from orr.evidence.live.request import SECONDS, data_of, has_more, patient, refuse_status
from orr.formats.tickets import Ticket, key_in
from orr.messages import say
from orr.model.settings import GitHubTarget, GitLabTarget

PAGES = 100
PATIENCE = 100.0
"""How many seconds a tracker may ask for before it takes more: GitHub's secondary limits ask for 60."""
_MISSHAPEN = "fleet.tickets.misshapen"


@dataclass(frozen=True)
class Issue:
    """A ticket as it stands in a tracker.

    Attributes
    ----------
    number, url
        How people find it.
    key
        Ours, from its text.
    text
        Its whole text.
    is_open
        Whether it is open there.
    due
        When it is due there; None where it is not, or the tracker knows none.
    """

    number: int
    url: str
    key: str
    text: str
    is_open: bool
    due: date | None


class Tracker(ABC):
    """A place for tickets, with the token that a variable of the environment holds.

    Parameters
    ----------
    url
        Where its API begins.
    header
        The header that holds the token, as `$NAME` in it.
    name
        What people call it.
    label
        The label by which our tickets are found.

    Raises
    ------
    Undetermined
        If a token is missing, or would travel unprotected. Every method raises it where the
        tracker does not answer as it should.
    """

    def __init__(self, url: str, header: tuple[str, str], name: str, label: str) -> None:
        if not keeps_secrets(url):
            raise Undetermined(
                say("evidence.cannot", wrong=say("act.address.plain"), remedy=say("act.address.plain.do"))
            )
        self.url, self.name, self.label = url.rstrip("/"), name, label
        self._tokens = Tokens()
        self._private = frozenset({header[0]})
        self._headers = {header[0]: self._tokens.header(header[1])}

    @abstractmethod
    def listed(self) -> Iterator[Issue]:
        """Every ticket with our label and a key, open or closed, by number."""

    @abstractmethod
    def create(self, ticket: Ticket, text: str) -> str:
        """Create a ticket; its address."""

    @abstractmethod
    def change(self, issue: Issue, text: str, *, due: date | None = None, is_open: bool) -> None:
        """Change a ticket's text, and close it or open it again."""

    def _address(self, made: Any, url: str) -> str:
        """The address of a created ticket; without our label it would be lost."""
        if not isinstance(made, dict) or not isinstance(made.get(url), str):
            raise Undetermined(say(_MISSHAPEN, place="issues"))
        labels = made.get("labels") or ()
        if self.label not in (one.get("name") if isinstance(one, dict) else one for one in labels):
            raise Undetermined(say("fleet.tickets.unlabelled", url=made[url], label=self.label))
        return str(made[url])

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        for page in range(1, PAGES + 1):
            numbered = urlencode({**query, "per_page": 100, "page": page})
            reply, entries = self._asked("GET", f"{path}?{numbered}")
            if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
                raise Undetermined(say(_MISSHAPEN, place=reply.place))
            yield from entries
            if not has_more(reply):
                return
        raise Undetermined(say("fleet.tickets.too-many", limit=PAGES * 100))

    def _asked(self, method: str, path: str, data: Mapping[str, Any] | None = None) -> tuple[Any, Any]:
        headers = {"Accept": "application/json", **self._headers}
        body = None
        if data is not None:
            headers["Content-Type"], body = "application/json", json.dumps(data).encode()
        with self._tokens.guarded():
            reply = patient(Request(self.url + path, method, headers, body, self._private), SECONDS, PATIENCE)
            refuse_status(reply)
            return reply, data_of(reply, self._tokens)


class GitHub(Tracker):
    """GitHub's issues; https://docs.github.com/en/rest/issues/issues."""

    def __init__(self, target: GitHubTarget, label: str) -> None:
        super().__init__(target.url, ("Authorization", f"Bearer ${{{target.token}}}"), target.repository, label)
        self._path = f"/repos/{quote(target.repository)}/issues"
        self._headers |= {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}

    def listed(self) -> Iterator[Issue]:
        """Every issue with our label and a key; pull requests are none."""
        query = {"labels": self.label, "state": "all", "sort": "created", "direction": "asc"}
        for one in self._pages(self._path, query):
            if "pull_request" not in one:
                yield from _issue(one, "number", "html_url", "body", "open")

    def create(self, ticket: Ticket, text: str) -> str:
        """Create an issue with our label."""
        _, made = self._asked("POST", self._path, {"title": ticket.title, "body": text, "labels": [self.label]})
        return self._address(made, "html_url")

    def change(self, issue: Issue, text: str, *, due: date | None = None, is_open: bool) -> None:  # noqa: ARG002
        """Change an issue; the day on which it is due stands in its text alone."""
        state = {"state": "open"} if is_open else {"state": "closed", "state_reason": "completed"}
        self._asked("PATCH", f"{self._path}/{issue.number}", {"body": text, **state})


class GitLab(Tracker):
    """GitLab's issues; https://docs.gitlab.com/api/issues/."""

    def __init__(self, target: GitLabTarget, label: str) -> None:
        super().__init__(target.url, ("PRIVATE-TOKEN", f"${{{target.token}}}"), target.project, label)
        self._path = f"/projects/{quote(target.project, safe='')}/issues"

    def listed(self) -> Iterator[Issue]:
        """Every issue with our label and a key."""
        query = {"labels": self.label, "scope": "all", "order_by": "created_at", "sort": "asc"}
        for one in self._pages(self._path, query):
            yield from _issue(one, "iid", "web_url", "description", "opened")

    def create(self, ticket: Ticket, text: str) -> str:
        """Create an issue with our label and its due day."""
        due = {"due_date": ticket.due.isoformat()} if ticket.due else {}
        data = {"title": ticket.title, "description": text, "labels": self.label, **due}
        _, made = self._asked("POST", self._path, data)
        return self._address(made, "web_url")

    def change(self, issue: Issue, text: str, *, due: date | None = None, is_open: bool) -> None:
        """Change an issue; a due day that people set there stays."""
        data: dict[str, Any] = {"description": text}
        if due is not None and issue.due is None:
            data["due_date"] = due.isoformat()
        if is_open != issue.is_open:
            data["state_event"] = "reopen" if is_open else "close"
        self._asked("PUT", f"{self._path}/{issue.number}", data)


def _issue(one: Mapping[str, Any], number: str, url: str, text: str, is_open: str) -> Iterator[Issue]:
    """Issue with a key of ours in an entry; undetermined for undocumented shapes."""
    body, found, state = one.get(text) or "", one.get(number), one.get("state")
    if not isinstance(body, str) or not isinstance(found, int) or not isinstance(state, str):
        raise Undetermined(say(_MISSHAPEN, place=str(one.get(url, ""))[:200]))
    body = body.replace("\r\n", "\n")  # as a browser sends what people edit
    key = key_in(body)
    if key is not None:
        yield Issue(found, str(one.get(url, "")), key, body, state == is_open, _day(one.get("due_date")))


def _day(due: object) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(due) if isinstance(due, str) else None
    return None
