"""List the services of a repository that holds several."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from orr.evidence.checks.ownership.backstage import entities_in
from orr.evidence.documents.yamlstream import read_stream
from orr.evidence.errors import Undetermined
from orr.evidence.repository.repository import Repository

MAX_BYTES = 500_000

_MANIFESTS = frozenset(
    {"pyproject.toml", "setup.py", "package.json", "go.mod", "main.go", "pom.xml", "build.gradle", "build.gradle.kts",
     "cargo.toml", "gemfile", "mix.exs", "composer.json", "chart.yaml", "serverless.yml", "serverless.yaml",
     "samconfig.toml", "requirements.txt"}
)  # fmt: skip
_PROJECT = re.compile(r".*\.(?:cs|fs|vb)proj", re.IGNORECASE)
_IMAGE = re.compile(r"(?:dockerfile|containerfile)(?:\..*)?", re.IGNORECASE)
_HOMES = frozenset(
    {"services", "service", "apps", "applications", "microservices", "functions", "lambdas", "workloads", "backends",
     "servers", "components", "src", "cmd", "charts", "packages"}
)  # fmt: skip
_INNER = frozenset(
    {"deploy", "deployment", "docker", ".docker", "build", "container", "image", "src", "app", "chart", "helm",
     "infra", "ci"}
)  # fmt: skip
_SAMPLES = frozenset({"test", "tests", "e2e", "sample", "samples", "example", "template", "templates", "skeleton"})


class Service(NamedTuple):
    """A folder that seems to hold a service, by the file that says so.

    Attributes
    ----------
    name
        A name for the workload, unlike that of every other.
    folder
        Relative to the repository.
    """

    name: str
    folder: str
    by: str


def services_in(repository: Repository) -> list[Service]:
    """Find the services of a repository below its root, by folder.

    An entry of the catalog names one, an image is built for one, and a package is one in a folder for services. What
    lies within a service is part of it.

    Raises
    ------
    Undetermined
        If the repository cannot be walked.
    """
    found: dict[str, tuple[str | None, str]] = {}
    for path in repository.find(["**/*"]).files:
        folder, name = posixpath.split(path)
        if not folder or _SAMPLES & set(folder.casefold().split("/")):
            continue
        if name.casefold() in ("catalog-info.yaml", "catalog-info.yml"):
            for component in _components(repository, path):
                found[folder] = component, path  # the catalog's name goes before the folder's
        elif _IMAGE.fullmatch(name):
            home = _home(folder)
            if home:
                found.setdefault(home, (None, path))
        elif (name.casefold() in _MANIFESTS or _PROJECT.fullmatch(name)) and _is_in_a_home(folder):
            found.setdefault(folder, (None, path))
    outer = [one for one in sorted(found) if not any(one.startswith(f"{other}/") for other in found)]
    return list(_named(outer, found))


def slug(name: str) -> str:
    """A name in lower case with hyphens, as folders of workloads have it."""
    return re.sub(r"[^\w.]+", "-", name.strip().lower()).strip("-.")


def _components(repository: Repository, path: str) -> list[str]:
    try:
        documents = read_stream(repository.text(path, MAX_BYTES), path)
    except Undetermined:
        return []
    return [one.name for one in entities_in(documents) if one.kind == "component" and one.name][:1]


def _home(folder: str) -> str:
    """Folder of the service whose image a folder builds; empty for the whole repository."""
    while folder and posixpath.basename(folder).casefold() in _INNER:
        folder = posixpath.dirname(folder)
    return "" if folder.casefold() in _HOMES else folder


def _is_in_a_home(folder: str) -> bool:
    return posixpath.basename(posixpath.dirname(folder)).casefold() in _HOMES


def _named(folders: list[str], found: dict[str, tuple[str | None, str]]) -> Iterator[Service]:
    taken: set[str] = set()
    for folder in folders:
        component, by = found[folder]
        parts = [slug(part) for part in folder.split("/")]
        names = (slug(component) if component else "", *("-".join(parts[at:]) for at in range(len(parts) - 1, -1, -1)))
        name = next((one for one in names if one and one not in taken), "-".join(parts))
        taken.add(name)
        yield Service(name, folder, by)
