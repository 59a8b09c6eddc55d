"""Python side of a page: reviews over packed files, edits kept in the browser.

It runs in a worker of a browser, where there are no threads, processes or sockets.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from orr.evidence.kinds import registry
from orr.evidence.recorded import KindElsewhere
from orr.form.beside import Timers
from orr.form.conversation import Conversation
from orr.form.drafts import draft_of, version_of
from orr.form.session import Session
from orr.form.snapshot import still
from orr.messages import DEFAULT_LANGUAGE, render, texts
from orr.model.review import Review, Scenario
from orr.site.packed import FILES, read_facts, sum_of
from orr.source.faults import FaultyInput
from orr.source.file import InputFile
from orr.system import cache
from orr.system.paths import is_file
from orr.workspace.discussion import NAME as DISCUSSION
from orr.workspace.saving import NotSaved, Part, ReviewOnDisk, assembled, parts, save_review

REVIEW = "review.yaml"

Post = Callable[[str], None]


class Page:
    """The reviews of a page.

    Parameters
    ----------
    folder
        Where the page's files were unpacked.
    post
        Sends a message to the page, as JSON.
    """

    def __init__(self, folder: str, post: Post) -> None:
        self.folder, self._post = Path(folder), post
        self.facts = read_facts(self.folder)
        cache.worked_out = dict(self.facts.worked_out)
        registry.ELSEWHERE.update({name: KindElsewhere.of(name, traits) for name, traits in self.facts.kinds.items()})
        self.root = (self.folder / "files" / self.facts.root).resolve()
        self.conversation: Conversation | None = None
        self._told: dict[str, bytes] = {}
        self._before: dict[Path, bytes | None] = {}

    def open(self, name: str, language: str, kept: str) -> None:
        """Open a workload's review over the browser's kept files, and notify the page.

        Parameters
        ----------
        kept
            `{path: {base, content}}` as JSON: files as they were packed then and as they are, each base64 or null.
        """
        if self.conversation is not None:
            self.conversation.end()
            self.conversation = None
        self._told, edits = {}, []
        for path, held in json.loads(kept).items():
            target = self.root / path
            self._packed(target)
            edits += self._merge(target, _bytes(held["base"]), base64.b64decode(held["content"]))
        try:
            session = Session(self.root, name, language or None, recorded=self.facts.recorded[name])
        except FaultyInput as faulty:
            self._say("faulty", faults=[fault.in_words(language or DEFAULT_LANGUAGE) for fault in faulty.faults])
            return
        self.conversation = Conversation(session, self._send, beside=Timers(), page_of=_picture)
        self._say("opened", home=str(session.held.workspace.root), edits=edits, language=session.language)
        self._files()
        self.conversation.begin()

    def theirs(self, path: str, base: str | None, content: str) -> None:
        """Take over a file that others wrote, and merge it with local changes."""
        assert self.conversation is not None
        target = self.root / path
        packed, mine, now = self._packed(target), _content(target), base64.b64decode(content)
        was = packed if base is None else _bytes(base)
        _write(target, now)
        edits = [] if mine is None or mine in (was, now) else self._merge(target, was, mine)
        self._told.pop(path, None)  # the page is told what came of it
        if edits:
            self._say("edits", edits=edits)
        self.conversation.session.refresh(self._send)
        self._files()
        self._say("merged", name=path)

    def receive(self, message: str, buffers: Any) -> None:
        """Answer what the form says."""
        assert self.conversation is not None
        heard = json.loads(message)
        if heard["kind"] == "differ":  # of the checkout that was picked
            self.conversation.session.held.altered = bool(heard["files"])
            return
        self.conversation.receive(heard, [one.to_bytes() for one in buffers])
        self._files()

    # What is written

    def _merge(self, path: Path, base: bytes | None, mine: bytes) -> list[dict[str, Any]]:
        """Merge a changed file into the one that is there.

        Returns
        -------
        list
            The edits that others' changes stand against, as the form would send them.
        """
        theirs = _content(path)
        if theirs == base or theirs is None:
            _write(path, mine)
        elif theirs != mine and path.name == DISCUSSION:
            lines = theirs.splitlines(keepends=True)
            _write(path, b"".join([*lines, *(line for line in mine.splitlines(keepends=True) if line not in lines)]))
        elif theirs != mine and path.name == REVIEW:
            return self._merge_review(path, base, mine)
        elif theirs != mine:
            self._say("lost", parts=[path.name], name=path.name, content=_text(mine))
        return []

    def _merge_review(self, path: Path, base: bytes | None, mine: bytes) -> list[dict[str, Any]]:
        shown = path.relative_to(self.root).as_posix()
        try:
            before, here = (_review(path, shown, raw) for raw in (base, mine))
            try:
                save_review(path, shown, ReviewOnDisk(before, base), here)
            except NotSaved as failed:
                if failed.kept is not None:
                    failed.kept.unlink(missing_ok=True)
                held_back = set(failed.conflicts)
                was, now = parts(before), parts(here)
                agreed = {part: one for part, one in now.items() if part not in held_back}
                agreed |= {part: was[part] for part in held_back if part in was}
                save_review(path, shown, ReviewOnDisk(before, base), assembled(here.review, agreed))
                edits = {part: _edit(part, before, here) for part in sorted(held_back)}
                lost = [name or kind for (kind, name), edit in edits.items() if edit is None]
                if lost:
                    self._say("lost", parts=lost, name=REVIEW, content=_text(mine))
                return [edit for edit in edits.values() if edit is not None]
        except (FaultyInput, NotSaved) as problem:
            self._say("lost", parts=[str(problem)], name=REVIEW, content=_text(mine))
        return []

    def _packed(self, path: Path) -> bytes | None:
        """A file as it was packed; asked before anything is written to it."""
        if path not in self._before:
            self._before[path] = _content(path)
        return self._before[path]

    def _files(self) -> None:
        """Give the page every file that was written since it was last told."""
        assert self.conversation is not None
        folder = self.conversation.session.held.path.parent
        shared = (self.root / "organization.yaml", *sorted((self.root / "teams").glob("*.yaml")))
        for path in (folder / REVIEW, folder / DISCUSSION, *sorted((folder / "evidence").glob("*")), *shared):
            raw, name = _content(path), path.relative_to(self.root).as_posix()
            if raw is None:
                continue
            if path not in self._before and self._sum(path) == sum_of(raw):
                self._before[path] = raw
            packed = self._before.setdefault(path, None)
            if self._told.get(name, packed) != raw:
                self._told[name] = raw
                self._say("file", name=name, content=_text(raw), base=_text(packed), same=raw == packed)

    def _sum(self, path: Path) -> str | None:
        return self.facts.sums.get(path.relative_to((self.folder / FILES).resolve()).as_posix())

    def _send(self, message: dict[str, Any]) -> None:
        if message["kind"] == "ack":
            self._files()  # what is acknowledged is with the page
        if message["kind"] == "all":
            message["words"] |= _words(message["language"])
        self._post(json.dumps(message))

    def _say(self, kind: str, **more: Any) -> None:
        self._post(json.dumps({"site": kind, **more}))


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if is_file(path) else None


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else base64.b64encode(raw).decode("ascii")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


def _review(path: Path, shown: str, raw: bytes | None) -> Review:
    return Review(review=path.parent.name) if raw is None else InputFile(path, shown, raw).read_as(Review)


def _edit(part: Part, before: Review, here: Review) -> dict[str, Any] | None:
    """Edit as the form would send it for a changed part; else None."""
    kind, name = part
    if kind == "answers":
        draft = draft_of(here.answers.get(name))
        base = version_of(before.answers.get(name))
        edit = {"what": "answer", "item": name, "draft": draft, "base": base}
        return {"key": f"answer:{name}", "message": {"edit": edit}, "local": draft}
    if kind == "benefits":
        text = here.benefits or ""
        edit = {"what": "benefits", "text": text, "base": version_of(before.benefits)}
        return {"key": "benefits", "message": {"edit": edit}, "local": {"text": text}}
    if kind == "pre_mortem":
        was, now = (_scenario(review, name) for review in (before, here))
        scenario = now.as_data() if now is not None else None
        made_from = name if was is not None else None
        scene: dict[str, Any] = {"what": "scenario", "was": made_from, "scenario": scenario, "base": version_of(was)}
        return {"key": f"scenario:{name}", "message": {"edit": scene}, "local": scenario}
    return None


def _scenario(review: Review, name: str) -> Scenario | None:
    return next((one for one in review.pre_mortem if one.scenario == name), None)


def _words(language: str) -> dict[str, Any]:
    """The words of the form that are others where no kernel is."""
    said = texts("site", language)
    return {key.removeprefix("form."): text for key, text in said.items() if key.startswith("form.")}


def _picture(session: Session) -> str:
    """The report of now: the still picture of the form as a page."""
    language = session.language
    body = still(session.assessment, language)["text/html"]
    title = escape(render(session.assessment.case.workload.title, language))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"></head><body><main>{body}</main></body></html>'
    )
