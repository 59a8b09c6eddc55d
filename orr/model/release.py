"""Releases: what is going to run where, and what evidence says that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, Literal

from orr.messages import Said
from orr.model.base import Record, record
from orr.model.fields import Before, Words, unfit

_COMMIT = re.compile(r"[0-9a-f]{7,64}", re.IGNORECASE)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.IGNORECASE)
_IMAGE = re.compile(r"(?:[a-z0-9](?:[a-z0-9._:/-]{0,254}[a-z0-9])?@)?sha256:[0-9a-f]{64}", re.IGNORECASE)
GIT = "git:"


class SubjectKind(StrEnum):
    """What evidence may be about."""

    COMMIT = "commit"
    IMAGE = "image"
    ARTIFACT = "artifact"
    ENVIRONMENT = "environment"
    VERSION = "version"


Demand = Literal["artifact", "environment"]
"""What the evidence of an item has to name; an artifact is named by its commit, its image or its digest."""

MEETS: dict[Demand, tuple[SubjectKind, ...]] = {
    "artifact": (SubjectKind.COMMIT, SubjectKind.IMAGE, SubjectKind.ARTIFACT),
    "environment": (SubjectKind.ENVIRONMENT,),
}
"""The kinds of subject that meet a demand."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a piece of evidence says that it is about.

    Attributes
    ----------
    kind, value
        What it names: `image` and `artifact` by `sha256:` and 64 hex digits, with a name and `@` before it
        where there is one.
    place
        Where it says so. Of several subjects of a kind in one place, one has to be of the release.
    """

    kind: SubjectKind
    value: str
    place: Said


def _commit(value: object) -> object:
    if isinstance(value, str) and is_commit(value):
        return value.lower()
    raise unfit("commit", value=str(value))


def _images(value: object) -> object:
    """Images of a list, or of a mapping from names to digests."""
    listed = [f"{name}@{digest}" for name, digest in value.items()] if isinstance(value, dict) else value
    if isinstance(listed, str):
        listed = [listed]
    if not isinstance(listed, (list, tuple)):
        raise unfit("image", value=str(value))
    for one in listed:
        if not isinstance(one, str) or not _IMAGE.fullmatch(one):
            raise unfit("image", value=str(one))
    return tuple(_lower_digest(one) for one in listed)


def _lower_digest(image: str) -> str:
    name, _, digest = image.rpartition("@")
    return f"{name}@{digest.lower()}" if name else digest.lower()


_IMAGE_SCHEMA = {"type": "string", "pattern": r"^([A-Za-z0-9]([A-Za-z0-9._:/-]*[A-Za-z0-9])?@)?sha256:[0-9a-fA-F]{64}$"}
_DIGEST_SCHEMA = {"type": "string", "pattern": "^sha256:[0-9a-fA-F]{64}$"}
Commit = Annotated[str, Before(_commit, {"type": "string", "pattern": "^[0-9a-fA-F]{7,64}$"})]
"""A commit's hash, or at least its first 7 digits."""
Images = Annotated[
    tuple[str, ...],
    Before(
        _images,
        {
            "anyOf": [
                _IMAGE_SCHEMA,
                {"type": "array", "items": _IMAGE_SCHEMA},
                {"type": "object", "additionalProperties": _DIGEST_SCHEMA},
            ]
        },
    ),
]
"""Images and other artifacts by their digest: `registry/name@sha256:…`, or `sha256:…` alone."""


@record
class Release(Record):
    """Subject of a verdict: an artifact in an environment; missing parts are not compared."""

    commit: Commit | None = None
    images: Images = ()
    version: Words | None = None
    environment: Words | None = None

    def __bool__(self) -> bool:
        """Whether anything of it is given."""
        return self != Release()

    def over(self, other: Release) -> Release:
        """The release with what only another one gives."""
        return Release(
            commit=_longer(self.commit, other.commit),
            images=self.images or other.images,
            version=self.version or other.version,
            environment=self.environment or other.environment,
        )

    @property
    def options(self) -> tuple[str, ...]:
        """The words of a command line that name it."""
        named = (*self.images, *([] if self.commit is None else [f"{GIT}{self.commit}"]))
        where = () if self.environment is None else ("--environment", self.environment)
        return (*(word for one in named for word in ("--artifact", one)), *where)

    @property
    def digests(self) -> frozenset[str]:
        """Digests of its images and other artifacts."""
        return frozenset(map(digest_of, self.images))

    def gives(self, kind: SubjectKind) -> bool:
        """Whether it gives what a subject of a kind can be compared with."""
        if kind is SubjectKind.IMAGE:
            return bool(self.images)
        if kind is SubjectKind.ARTIFACT:
            return any("@" not in image for image in self.images)
        return getattr(self, kind.value) is not None

    def is_about(self, subject: Subject) -> bool:
        """Whether a subject is of this release; False where it does not give its kind."""
        value = subject.value.strip().lower()
        if subject.kind in (SubjectKind.IMAGE, SubjectKind.ARTIFACT):
            return digest_of(value) in self.digests
        own = getattr(self, subject.kind.value)
        if own is None:
            return False
        if subject.kind is SubjectKind.COMMIT:
            short, long = sorted((value, own), key=len)
            return is_commit(value) and long.startswith(short)
        return _plain(own, subject.kind) == _plain(value, subject.kind)

    def as_json(self) -> dict[str, Any] | None:
        """Every part of it, for programs; None where nothing is given."""
        return self.as_data(defaults=True) if self else None


def _longer(commit: str | None, other: str | None) -> str | None:
    """The commit, in the longer of two spellings where the other is one of the same."""
    return other if commit is None or (other is not None and other.startswith(commit)) else commit


def _plain(value: str, kind: SubjectKind) -> str:
    words = " ".join(value.split()).casefold()
    return re.sub(r"^v(?=\d)", "", words) if kind is SubjectKind.VERSION else words


def digest_of(image: str) -> str:
    """The digest of an image, without its name."""
    return image.rpartition("@")[2].lower()


def is_digest(value: object) -> bool:
    """Whether a value is `sha256:` and 64 hex digits."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def is_commit(value: object) -> bool:
    """Whether a value is a commit's hash, or its first 7 digits at least."""
    return isinstance(value, str) and _COMMIT.fullmatch(value) is not None


def stated(release: Release, place: Said) -> tuple[Subject, ...]:
    """What a release names, as subjects of one place."""
    images = tuple(
        Subject(SubjectKind.IMAGE if "@" in image else SubjectKind.ARTIFACT, image, place) for image in release.images
    )
    single = (SubjectKind.COMMIT, SubjectKind.VERSION, SubjectKind.ENVIRONMENT)
    named = ((kind, getattr(release, kind.value)) for kind in single)
    return (*(Subject(kind, value, place) for kind, value in named if value is not None), *images)


def release_given(artifacts: Iterable[str] = (), environment: str | None = None, version: str | None = None) -> Release:
    """The release that a command line or a notebook names.

    Parameters
    ----------
    artifacts
        Each `sha256:…`, `registry/name@sha256:…` or `git:COMMIT`.
    environment, version
        Their names.

    Raises
    ------
    ValueError
        With the first artifact that is none, or that names another commit than one before.
    """
    found = Release(
        version=(version or "").strip() or None, environment=None if environment is None else environment.strip()
    )
    if found.environment == "":
        raise ValueError(environment)
    for one in artifacts:
        if one[: len(GIT)].lower() == GIT and is_commit(one[len(GIT) :]) and found.commit is None:
            found = replace(found, commit=one[len(GIT) :].lower())
        elif _IMAGE.fullmatch(one):
            found = replace(found, images=(*found.images, _lower_digest(one)))
        else:
            raise ValueError(one)
    return found
