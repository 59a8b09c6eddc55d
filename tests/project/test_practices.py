"""Each practice with machine-read evidence in the checklists: an item that proves it, and samples that it refuses."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support import ROOT
from support.asked_documents import document_of, headings, patterns
from support.local_server import local_server

from orr.evaluate.case import Case
from orr.evidence.checks.aws.recipes import library
from orr.evidence.checks.service.recipes import all_names, recipe_named
from orr.evidence.collect import collect
from orr.evidence.kinds.registry import traits_of_kind
from orr.evidence.repository.places import EvidencePlaces
from orr.model.checklist import Checklist, CheckSpec, Item, Scope, Section, item_id
from orr.model.finding import Finding, Outcome
from orr.model.review import Review
from orr.model.settings import Settings
from orr.model.validation import read
from orr.source.yaml import parse
from orr.testing import TODAY, run_check
from orr.workspace.practices import index
from orr.workspace.workspace import Workspace
from tools.coverage_page import shipped_checklists

DEFAULT, OPTIONAL = shipped_checklists(), shipped_checklists("optional")
ITEMS = {item_id(c.checklist, i.item): i for c in DEFAULT for s in c.sections for i in s.items}
MORE = {item_id(c.checklist, i.item): i for c in OPTIONAL for s in c.sections for i in s.items}
FOLDERS = {"checkout": ROOT / "workloads/checkout", "handbook": ROOT / "teams/handbook"}
SAMPLES: dict[str, dict[str, Any]] = parse(
    (Path(__file__).parents[1] / "samples/practices.yaml").read_text(encoding="utf-8"), "practices.yaml"
)
CHECKOUT = replace(Workspace.open(ROOT, TODAY).case("checkout").workload, tier=1)


def files_of(item: Item) -> list[CheckSpec]:
    """What an item reads without asking anything but files."""
    return [one for one in item.sources if not traits_of_kind(one.check).acts]


def test_all_practices_that_can_be_read_fully_are_and_of_all_at_least_75() -> None:
    read = {practice for item in ITEMS.values() if files_of(item) for practice in item.practice}
    assert {one["practice"] for one in index()["practices"] if one["automatable"] == "fully"} <= read
    assert len(read) >= 75
    assert {one["practice"] for one in index()["practices"] if "by_hand" not in one} == read == SAMPLES.keys()


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The examples, each in a folder that a test may change and puts in order again."""
    folder = tmp_path_factory.mktemp("practices")
    return {name: Path(shutil.copytree(place, folder / name)) for name, place in FOLDERS.items()}


Written = Mapping[str, str | Mapping[str, str]]


def whole(text: str, sections: Mapping[str, str]) -> str:
    """A document with other text below some of its headings."""
    for heading, body in sections.items():
        text, n = re.subn(
            rf"(?ms)^(## {re.escape(heading)}\n).*?(?=^## |\Z)", lambda m, b=body: f"{m[1]}\n{b}\n\n", text
        )
        text += f"\n## {heading}\n\n{body}\n" if not n else ""
    return text


@contextmanager
def written(folder: Path, *layers: Written) -> Iterator[None]:
    """Files as they are written in layers, for a while."""
    before = {name: (folder / name).read_bytes() for one in layers for name in one if (folder / name).exists()}
    for name, text in (pair for one in layers for pair in one.items()):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            text if isinstance(text, str) else whole(file.read_text(encoding="utf-8"), text), encoding="utf-8"
        )
    try:
        yield
    finally:
        for name in {name for one in layers for name in one}:
            (folder / name).write_bytes(before[name]) if name in before else (folder / name).unlink()


def hollow(folder: Path, item: Item) -> Written:
    """The documents that an item reads, with every heading and nothing below."""
    head = "---\nowner: payments\nreviewed: 2026-11-20\n---\n# Page\n\nok\n\n"
    emptied: dict[str, dict[str, None]] = {}
    for one in files_of(item):
        there = [str(file.relative_to(folder)) for glob in patterns(one) for file in folder.glob(glob)]
        for name in (name for name in there or [document_of(one)] if name is not None and name.endswith(".md")):
            emptied.setdefault(name, {}).update(dict.fromkeys(headings(one)))
    return {name: head + "".join(f"## {one}\n\nok\n\n" for one in of) for name, of in emptied.items()}


def proves(folder: Path, item: Item) -> bool:
    """Whether each check of an item, or of a group one of its files, is good and none of them is wrong."""

    def found(one: CheckSpec) -> Finding:
        return run_check(one.check, folder, today=TODAY, workload=CHECKOUT, **one.parameters)

    def good(finding: Finding) -> bool:
        return finding.outcome is Outcome.MET and (finding.holds_until is None or finding.holds_until >= TODAY)

    by_check = [[found(one) for one in check.sources if one in files_of(item)] for check in item.checks]
    return all(any(map(good, of)) and all(good(one) or one.nothing for one in of) for of in by_check)


@pytest.mark.parametrize("practice", SAMPLES)
def test_evidence_of_a_practice_is_told_from_what_is_hollow_and_from_what_says_the_opposite(
    practice: str, copies: dict[str, Path]
) -> None:
    sample = SAMPLES[practice]
    item, folder, good = ITEMS[sample["item"]], copies[sample.get("in", "checkout")], sample.get("good", {})
    assert practice in item.practice
    with written(folder, good):
        assert proves(folder, item)
    for refused in (sample.get("hollow") or hollow(folder, item), sample["contrary"]):
        assert refused
        with written(folder, good, refused):
            assert not proves(folder, item)


# A product that orr.yaml sets up

PROTECTION = {"here": {".github/settings.yml": (FOLDERS["handbook"] / ".github/settings.yml").read_text()}, "not": {}}
ANSWERS = {"protected": ({"protected": True}, 200), "open": ({"protected": False}, 200), "forbidden": ({}, 403)}
STANDS = {
    ("here", None): Outcome.MET,
    ("not", None): Outcome.NOT_MET,
    ("not", "protected"): Outcome.MET,
    ("here", "protected"): Outcome.MET,
    ("here", "open"): Outcome.NOT_MET,
    ("here", "forbidden"): Outcome.UNKNOWN,
    ("not", "forbidden"): Outcome.NOT_MET,
}


@pytest.mark.parametrize(("file", "product"), STANDS, ids=lambda part: str(part))
def test_what_a_product_answers_stands_beside_the_file_once_orr_yaml_sets_it_up(
    file: str, product: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "t")
    item = ITEMS["evolve/shared-repositories-protected"]
    section = Section(section="s", items=(replace(item, scope=Scope.WORKLOAD),))
    only = Checklist(checklist="c", version=1, title="C", sections=(section,))
    case = Case(CHECKOUT, Review(review="checkout"), (only,))
    places = EvidencePlaces(tmp_path, (tmp_path,), {"workload": tmp_path})
    with local_server() as server, written(tmp_path, PROTECTION[file]):
        sources = {"github": {"owner": "acme", "at": server.url}} if product else {}
        settings = read(Settings, {"allow": ["service"], "sources": sources})
        if product is not None:
            body, status = ANSWERS[product]
            server.answer("/repos/acme/checkout/branches/main", body, status)
        (finding,) = collect(case, places, settings, TODAY).findings[f"c/{item.item}"]
    assert finding.outcome is STANDS[file, product]
    assert len(server.asked) == (product is not None)


# Recipes

SELDOM = {
    "changes-since": "a day that only the item's author knows",
    "health-events-open": "health-resources-affected, for an account of one workload",
    "security-findings": "security-findings-tagged, for an account of one workload",
    "vulnerabilities": "vulnerabilities-tagged, for an account of one workload",
    "scans-cover": "for an account of one workload",
    "bitbucket/commit-builds-passed": "a commit that only the item's author knows",
    "sourceforge/tickets-few": "a search that only the item's author knows",
}


def recipes_in(items: Mapping[str, Item]) -> dict[str, list[str]]:
    """The recipes that items ask, each with those items."""
    asked: dict[str, list[str]] = {}
    for name, item in items.items():
        for one in item.sources:
            if "recipe" in one.parameters:
                asked.setdefault(one.parameters["recipe"], []).append(name)
    return asked


def test_every_recipe_serves_an_item_of_the_checklists_that_come_with_orr() -> None:
    assert {*library(), *all_names()} - recipes_in(ITEMS | MORE).keys() == SELDOM.keys()


def test_an_optional_checklist_asks_by_no_recipe_that_is_asked_without_it() -> None:
    aside = {"resources-tagged"}  # there for the owner alone, here for the environment too
    assert recipes_in(ITEMS).keys() & recipes_in(MORE).keys() == aside


def test_a_recipe_speaks_of_a_practice_of_its_item() -> None:
    practices: Callable[[str], tuple[str, ...]] = lambda name: tuple(  # noqa: E731
        library()[name].practice if name in library() else recipe_named(name)[1].practice  # type: ignore[index]
    )
    strangers = {
        (recipe, name)
        for recipe, names in recipes_in(ITEMS | MORE).items()
        for name in names
        if (ITEMS | MORE)[name].practice and not {*practices(recipe)} & {*(ITEMS | MORE)[name].practice}
    }
    assert strangers == set()
