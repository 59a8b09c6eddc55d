"""What `orr init` sees in a repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from orr.workspace.discovery import guess, offers
from orr.workspace.scaffold import make_workload

GROUP = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: shop}\nspec: {owner: %s}\n"


@pytest.mark.parametrize(
    ("files", "title", "source"),
    [
        ({"README.md": "# Shop\n"}, "Shop", "README.md:1"),
        ({"README.md": "![banner](b.png)\n\n# Shop\n"}, "Shop", "README.md:3"),
        ({"README.md": '# <img src="logo.svg">\n\n# Shop\n'}, "Shop", "README.md:3"),
        ({"README.md": '<h1 align="center">Shop</h1>\n\n## Usage\n'}, "Shop", "README.md:1"),
        ({"README.md": '<p><img src="b.png"></p>\n\n<h2 align="center">Shop</h2>\n\nSells.\n'}, "Shop", "README.md:3"),
        ({"README.md": "Shop\n====\n"}, "Shop", "README.md:1"),
        ({"README.md": "```sh\n# no title\n```\n\n# Shop\n"}, "Shop", "README.md:5"),
        ({"README.rst": ".. image:: b.png\n\n====\nShop\n====\n\nSells.\n"}, "Shop", "README.rst:4"),
        ({"README.rst": "Shop\n----\n"}, "Shop", "README.rst:1"),
        ({"README.md": "## Usage\n", "pyproject.toml": '[project]\nname = "shop"\n'}, "shop", "pyproject.toml"),
        ({"package.json": '{"name": "@acme/shop"}'}, "shop", "package.json"),
        ({"README.md": "# Shop\n", "package.json": '{"name": "x"}'}, "Shop", "README.md:1"),
    ],
    ids=["heading", "banner", "picture", "h1", "h2", "underlined", "code", "rst", "rst plain", "pyproject", "package",
         "readme first"],
)  # fmt: skip
def test_a_title_is_found_where_people_write_it(
    tmp_path: Path, write, files: dict[str, str], title: str, source: str
) -> None:
    for path, text in files.items():
        write(path, text)
    assert guess(tmp_path)["title"] == (title, source)


def test_a_section_is_no_title(tmp_path: Path, write) -> None:
    write("README.md", "words\n\n## Architecture\n")
    assert "title" not in guess(tmp_path)


@pytest.mark.parametrize(
    ("files", "team"),
    [
        ({"CODEOWNERS": "* @acme/shop\n"}, "shop"),
        ({"CODEOWNERS": "* @ana @acme/shop\n"}, "shop"),
        ({"CODEOWNERS": "* @ana\n"}, None),
        ({"CODEOWNERS": "* @ana @bo @cy @di @eve\n"}, None),
        ({"CODEOWNERS": "* ana@example.com\n"}, None),
        ({"catalog-info.yaml": GROUP % "shop"}, "shop"),
        ({"catalog-info.yaml": GROUP % '"group:default/shop"'}, "shop"),
        ({"catalog-info.yaml": GROUP % '"user:ana"'}, None),
        ({"OWNERS": "approvers: [ana]\n"}, None),
        ({"OWNERS": "approvers: [sig-shop]\n", "OWNERS_ALIASES": "aliases: {sig-shop: [ana, bo]}\n"}, "sig-shop"),
        ({"OWNERS": "approvers: [sig-shop]\n", "OWNERS_ALIASES": "aliases: {sig-shop: [ana]}\n"}, None),
        ({"es-metadata.yml": "routing:\n  defaultAreaPath:\n    path: Web\\Shop\n"}, "Shop"),
        ({"examples/catalog-info.yaml": GROUP % "shop"}, None),
    ],
    ids=["team", "team beside a person", "a person", "five people", "address", "catalog", "group", "user", "approver",
         "alias", "alias of one person", "inventory", "sample"],
)  # fmt: skip
def test_one_person_is_no_team(tmp_path: Path, write, files: dict[str, str], team: str | None) -> None:
    for path, text in files.items():
        write(path, text)
    seen = guess(tmp_path).get("team")
    assert (seen.value if seen else None) == team


def test_of_several_people_none_is_the_contact(tmp_path: Path, write) -> None:
    write("CODEOWNERS", "* @ana @bo\n")
    assert "contact" not in guess(tmp_path)
    write("CODEOWNERS", "* @ana\n")
    assert guess(tmp_path)["contact"].value == "@ana"


@pytest.mark.parametrize("place", ["RUNBOOK.md", "runbook.md", "docs/runbook.md", "runbooks/shop.md"])
def test_a_tier_is_read_wherever_runbooks_are(tmp_path: Path, write, place: str) -> None:
    write(place, "# Shop\n\n## Service Tier\n\nPlatinum\n")
    assert guess(tmp_path)["tier"] == (1, f"{place}:5")


def test_what_lies_elsewhere_is_offered_and_written_as_a_comment(tmp_path: Path, write) -> None:
    write("docs/howto/restore.md", "# Restore\n")
    write("adr/0001.md", "# Use it\n")
    write("docs/rfcs/1.md", "# Not asked: decisions lie where checks look\n")
    assert [(one.convention.name, one.files) for one in offers(tmp_path)] == [("runbooks", ("docs/howto/restore.md",))]
    text = make_workload(tmp_path / "w", "shop", tmp_path, "en").read_text("utf-8")
    assert text.endswith("# Runbooks: docs/howto/restore.md (docs/howto/**/*.md)\n")
