"""Issues of GitHub and GitLab on this machine, in the shapes that their documentation shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from support.local_server import Asked, Local

Answer = tuple[int, dict[str, str], Any]
PAGE = 2
"""How many issues a page holds at most: fewer than is asked for, so that there are several."""


@dataclass
class FakeTracker:
    """What both have in common: issues by number, and pages of them."""

    local: Local
    token: str
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    writes: int = 0

    path = ""
    number = body = opened = header = scheme = ""

    def __post_init__(self) -> None:
        self.local.answers[self.path] = self.collection

    def collection(self, asked: Asked) -> Answer:
        if asked.headers.get(self.header) != self.scheme + self.token:
            return 401, {}, {"message": "Bad credentials"}
        if asked.method == "POST":
            self.writes += 1
            return 201, {}, self.add(asked.body)
        (label,), (page,) = asked.query["labels"], asked.query["page"]
        found = [one for one in self.issues.values() if label in self.labels(one)]
        start = (int(page) - 1) * PAGE
        more = (
            {"Link": f'<{self.local.url}{self.path}?page={int(page) + 1}>; rel="next"'} if found[start + PAGE :] else {}
        )
        return 200, more, found[start : start + PAGE]

    def one(self, number: int, asked: Asked) -> Answer:
        self.writes += 1
        self.change(self.issues[number], asked.body)
        return 200, {}, self.issues[number]

    def add(self, data: dict[str, Any]) -> dict[str, Any]:
        number = len(self.issues) + 1
        self.issues[number] = self.made(number, data)
        self.local.answers[f"{self.path}/{number}"] = lambda asked: self.one(number, asked)
        return self.issues[number]

    def labels(self, issue: dict[str, Any]) -> list[str]:
        return [one["name"] if isinstance(one, dict) else one for one in issue["labels"]]

    def made(self, number: int, data: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def change(self, issue: dict[str, Any], data: dict[str, Any]) -> None:
        raise NotImplementedError

    def close(self, number: int) -> None:
        """What people do in their browser."""
        self.issues[number]["state"] = "closed"

    @property
    def states(self) -> list[tuple[str, str]]:
        """Each issue's title and state, by number."""
        return [(one["title"], "open" if one["state"] == self.opened else "closed") for one in self.issues.values()]


class FakeGitHub(FakeTracker):
    """https://docs.github.com/en/rest/issues/issues"""

    path = "/repos/acme/shop/issues"
    number, body, opened, header, scheme = "number", "body", "open", "Authorization", "Bearer "

    def made(self, number: int, data: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": 1_000 + number,
            "number": number,
            "html_url": f"https://github.example/acme/shop/issues/{number}",
            "state": "open",
            "state_reason": None,
            "title": data["title"],
            "body": data["body"],
            "labels": [{"id": 1, "name": name, "color": "ededed"} for name in data["labels"]],
            **data.get("more", {}),
        }

    def change(self, issue: dict[str, Any], data: dict[str, Any]) -> None:
        assert set(data) <= {"title", "body", "state", "state_reason", "labels"}
        issue |= data


class FakeGitLab(FakeTracker):
    """https://docs.gitlab.com/api/issues/"""

    path = f"/api/v4/projects/{quote('acme/shop', safe='')}/issues"
    number, body, opened, header, scheme = "iid", "description", "opened", "Private-Token", ""

    def collection(self, asked: Asked) -> Answer:
        headers = {name.title(): value for name, value in asked.headers.items()}
        return super().collection(Asked(asked.method, asked.path, asked.query, headers, asked.body))

    def made(self, number: int, data: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": 1_000 + number,
            "iid": number,
            "web_url": f"https://gitlab.example/acme/shop/-/issues/{number}",
            "state": "opened",
            "title": data["title"],
            "description": data["description"],
            "labels": data["labels"].split(","),
            "due_date": data.get("due_date"),
        }

    def change(self, issue: dict[str, Any], data: dict[str, Any]) -> None:
        assert set(data) <= {"title", "description", "due_date", "state_event", "labels"}
        event = data.pop("state_event", None)
        if event is not None:
            issue["state"] = {"close": "closed", "reopen": "opened"}[event]
        issue |= data
