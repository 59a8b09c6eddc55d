"""The check `ownership`: parts, owners, quadrants and agreements."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples
from support.service_repositories import make

from orr.evidence.checks.ownership.backstage import referred
from orr.evidence.checks.ownership.codeowners import read_codeowners
from orr.evidence.checks.ownership.parts import team_meant
from orr.evidence.checks.ownership.quadrants import needed_agreements
from orr.evidence.collect import run
from orr.evidence.context import Context
from orr.evidence.repository.places import EvidencePlaces
from orr.messages import LANGUAGES, render
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding, Outcome
from orr.model.validation import read
from orr.model.workload import Workload

TODAY = date(2026, 11, 23)


def context(folder: Path, model: dict | None = None, contact: str | None = "a@example.com") -> Context:
    workload = read(
        Workload,
        {
            "workload": "shop",
            "title": "Shop",
            "tier": 2,
            "owner": {"team": "alpha", **({"contact": contact} if contact else {})},
            "operating_model": model or {},
        },
    )
    (folder / "repository").mkdir(exist_ok=True)
    places = EvidencePlaces(folder / "repository", (folder,), {"team": folder / "teams"})
    return Context.of(workload, places, TODAY)


def ownership(given: Context, **parameters: object) -> Finding:
    finding = run(given, CheckSpec.of({"check": "ownership", **parameters}))
    assert all(render(finding.says, language) for language in LANGUAGES)
    for row in finding.table.rows if finding.table else ():
        assert all(render(cell, language) is not None for cell in row for language in LANGUAGES)
    return finding


def both(engineering: str | None, operations: str | None) -> dict:
    return {"engineering": engineering, "operations": operations}


@pytest.mark.parametrize(
    ("pattern", "path", "owned"),
    [
        ("*", "a/b.c", True),
        ("*.js", "x/y.js", True),
        ("*.js", "y.jsx", False),
        ("/docs/", "docs/a/b", True),
        ("/docs/", "x/docs/a", False),
        ("docs/", "x/docs/a", True),
        ("docs/*", "docs/a.md", True),
        ("docs/*", "docs/b/a.md", False),
        ("/build/logs", "build/logs/x", True),
        ("build/logs", "x/build/logs", False),
        ("**/logs", "a/b/logs/c", True),
        ("/a/**/b", "a/b", True),
        ("/a/**/b", "a/x/y/b/z", True),
        ("docs/**", "docs/x/y", True),
        (r"a\ b/", "a b/c", True),
        ("README", "README.md", False),
        ("Makefile", "sub/Makefile", True),
        ("f?o", "fxo", True),
        ("[ab].c", "a.c", False),
    ],
)
def test_patterns_match_as_those_of_git_hosts_do(pattern: str, path: str, owned: bool) -> None:
    assert bool(read_codeowners(f"{pattern} @o", "CODEOWNERS").owners(path)) is owned


@pytest.mark.parametrize(
    ("text", "path", "owners"),
    [
        ("* @a\n* @b\n", "x", ("@b",)),
        ("* @a\n/x/\n", "x/y", ()),
        ("* @a # @b\n", "x", ("@a",)),
        ("# * @a\n", "x", ()),
        ("* a@example.com @org/team\n", "x", ("a@example.com", "@org/team")),
        ("* nobody\n", "x", ()),
        ("!x @a\n", "x", ()),
        ("* @a\n[Docs] @b\ndocs/\n", "docs/y", ("@a", "@b")),
        ("[Docs] @b\ndocs/ @c\n[DOCS]\n*.md @d\n", "docs/y.md", ("@d",)),
        ("^[Optional][2] @b\n*.go\n", "x.go", ("@b",)),
        ("* @@maintainer\n", "x", ("@@maintainer",)),
    ],
)
def test_the_last_rule_of_each_section_decides(text: str, path: str, owners: tuple[str, ...]) -> None:
    assert read_codeowners(text, "CODEOWNERS").owners(path) == owners


def test_a_hostile_pattern_takes_no_longer_than_another() -> None:
    text = "/" + "*a" * 490 + " @x\n" + "**/*a*b/" * 4 + "*a @x\n"
    rules = read_codeowners(text, "CODEOWNERS")
    assert rules.owners("a" * 240 + "c/" + "a" * 240 + "c") == ()
    assert rules.owners("/".join(["ab"] * 60) + "/aaaaaab") == ()


@pytest.mark.parametrize(
    ("files", "outcome", "says"),
    [
        ({"CODEOWNERS": "* @o/t", "src/a": ""}, Outcome.MET, "all 2 parts"),
        ({"CODEOWNERS": "/src/ @o/t", "src/a": ""}, Outcome.PARTIAL, "without: CODEOWNERS"),
        ({"CODEOWNERS": "* @o/t\n/s/b\n/s/c", "s/a": "", "s/b": "", "s/c": ""}, Outcome.PARTIAL,
         "without: s/b and one more file"),
        ({"CODEOWNERS": "* @ana", "src/a": ""}, Outcome.PARTIAL, "CODEOWNERS (@ana alone is no team), src/a (@ana"),
        ({"CODEOWNERS": "* @ana ana@example.com"}, Outcome.PARTIAL, "alone is no team"),
        ({"CODEOWNERS": "* ana@example.com"}, Outcome.PARTIAL, "alone is no team"),
        ({"CODEOWNERS": "* @ana @bo", "src/a": ""}, Outcome.MET, "all 2 parts"),
        ({"CODEOWNERS": "* @@maintainer"}, Outcome.MET, "the one part"),
        ({"CODEOWNERS": "* payments-team@example.com"}, Outcome.MET, "the one part"),
        ({"CODEOWNERS": "* @o/t\n/src/ @ana", "src/a": ""}, Outcome.PARTIAL, "1 of 2 parts"),
        ({"catalog-info.yaml": "component:user:default/ana"}, Outcome.PARTIAL, "alone is no team"),
        ({"CODEOWNERS": "*\n/src/ @o\n/src/b/", "src/a": "", "src/b/c": ""}, Outcome.NOT_MET, "0 of 2"),
        ({"CODEOWNERS": "# nothing", "a": ""}, Outcome.NOT_MET, "lacks an owner"),
        ({"src/a": ""}, Outcome.NOT_MET, "no CODEOWNERS"),
        ({"CODEOWNERS": "*", ".github/CODEOWNERS": "* @o/t"}, Outcome.MET, "(.github/CODEOWNERS)"),
        ({"CODEOWNERS": b"\0"}, Outcome.UNKNOWN, "binary"),
        ({"CODEOWNERS": "* @o\n" * 5001}, Outcome.UNKNOWN, "more rules"),
        ({"CODEOWNERS": "* @o", "catalog-info.yaml": "a: ["}, Outcome.UNKNOWN, "YAML"),
        ({"catalog-info.yaml": "component:o", "src/a": ""}, Outcome.MET, "(catalog-info.yaml)"),
        ({"src/catalog-info.yaml": "component:o", "src/a": "", "x/a": ""}, Outcome.PARTIAL, "x/"),
        ({"CODEOWNERS": "* @o/t", "catalog-info.yaml": "component:"}, Outcome.PARTIAL, "without: component"),
        ({"catalog-info.yaml": "location:o"}, Outcome.NOT_MET, "no CODEOWNERS"),
    ],
    ids=[
        "all", "some", "files and not their folder", "one person", "one person twice", "one address", "two people",
        "a role", "a mailbox", "one person of a part", "one person in a catalogue", "a folder in part", "no rule",
        "no file", "the first place", "binary", "too many rules", "broken catalogue", "catalogue",
        "catalogue of a folder", "an entity of nobody", "nothing that is owned",
    ],
)  # fmt: skip
def test_every_part_needs_an_owner(tmp_path: Path, write, files: dict, outcome: Outcome, says: str) -> None:
    for path, content in files.items():
        if path.endswith(".yaml") and ":" in content and "[" not in content:
            kind, owner = content.split(":", 1)
            content = (
                f"apiVersion: backstage.io/v1alpha1\nkind: {kind.title()}\nmetadata: {{name: c}}\n"
                f"spec: {{owner: {owner or 'null'}}}\n"
            )
        write(f"repository/{path}", content)
    finding = ownership(context(tmp_path), aspects="parts")
    assert finding.outcome is outcome
    assert says in render(finding.says, "en")


def test_a_name_alone_is_a_team_where_a_teams_file_or_the_checklist_knows_it(tmp_path: Path, write) -> None:
    write("repository/CODEOWNERS", "* @alpha")
    assert ownership(context(tmp_path), aspects="parts").outcome is Outcome.PARTIAL
    assert ownership(context(tmp_path), aspects="parts", known=["@alpha"]).outcome is Outcome.MET
    write("teams/alpha.yaml", "team: alpha\n")
    assert ownership(context(tmp_path), aspects="parts").outcome is Outcome.MET


def test_in_a_work_tree_only_tracked_files_need_an_owner(tmp_path: Path, write, git) -> None:
    write("repository/CODEOWNERS", "/src/ @o/t\n/CODEOWNERS @o/t\n")
    write("repository/src/a")
    git("init", folder=tmp_path / "repository")
    git("add", ".", folder=tmp_path / "repository")
    git("commit", "-m", "x", folder=tmp_path / "repository")
    write("repository/build/out")
    assert ownership(context(tmp_path), aspects="parts").outcome is Outcome.MET


@pytest.mark.parametrize(
    ("rules", "teams", "known", "outcome"),
    [
        ("* @org/Alpha", ["alpha"], [], Outcome.MET),
        ("* @org/beta", ["alpha"], [], Outcome.NOT_MET),
        ("* @org/alpha @org/beta", ["alpha"], [], Outcome.PARTIAL),
        ("* @org/beta", ["alpha"], ["@org/beta"], Outcome.MET),
        ("* @org/beta", [], ["beta"], Outcome.MET),
        ("* @org/beta", [], [], Outcome.UNKNOWN),
        ("* @wei.chen", ["alpha"], [], Outcome.UNKNOWN),
        ("* @wei.chen @org/alpha", ["alpha"], [], Outcome.MET),
        ("*", ["alpha"], [], Outcome.NOT_MET),
    ],
)
def test_the_teams_that_own_something_must_exist(
    tmp_path: Path, write, rules: str, teams: list[str], known: list[str], outcome: Outcome
) -> None:
    write("repository/CODEOWNERS", rules)
    for team in teams:
        write(f"teams/{team}.yaml", f"team: {team}\n")
    assert ownership(context(tmp_path), aspects="owners", known=known).outcome is outcome


@pytest.mark.parametrize(
    ("owner", "team"),
    [
        ("@org/a", "a"),
        ("@org/b/a", "a"),
        ("@a", "a"),
        ("@person", None),
        ("@@owner", None),
        ("x@example.com", None),
        ("group:default/a", "a"),
        ("a", "a"),
        ("user:x", None),
    ],
)
def test_a_team_is_meant_by_the_last_part_of_its_name(owner: str, team: str | None) -> None:
    assert team_meant(owner, {"a"}) == team


def test_a_reference_names_a_group_unless_it_says_otherwise() -> None:
    assert referred("backstage/maintainers") == ("group", "maintainers")
    assert referred("user:default/Jo") == ("user", "jo")


SAME = {"application": both("alpha", "alpha"), "infrastructure": both("beta", "beta")}


@pytest.mark.parametrize(
    ("model", "files", "contact", "outcome"),
    [
        (SAME, {"docs/on-call.md": "beta: +65 5555 8800"}, "a@example.com", Outcome.MET),
        (SAME, {"docs/on-call.md": "| beta | `/page beta` |"}, "a@example.com", Outcome.MET),
        (SAME, {"docs/on-call.md": "## Team beta\n\nAsk in #beta-oncall.\n"}, "a@example.com", Outcome.MET),
        (SAME, {"docs/on-call.md": "beta since 2026-11-02"}, "a@example.com", Outcome.PARTIAL),
        (SAME, {"docs/on-call.md": "alphabeta: x@example.com"}, "a@example.com", Outcome.PARTIAL),
        (SAME, {}, "a@example.com", Outcome.PARTIAL),
        (SAME, {}, None, Outcome.NOT_MET),
        (SAME, {"docs/on-call.md": b"\0"}, "a@example.com", Outcome.UNKNOWN),
        ({"application": both("alpha", "alpha")}, {}, "a@example.com", Outcome.PARTIAL),
        ({}, {}, "a@example.com", Outcome.NOT_MET),
        (
            SAME,
            {
                "catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: Beta}\n"
                "spec: {profile: {email: beta@example.com}}\n"
            },
            "a@example.com",
            Outcome.MET,
        ),
    ],
    ids=["number", "command", "heading", "only a date", "another team", "no document", "no contact at all", "binary",
         "half a model", "no model", "catalogue"],
)  # fmt: skip
def test_every_quadrant_needs_an_owner_with_a_contact(
    tmp_path: Path, write, model: dict, files: dict, contact: str | None, outcome: Outcome
) -> None:
    for path, content in files.items():
        write(f"repository/{path}", content)
    assert ownership(context(tmp_path, model, contact), aspects="quadrants").outcome is outcome


@pytest.mark.parametrize(
    ("model", "pairs"),
    [
        (SAME, []),
        ({"application": both("alpha", "ops"), "infrastructure": both("b", "b")}, [("alpha", "ops")]),
        (
            {"application": both("alpha", "ops"), "infrastructure": both("build", "run")},
            [("alpha", "ops"), ("build", "run"), ("ops", "run")],
        ),
        ({**SAME, "provider": "Acme"}, [("alpha", "Acme")]),
        (
            {"application": both("alpha", "Acme"), "infrastructure": both("b", "b"), "provider": "Acme"},
            [("alpha", "Acme")],
        ),
    ],
    ids=["each layer one team", "one layer divided", "fully separated", "provider", "the provider operates"],
)
def test_the_model_tells_which_agreements_are_needed(tmp_path: Path, model: dict, pairs: list) -> None:
    assert needed_agreements(context(tmp_path, model)) == pairs


PROVIDED = {**SAME, "provider": "Acme Cloud"}
TABLE = "# D\n\n## Agreements\n\n| With | Agreed | Until |\n|---|---|---|\n| Acme Cloud | answer in 15 min | {} |\n"


@pytest.mark.parametrize(
    ("model", "text", "outcome", "holds_until"),
    [
        (PROVIDED, TABLE.format("2027-03-31"), Outcome.MET, date(2027, 3, 31)),
        (PROVIDED, TABLE.format("2026-03-31"), Outcome.MET, date(2026, 3, 31)),
        (PROVIDED, TABLE.format("none"), Outcome.MET, None),
        (PROVIDED, TABLE.replace("Agreements", "History").format("x"), Outcome.NOT_MET, None),
        (PROVIDED, TABLE.replace("Acme", "Other").format("x"), Outcome.NOT_MET, None),
        (PROVIDED, "# SLA\n\nAcme Cloud answers in 15 min, valid until 2027-03-31.\n", Outcome.MET, date(2027, 3, 31)),
        (PROVIDED, "# 服务约定\n\nAcme Cloud 十五分钟内响应，有效期至 2027-03-31。\n", Outcome.MET, date(2027, 3, 31)),
        (PROVIDED, "# SLA\n\nAcme Cloud\n", Outcome.NOT_MET, None),
        (PROVIDED, None, Outcome.NOT_MET, None),
        (PROVIDED, b"\0", Outcome.UNKNOWN, None),
        (SAME, None, Outcome.MET, None),
        ({"provider": "Acme Cloud"}, TABLE.format("x"), Outcome.UNKNOWN, None),
    ],
    ids=["in force", "ended", "without an end", "no such heading", "with others", "a line", "Chinese", "a bare name",
         "no document", "binary", "none needed", "model left open"],
)  # fmt: skip
def test_an_agreement_is_written_down_and_in_force(
    tmp_path: Path, write, model: dict, text: str | bytes | None, outcome: Outcome, holds_until: date | None
) -> None:
    if text is not None:
        write("repository/docs/dependencies.md", text)
    finding = ownership(context(tmp_path, model), aspects="agreements")
    assert (finding.outcome, finding.holds_until) == (outcome, holds_until)


def test_the_worst_aspect_decides_and_stands_first(tmp_path: Path, write) -> None:
    write("repository/CODEOWNERS", "* @org/alpha")
    write("teams/alpha.yaml", "team: alpha\n")
    finding = ownership(context(tmp_path, {**SAME, "provider": "Acme"}))
    assert finding.outcome is Outcome.NOT_MET
    assert render(finding.says, "en").startswith("the one agreement that the operating model needs is not under")


@pytest.mark.parametrize(
    ("name", "outcome", "says"),
    [
        ("owned-as-a-whole", Outcome.MET, "all 4 parts"),
        ("with-one-runbook", Outcome.MET, "all 4 parts"),
        ("in-a-catalogue", Outcome.MET, "all 3 parts"),
        ("open-to-all", Outcome.PARTIAL, "1 of 4 parts"),
        ("owned-by-nobody", Outcome.NOT_MET, "no CODEOWNERS, OWNERS"),
    ],
)
def test_the_parts_of_a_whole_repository_are_known(tmp_path: Path, name: str, outcome: Outcome, says: str) -> None:
    folder = make(tmp_path, name)
    places = EvidencePlaces(folder, (folder,), {})
    workload = read(Workload, {"workload": name, "title": name, "tier": 3, "owner": {"team": "t"}})
    finding = ownership(Context.of(workload, places, TODAY), aspects="parts")
    assert (finding.outcome, render(finding.says, "en")[: len(says)]) == (outcome, says)


_line = st.lists(
    st.sampled_from(["*", "**", "/", "a", "\\", " ", "[", "]", "^", "@o/t", "@", "#", "?", ".", "!", "[x][2]", "é"]),
    max_size=12,
).map("".join)


@pytest.mark.slow
@settings(max_examples=examples(400))
@given(st.lists(_line, max_size=6).map("\n".join), st.text("ab/.é ", min_size=1, max_size=30))
def test_whatever_a_codeowners_file_holds_it_is_read(text: str, path: str) -> None:
    read = read_codeowners(text, "CODEOWNERS")
    assert all(owner.startswith("@") for owner in read.owners(path))
