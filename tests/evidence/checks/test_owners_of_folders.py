"""Owners by folder: OWNERS, OWNERS_ALIASES, MAINTAINERS.md and es-metadata.yml."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orr.evidence.checks.ownership.folders import owners_of_folders, read_aliases
from orr.evidence.checks.ownership.parts import team_meant
from orr.messages import render
from orr.model.finding import Outcome
from orr.testing import run_check

TODAY = date(2026, 11, 23)
ALIASES = {"sig-shop": ["ana", "bo"]}
ENTITY = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: a}}\nspec: {{owner: {owner}}}\n"
MAINTAINERS = """\
# Maintainers

| Name | GitHub |
| --- | --- |
| Ana | [@ana](https://github.com/ana) |
| Bo | bo@example.com |

## Emeritus

- @cy

### Of the old shop

- @di

## Reviewers

- https://github.com/eve
"""


@pytest.mark.parametrize(
    ("path", "text", "owners"),
    [
        ("a/OWNERS", "approvers:\n- ana\n- sig-shop\nreviewers:\n- bo\n", ("@ana", "sig-shop")),
        ("OWNERS", 'filters:\n  ".*":\n    approvers: [ana]\n  "\\\\.go$":\n    approvers: [bo]\n', ("@ana",)),
        ("OWNERS", "# those of the shop\nana@example.com\nbo@example.com  # at night\nset noparent\n",
         ("ana@example.com", "bo@example.com")),
        ("OWNERS", "reviewers:\n- bo\n", ()),
        ("OWNERS", "approvers: []\n", ()),
        ("OWNERS", "", ()),
        ("MAINTAINERS.md", MAINTAINERS, ("@ana", "bo@example.com", "@eve")),
        ("MAINTAINERS.md", "# Maintainers\n\nSee the wiki.\n", ()),
        ("es-metadata.yml", "accountableOwners:\n  service: 1b2c\n", ("service:1b2c",)),
        ("es-metadata.yml", "accountableOwners:\n  service: \n", ()),
        ("es-metadata.yml", "isProduction: true\n", ()),
    ],
    ids=["kubernetes", "filter", "chromium", "reviewers", "nobody", "empty", "maintainers", "words", "inventory",
         "no service", "no owners"],
)  # fmt: skip
def test_a_file_names_the_owners_of_its_folder(path: str, text: str, owners: tuple[str, ...]) -> None:
    found = list(owners_of_folders(text, path, ALIASES))
    assert [one for each in found for one in each.owners] == list(owners)


def test_an_alias_without_members_is_no_team() -> None:
    assert read_aliases("aliases:\n  sig-shop: [ana]\n  sig-none: []\n", "OWNERS_ALIASES") == {"sig-shop": ["ana"]}


@pytest.mark.parametrize("owner", ["@ana", "user:default/ana", "ana@example.com", "service:1b2c"])
def test_a_person_is_no_team(owner: str) -> None:
    assert team_meant(owner, {"payments"}) is None


@pytest.mark.parametrize(
    ("files", "outcome"),
    [
        ({"OWNERS": "approvers: [ana, bo]\n"}, Outcome.MET),
        ({"OWNERS": "approvers: [ana]\n"}, Outcome.PARTIAL),
        ({"OWNERS": "approvers: [shop]\n", "OWNERS_ALIASES": "aliases: {shop: [ana]}\n"}, Outcome.PARTIAL),
        ({"OWNERS": "approvers: [ana, bo]\n", "src/OWNERS": "options: {no_parent_owners: true}\n"}, Outcome.PARTIAL),
        ({"OWNERS": "ana@a.org\nbo@a.org\n", "src/OWNERS": "set noparent\n"}, Outcome.PARTIAL),
        ({"OWNERS": "approvers: [TBD]\n"}, Outcome.NOT_MET),
        ({"CODEOWNERS": "* @your-org/your-team\n"}, Outcome.NOT_MET),
        ({"CODEOWNERS": "* @shop/nobody\n"}, Outcome.NOT_MET),
        ({"catalog-info.yaml": ENTITY.format(owner="guests")}, Outcome.NOT_MET),
        ({"catalog-info.yaml": ENTITY.format(owner="unknown")}, Outcome.NOT_MET),
        ({"catalog-info.yaml": ENTITY.format(owner="'${{ values.owner }}'")}, Outcome.NOT_MET),
        ({"catalog-info.yaml": ENTITY.format(owner="group:shop")}, Outcome.MET),
        ({"src/OWNERS": "approvers: [ana, bo]\n"}, Outcome.PARTIAL),
        ({"src/OWNERS": "reviewers: [ana]\n"}, Outcome.NOT_MET),
        ({"vendor/x/OWNERS": "approvers: [ana]\n"}, Outcome.NOT_MET),
        ({"MAINTAINERS.md": MAINTAINERS}, Outcome.MET),
        ({"es-metadata.yml": "accountableOwners: {service: 1b2c}\n"}, Outcome.MET),
        ({"es-metadata.yml": "accountableOwners: {service: [\n"}, Outcome.UNKNOWN),
    ],
    ids=[
        "root",
        "one person",
        "an alias of one",
        "without parents",
        "without parents, chromium",
        "undecided",
        "left to fill in",
        "nobody",
        "guests",
        "unknown",
        "a template's",
        "a group",
        "folder",
        "reviewers",
        "vendored",
        "maintainers",
        "inventory",
        "unreadable",
    ],
)
def test_they_own_what_lies_below(tmp_path: Path, write, files: dict[str, str], outcome: Outcome) -> None:
    write("README.md", "x")
    write("src/a.py", "x")
    for path, text in files.items():
        write(path, text)
    found = run_check("ownership", tmp_path, today=TODAY, aspects="parts")
    assert found.outcome is outcome, render(found.says, "en")
