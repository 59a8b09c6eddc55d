"""Read the subjects that a file names, by its content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from orr.evidence.checks.results.xmltext import walk
from orr.evidence.context import Context
from orr.evidence.documents.frontmatter import read_front_matter
from orr.evidence.documents.json_text import parse_json
from orr.evidence.errors import Undetermined
from orr.evidence.subjects.json_forms import Named, json_subjects, words
from orr.model.release import Subject, SubjectKind, is_commit, is_digest

MAX_BYTES = 20_000_000
MAX_SUBJECTS = 1_000

_PROPERTIES: dict[str, SubjectKind] = {
    **dict.fromkeys(
        (
            "commit", "commitid", "commitsha", "gitcommit", "gitcommitid", "gitcommitsha", "gitsha", "gitrevision",
            "revision", "scmrevision", "vcsrevision", "githubsha", "cicommitsha",
        ),
        SubjectKind.COMMIT,
    ),
    **dict.fromkeys(
        ("environment", "environmentname", "targetenvironment", "deploymentenvironment", "env"), SubjectKind.ENVIRONMENT
    ),
    **dict.fromkeys(("version", "release", "releaseversion", "appversion"), SubjectKind.VERSION),
    **dict.fromkeys(("image", "images", "imagedigest", "containerimage", "containerimagedigest"), SubjectKind.IMAGE),
}  # fmt: skip
"""Names of properties in JUnit and of keys in front matter, without what parts their words."""
_BESIDE = frozenset({SubjectKind.COMMIT, SubjectKind.ENVIRONMENT, SubjectKind.IMAGE})
_IMAGE_LINE = re.compile(
    r"""^[\s-]*["']?image(?:ID)?["']?\s*:\s*["']?(?:docker-pullable://)?([\w./:-]+@sha256:[0-9a-f]{64})""",
    re.IGNORECASE | re.MULTILINE,
)
_MANIFEST = re.compile(r"""["']?apiVersion["']?\s*:""")


def subjects_of_files(context: Context, paths: Iterable[str]) -> tuple[Subject, ...]:
    """What several files name as their subjects, each on its own."""
    return tuple(one for path in paths for one in subjects_in(context, path))


def subjects_in(context: Context, path: str) -> tuple[Subject, ...]:
    """What a file of the repository names as its subjects; none where it cannot be read."""

    def read() -> tuple[Subject, ...]:
        try:
            return subjects_of(context.read(path, MAX_BYTES), path)
        except Undetermined:
            return ()

    return context.cached(("subjects", path), read)


def subjects_of(raw: bytes, path: str) -> tuple[Subject, ...]:
    """What a file's content names as its subjects; none where its format is not known.

    Parameters
    ----------
    raw
        The content.
    path
        Its path, as people know it.

    Raises
    ------
    Undetermined
        If it is in a known format, and cannot be read.
    """
    named = {one: None for one, _ in zip(_named(raw, path), range(MAX_SUBJECTS), strict=False)}
    by_part: dict[SubjectKind, dict[str, set[str]]] = {}
    for one in named:
        by_part.setdefault(one.kind, {}).setdefault(one.part, set()).add(one.value)
    found: dict[Subject, None] = {}
    for one in named:
        named_so = list(by_part[one.kind].values())
        alike = all(values == named_so[0] for values in named_so)
        found[Subject(one.kind, one.value, path if alike else f"{path}: {one.part}")] = None
    return tuple(found)


def _named(raw: bytes, path: str) -> Iterator[Named]:
    head = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if head == b"<":
        yield from _junit(raw, path)
        return
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return
    if head in (b"{", b"["):
        yield from _json(text, path)
    elif text.startswith(("---", "+++")):
        yield from _properties("", read_front_matter(text, path).values.items())
    if _MANIFEST.search(text[:MAX_BYTES]) is not None:
        yield from (Named("image", SubjectKind.IMAGE, image) for image in _IMAGE_LINE.findall(text))


def _json(text: str, path: str) -> Iterator[Named]:
    """One document, or one in each line."""
    lines = text.strip().splitlines()
    if path.casefold().endswith("l") and len(lines) > 1:
        for number, line in enumerate(lines, 1):
            for one in json_subjects(parse_json(line, path)):
                yield one._replace(part=f"{number}: {one.part}")
        return
    yield from json_subjects(parse_json(text, path))


def _junit(raw: bytes, path: str) -> Iterator[Named]:
    """Properties of suites; those of single tests are not looked at."""
    stack: list[str] = []
    found: dict[int, list[tuple[str, str]]] = {}
    begun: list[int] = []

    def start(name: str, attributes: dict[str, str], line: int) -> None:
        if stack[-2:] in (["testsuites", "properties"], ["testsuite", "properties"]) and name == "property":
            found.setdefault(begun[-2], []).append((attributes.get("name", ""), attributes.get("value", "")))
        stack.append(name)
        begun.append(line)

    def end(name: str) -> None:
        del name
        stack.pop()
        begun.pop()

    walk(raw, path, start, end)
    for line, properties in found.items():
        yield from _properties(str(line), properties)


def _properties(part: str, pairs: Iterable[tuple[Any, Any]]) -> Iterator[Named]:
    named: list[tuple[Any, SubjectKind, str]] = []
    for key, value in pairs:
        kind = _PROPERTIES.get(re.sub(r"[\s_.-]", "", str(key)).casefold())
        if str(key).casefold() == "release" and isinstance(value, dict):
            yield from _properties(part, value.items())
        elif kind is SubjectKind.IMAGE:
            named += [(key, kind, one) for one in _texts(value) if is_digest(one.rpartition("@")[2])]
        elif kind is not None:
            # A revision may be that of a document, which is a number.
            texts = (one for one in _texts(value) if str(key).casefold() != "revision" or is_commit(one))
            named += [(key, kind, one) for one in texts]
    # A version alone is that of the document.
    of_release = any(kind in _BESIDE for _, kind, _ in named)
    for key, kind, value in named:
        if kind is not SubjectKind.VERSION or of_release or "release" in str(key).casefold():
            yield Named(part, kind, value)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{name}@{digest}" for name, digest in value.items()]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return words({"": str(value)}, "") if isinstance(value, (str, int, float)) and value != "" else []
