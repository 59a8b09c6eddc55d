"""What `orr init` sees in a repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from orr.evidence.repository.conventions import conventions
from orr.source.yaml import parse
from orr.workspace.discovery import Guess, Seen, look_around
from orr.workspace.scaffold import make_review, make_workload
from orr.workspace.topics import Topic, Where


def guess(root: Path) -> Mapping[str, Guess]:
    return look_around(root, ()).guesses


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


@pytest.mark.parametrize(
    ("path", "text", "source"),
    [
        ("infra/main.tf", 'provider "aws" {\n  region = "eu-west-1"\n}\n', "infra/main.tf:2"),
        ("serverless.yml", "service: shop\nprovider:\n  name: aws\n  region: eu-west-1\n", "serverless.yml:4"),
        ("samconfig.toml", '[default.deploy.parameters]\nregion = "eu-west-1"\n', "samconfig.toml:2"),
    ],
)
def test_a_region_is_read_where_tools_deploy_to(tmp_path: Path, write, path: str, text: str, source: str) -> None:
    write(path, text)
    assert guess(tmp_path)["aws"] == ({"regions": ["eu-west-1"]}, source)


@pytest.mark.parametrize(
    ("path", "text", "environment"),
    [
        (".github/workflows/deploy.yml", "jobs:\n  deploy:\n    environment: production\n", "production"),
        (".github/workflows/deploy.yml", "jobs:\n  a:\n    environment:\n      name: 'prod-eu'\n", "prod-eu"),
        (".gitlab-ci.yml", "deploy:\n  environment:\n    name: production/shop\n", "production/shop"),
        (".github/workflows/deploy.yml", "jobs:\n  deploy:\n    environment: staging\n", None),
        (".github/workflows/deploy.yml", "jobs:\n  deploy:\n    environment: ${{ inputs.production }}\n", None),
        ("docs/deploy.yml", "  environment: production\n", None),
    ],
)
def test_the_environment_is_that_of_production_which_a_pipeline_names(
    tmp_path: Path, write, path: str, text: str, environment: str | None
) -> None:
    write(path, text)
    seen = look_around(tmp_path, ())
    found = seen.guesses.get("environment")
    assert (found.value if found else None) == environment
    review = make_review(tmp_path / "w", "shop", seen)
    assert (review is None) == (environment is None)
    if review is not None:
        assert parse(review.read_text("utf-8"), "") == {"review": "shop", "release": {"environment": environment}}


def test_a_region_that_a_variable_holds_is_none(tmp_path: Path, write) -> None:
    write("main.tf", 'provider "aws" {\n  region = var.region\n}\n')
    assert "aws" not in guess(tmp_path)


def test_what_lies_elsewhere_is_written_with_how_many_files_there_are(tmp_path: Path, write) -> None:
    write("docs/howto/restore.md", "# Runbook: restore\n")
    write("docs/howto/back up.md", "# Runbook: back up\n")
    write("scans-of-old/a.sarif", '{"version": "2.1.0", "runs": []}')
    write("adr/0001.md", "# Use it\n")
    write("deploy/shop.json", '{"title": "Shop", "schemaVersion": 39, "panels": []}')
    seen = look_around(tmp_path, {"runbooks", "decisions", "objectives"})
    assert "deploy/shop.json" in {file for one in seen.topics for file in one.files}  # which no check looks for
    assert [one.name for one in seen.missing] == ["objectives"]
    text = make_workload(tmp_path / "w", "shop", tmp_path, "en", seen).read_text("utf-8")
    assert text.endswith(
        "paths:  # where its files lie; checks that look for something to be there go by it\n"
        "  runbooks: [docs/howto/**/*.md]  # Runbooks: 2 files such as docs/howto/back up.md\n"
        "# Checks look for these only where a checklist says; who keeps it names the pattern under `path`:\n"
        "#   scans: ['**/*.sarif']  # Scan results: scans-of-old/a.sarif\n"
    )
    assert parse(text, "")["paths"] == {"runbooks": ["docs/howto/**/*.md"]}


@pytest.mark.parametrize(
    "name",
    [
        "a, b.md",
        "[a].md",
        "*.md",
        "#.md",
        "a: b.md",
        "{a}.md",
        "a\nb: c.md",
        "'.md",
        "&a.md",
        '".md',
        "a....md",
        "...",
        "a,\x85.md",
        "a,\u2028.md",
        "{😀}.md",
        'a, ".md',
        "\\,.md",
        "a #b.md",
        "null.md",
        "1.md",
    ],
)
def test_any_name_of_a_file_is_written_so_that_it_is_read_again(tmp_path: Path, write, name: str) -> None:
    topic = Topic(conventions()["runbooks"], Where.CONTENT, (f"ops/{name}",), (f"ops/{name}", name))
    title = " ".join(name.split())  # as guesses are
    seen = Seen({"title": Guess(title, name)}, (topic,))
    read = parse(make_workload(tmp_path, "shop", tmp_path, "en", seen).read_text("utf-8"), "")
    assert read["paths"] == {"runbooks": [f"ops/{name}", name]}
    assert read["title"] == title


def test_a_title_of_several_lines_becomes_one(tmp_path: Path, write) -> None:
    write("catalog-info.yaml", GROUP.replace("{name: shop}", '{name: shop, title: "The\\nshop"}') % "shop")
    assert guess(tmp_path)["title"].value == "The shop"


def test_a_repository_that_is_not_there_shows_nothing_and_why(tmp_path: Path) -> None:
    assert look_around(None, {"runbooks"}) == Seen({})
    seen = look_around(tmp_path / "gone", {"runbooks"})
    assert (seen.guesses, seen.topics) == ({}, ())
    assert seen.unread is not None
