"""Collecting: every check of every item that applies, each once, side by side."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support import ROOT

from orr.evaluate.case import Case
from orr.evaluate.tier import TierRules
from orr.evidence import Content, Context, Days, EvidencePlaces, Undetermined, acting, faults_of
from orr.evidence.collect import collect
from orr.evidence.kinds import registry as kinds
from orr.evidence.kinds.kind import Kind
from orr.evidence.kinds.registry import all_kinds, set_up
from orr.evidence.kinds.traits import check
from orr.evidence.pool import Work, side_by_side
from orr.messages import LANGUAGES, render, say, texts
from orr.model.checklist import Checklist, CheckSpec
from orr.model.finding import Evidence, Finding, Outcome, Where
from orr.model.review import Answer, Review
from orr.model.settings import Settings
from orr.model.validation import read
from orr.model.workload import Owner, Workload
from orr.testing import run_check

TODAY = date(2026, 11, 23)


def found(outcome: Outcome = Outcome.MET, says: str = "seen") -> Finding:
    return Finding("", outcome, says)


def case(*items: dict[str, Any], answers: dict[str, Any] | None = None, **more: Any) -> Case:
    section = {"section": "s", "items": [{"ask": "?", "risk": "high", **item} for item in items]}
    return Case(
        workload=Workload(workload="shop", title="Shop", tier=1, owner=Owner(team="payments")),
        review=Review(review="shop", answers=answers or {}),
        checklists=(read(Checklist, {"checklist": "c", "version": 1, "title": "C", "sections": [section]}),),
        **more,
    )


@pytest.fixture
def register(monkeypatch) -> Callable[..., None]:
    """Make functions known as kinds of check, as an installed package would."""
    known = kinds.kind_named

    def to(**functions: Callable[..., Any]) -> None:
        def look_up(name: str) -> Kind:
            return Kind(name, functions[name], False) if name in functions else known(name)

        monkeypatch.setattr("orr.evidence.collect.kind_named", look_up)
        monkeypatch.setattr(kinds, "kind_named", look_up)

    return to


@pytest.fixture
def gather(tmp_path: Path) -> Callable[..., Evidence]:
    (tmp_path / "repository").mkdir()
    (tmp_path / "workloads").mkdir()

    def run(of: Case, settings: Settings | None = None, own: tuple[str, ...] = (), **options: Any) -> Evidence:
        beside = {"workload": tmp_path / "workloads", "team": tmp_path / "teams", "organization": tmp_path}
        places = EvidencePlaces(tmp_path / "repository", (tmp_path,), beside, own, tmp_path)
        return collect(of, places, settings or Settings(), TODAY, **options)

    return run


def test_findings_come_by_item_in_the_order_of_its_checks(gather, write) -> None:
    write("repository/a.md", "text")
    item = {"item": "i", "checks": [{"check": "files", "paths": "b.md"}, {"check": "document", "path": "a.md"}]}
    evidence = gather(case(item, {"item": "none"}))
    assert [(f.check, f.outcome) for f in evidence.findings["c/i"]] == [
        ("files", Outcome.NOT_MET),
        ("document", Outcome.MET),
    ]
    assert set(evidence.findings) == {"c/i"}
    assert all(f.collected is not None and f.seconds >= 0 for f in evidence.findings["c/i"])


def test_items_of_teams_and_the_organization_are_checked_in_the_repositories_that_their_files_name(
    tmp_path: Path, write
) -> None:
    for folder in ("own", "of-team", "of-all"):
        write(f"{folder}/{folder}.md", "text")
    shared = {"team": tmp_path / "of-team", "organization": tmp_path / "of-all"}
    beside = dict.fromkeys(("workload", "team", "organization"), tmp_path)
    checks = [{"check": "files", "paths": f"{folder}.md"} for folder in ("own", "of-team", "of-all")]
    asked = [{"item": scope, "scope": scope, "checks": checks} for scope in ("workload", "team", "organization")]

    def met(shared: dict[str, Path]) -> dict[str, list[bool]]:
        places = EvidencePlaces(tmp_path / "own", (tmp_path,), beside, shared=shared)
        found = collect(case(*asked), places, Settings(), TODAY).findings
        return {name: [one.outcome is Outcome.MET for one in findings] for name, findings in found.items()}

    assert met(shared) == {
        "c/workload": [True, False, False],
        "c/team": [False, True, False],
        "c/organization": [False, False, True],
    }
    assert met({}) == {f"c/{scope}": [True, False, False] for scope in ("workload", "team", "organization")}


GROUP = {"item": "i", "checks": [{"any_of": [{"check": "files", "paths": "a.md"}, {"check": "asked"}]}]}


@pytest.mark.parametrize(
    ("settings", "there", "outcome"),
    [
        (Settings(), True, Outcome.MET),
        (Settings(), False, Outcome.NOT_MET),
        (Settings(allow=("asked",)), True, Outcome.NOT_MET),
        (Settings(sources={"asked": {}}), True, Outcome.UNKNOWN),
    ],
    ids=["the file where none is set up", "neither", "something wrong where it is set up", "set up and not allowed"],
)
def test_of_a_group_what_orr_yaml_sets_up_is_asked(gather, register, write, settings, there, outcome) -> None:
    register(asked=acting(lambda context: found(Outcome.NOT_MET, "broken")))
    if there:
        write("repository/a.md", "text")
    [finding] = gather(case(GROUP), settings).findings["c/i"]
    assert (finding.check, finding.outcome) == ("any_of", outcome)


def test_a_group_of_which_nothing_is_set_up_is_unknown(gather, register) -> None:
    register(asked=acting(lambda context: found()))
    [finding] = gather(case({"item": "i", "checks": [{"any_of": [{"check": "asked"}]}]})).findings["c/i"]
    assert finding.outcome is Outcome.UNKNOWN
    assert "does not allow it" in render(finding.says, "en")


def test_a_product_is_set_up_by_its_own_name(gather) -> None:
    recipe = {"check": "service", "recipe": "github/commit-checks-passed", "values": {"owner": "o", "repo": "r"}}
    group = {"item": "i", "checks": [{"any_of": [{"check": "files", "paths": "a.md"}, recipe]}]}
    [aside] = gather(case(group), Settings(allow=("service",))).findings["c/i"]
    assert (aside.outcome, aside.nothing) == (Outcome.NOT_MET, True)
    assert render(aside.says, "en").endswith("does not set them up: github")
    [asked] = gather(case(group), Settings(sources={"github": {}})).findings["c/i"]
    assert "does not allow it; add service to `allow`" in render(asked.says, "en")


def test_choices_of_a_section_with_risk_rules_are_collected_by_their_own_names(gather, write) -> None:
    write("repository/a.md", "text")
    rules = [{"if": "i", "risk": "none"}, {"if": "default", "risk": "high"}]
    section = {
        "section": "s",
        "risk_rules": rules,
        "items": [{"item": "i", "ask": "?", "checks": [{"check": "files", "paths": "a.md"}]}],
    }
    lens = read(Checklist, {"checklist": "lens", "version": 1, "title": "L", "sections": [section]})
    whole = case({"item": "x"})
    evidence = gather(Case(whole.workload, whole.review, (lens,)))
    assert evidence.findings["lens/i"][0].outcome is Outcome.MET


def test_items_that_are_left_out_are_not_collected(gather, register) -> None:
    register(never=lambda context: pytest.fail("collected"))
    evidence = gather(case({"item": "i", "when": {"tier": [4]}, "checks": [{"check": "never"}]}))
    assert evidence.findings == {}


def test_a_check_is_told_the_tier_that_counts_and_not_the_claimed_one(gather, register) -> None:
    told = []
    register(asks=lambda context: told.append(context.workload.tier) or found())
    lax = case({"item": "i", "checks": [{"check": "asks"}]})
    gather(replace(lax, workload=replace(lax.workload, tier=4)))
    gather(replace(lax, workload=replace(lax.workload, tier=None), rules=TierRules(assigned={"shop": 3})))
    assert told == [1, 3]


def test_the_same_check_with_the_same_parameters_runs_once(gather, register) -> None:
    ran = []

    def counted(context: Context, word: str = "x") -> Finding:
        ran.append(word)
        return found()

    register(counted=counted)
    checks = [{"check": "counted"}, {"check": "counted", "word": "y"}, {"check": "counted"}]
    evidence = gather(case({"item": "a", "checks": checks}, {"item": "b", "checks": checks}))
    assert sorted(ran) == ["x", "y"]
    assert len(evidence.findings["c/a"]) == len(evidence.findings["c/b"]) == 3


def raises(error: BaseException) -> Callable[[Context], Finding]:
    def failing(context: Context) -> Finding:
        raise error

    return failing


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (raises(RuntimeError("password=hunter22 is wrong")), "RuntimeError: password=*** is wrong"),
        (raises(Undetermined(say("evidence.ground.binary", path="a.md"))), "a.md is binary"),
        (raises(Undetermined("no data")), "no data"),
        (raises(SystemExit(0)), "SystemExit"),
        (raises(RecursionError("deep")), "RecursionError"),
        (lambda context: None, "NoneType instead of a finding"),
        (lambda context: Finding("", "splendid", "x"), "ValueError"),  # type: ignore[arg-type]
        (lambda context: Finding("", Outcome.MET, {}), "StopIteration"),
        (lambda context: Finding("", Outcome.MET, ""), "says nothing"),
        (lambda context: Finding("", Outcome.MET, "x", subjects=("42cd0e1",)), "no tuple of Subject"),
        (lambda context: Finding("", Outcome.MET, say("evidence.no-such-text")), "KeyError"),
        (lambda context: Finding("", Outcome.MET, "x", content=("a.md",)), "did not make"),  # type: ignore[arg-type]
        (
            lambda context: Finding("", Outcome.MET, "x", content=(Content("a.md", "x", "x"),)),
            "Content.of did not make",
        ),
        (lambda context: Finding("", Outcome.MET, "x", where="a.md"), "no Where"),  # type: ignore[arg-type]
    ],
    ids=[
        *(
            "exception",
            "cannot-tell",
            "words",
            "exit",
            "recursion",
            "nothing",
            "outcome",
            "empty",
            "silent",
            "subjects",
            "no-text",
        ),
        *("no content", "a digest of its own", "no place"),
    ],
)
def test_a_check_that_fails_is_unknown_with_its_cause(gather, register, function, words: str) -> None:
    register(odd=function)
    finding = gather(case({"item": "i", "checks": [{"check": "odd"}]})).findings["c/i"][0]
    assert (finding.check, finding.outcome) == ("odd", Outcome.UNKNOWN)
    assert all(render(finding.says, language) for language in LANGUAGES)
    assert words in render(finding.says, "en")


def test_a_place_of_a_check_s_own_stays_and_is_masked(gather, register) -> None:
    register(odd=lambda context: Finding("", Outcome.NOT_MET, "x", where=Where("password=hunter22/a.md", 7)))
    (finding,) = gather(case({"item": "i", "checks": [{"check": "odd"}]})).findings["c/i"]
    assert finding.where is not None
    assert finding.where.line == 7
    assert "hunter22" not in finding.where.path


def test_content_is_masked_and_shortened_for_readers_and_its_digest_is_of_the_whole(gather, register) -> None:
    text = "password=hunter22 " + "word " * 3_000

    def reads(context: Context) -> Finding:
        return Finding("", Outcome.MET, "read", content=(Content.of("a.md", text),))

    register(odd=reads)
    (content,) = gather(case({"item": "i", "checks": [{"check": "odd"}]})).findings["c/i"][0].content
    assert "hunter22" not in content.text
    assert len(content.text) < 2_100
    assert content.digest == Content.of("a.md", text).digest != Content.of("a.md", text + "more").digest


def test_a_check_that_hangs_is_unknown_and_the_others_finish(gather, register) -> None:
    release = threading.Event()

    def hangs(context: Context) -> Finding:
        release.wait(60)
        return found()

    register(hangs=check(seconds=0.2)(hangs), quick=lambda context: found())
    many = [{"item": f"q{number}", "checks": [{"check": "quick"}]} for number in range(3)]
    evidence = gather(case({"item": "h", "checks": [{"check": "hangs"}]}, *many), at_once=1)
    release.set()
    assert evidence.findings["c/h"][0].outcome is Outcome.UNKNOWN
    assert "longer than 0.2 seconds" in render(evidence.findings["c/h"][0].says, "en")
    assert evidence.findings["c/q2"][0].outcome is Outcome.MET


@pytest.mark.parametrize(("limit", "at_once", "most"), [(None, 4, 4), (2, 4, 2), (None, 1, 1)])
def test_no_more_run_side_by_side_than_is_allowed(limit: int | None, at_once: int, most: int) -> None:
    lock, running, seen = threading.Lock(), [0], [0]

    def do() -> int:
        with lock:
            running[0] += 1
            seen[0] = max(seen[0], running[0])
        time.sleep(0.1)
        with lock:
            running[0] -= 1
        return 1

    told: list[tuple[int, int]] = []
    work = [Work("x", do, lambda: 0, 10, limit) for _ in range(8)]
    assert side_by_side(work, at_once, lambda done, of: told.append((done, of))) == [1] * 8
    assert seen[0] == most
    assert told == [(number, 8) for number in range(1, 9)]


def test_work_that_does_not_wait_shares_one_thread() -> None:
    work = [Work("x", threading.get_ident, lambda: 0, 10) for _ in range(20)]
    assert len(set(side_by_side(work, 8))) == 1


def test_nothing_to_do_starts_no_thread(gather, monkeypatch) -> None:
    monkeypatch.setattr(threading.Thread, "start", lambda thread: pytest.fail("started"))
    assert gather(case({"item": "i"})).findings == {}


@pytest.mark.parametrize(
    ("allow", "outcome"), [((), Outcome.UNKNOWN), (("other",), Outcome.UNKNOWN), (("acts",), Outcome.MET)]
)
def test_a_kind_that_acts_runs_only_where_it_is_allowed(gather, register, allow, outcome: Outcome) -> None:
    ran = []

    @acting
    def acts(context: Context) -> Finding:
        ran.append(1)
        return found()

    register(acts=acts)
    finding = gather(case({"item": "i", "checks": [{"check": "acts"}]}), Settings(allow=allow)).findings["c/i"][0]
    assert finding.outcome is outcome
    assert bool(ran) is (outcome is Outcome.MET)
    assert ("`allow`" in render(finding.says, "en")) is not bool(ran)


def test_an_unknown_kind_or_parameter_is_unknown_when_it_is_collected_anyway(gather) -> None:
    checks = [{"check": "nope"}, {"check": "files", "pats": "x"}, {"check": "files", "paths": "../x"}]
    findings = gather(case({"item": "i", "checks": checks})).findings["c/i"]
    assert [finding.outcome for finding in findings] == [Outcome.UNKNOWN] * 3
    assert "no kind of check named nope" in render(findings[0].says, "en")
    assert "did you mean paths" in render(findings[1].says, "en")


@pytest.mark.parametrize(
    ("spec", "keys", "words"),
    [
        ({"check": "nope"}, ("check",), "no kind of check named nope"),
        ({"check": "document"}, (), "the key path is missing"),
        ({"check": "document", "path": "a", "linsk": True}, ("linsk",), "no parameter"),
        ({"check": "document", "path": "a", "owner": "yes"}, ("owner",), "yes"),
        ({"check": "document", "path": "a", "at_least": 0}, ("at_least",), "0"),
        ({"check": "document", "path": "a", "at_least": True}, ("at_least",), "true"),
        ({"check": "document", "path": "a", "reviewed_within": "soon"}, ("reviewed_within",), "soon"),
        ({"check": "document", "path": ["a", 1]}, ("path", 1), "1"),
        ({"check": "document", "path": {"a": 1}}, ("path",), "a"),
        ({"check": "document", "path": "/a"}, ("path",), "relative"),
        ({"check": "files"}, (), "asks for nothing"),
        ({"check": "files", "forbidden": "x", "at_least": 2}, ("at_least",), "without paths"),
        ({"check": "files", "paths": "x", "at_most": 1, "at_least": 2}, ("at_most",), "less than at_least"),
    ],
)
def test_a_fault_of_a_check_has_the_path_of_its_key(spec: dict, keys: tuple, words: str) -> None:
    faults = faults_of(CheckSpec.of(spec))
    assert [fault[0] for fault in faults] == [keys]
    for language in LANGUAGES:
        assert render(faults[0][1], language)
        assert render(faults[0][2], language)
    assert words in render(faults[0][1], "en")


def test_a_check_without_fault_has_none() -> None:
    spec = {"check": "document", "path": "a", "sections": "A|B", "owner": True, "reviewed_within": "90d"}
    assert faults_of(CheckSpec.of(spec)) == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("drills/in-repository.md", None),
        ("notes/beside.md", None),
        ("drills", None),
        ("link-inside.md", None),
        ("gone.md", "is not there"),
        ("/etc/hostname", "no relative path"),
        ("../../../../../../../etc/hostname", "leads out"),
        ("link-outside.md", "leads out"),
        ("../../../../../../../etc/gone", "leads out"),
        ("a\0b", "no relative path"),
        ("pipe", "no file"),
        (".", "no file"),
        ("..", "no file"),
        ("../workloads", "no file"),
        ("drills/..", "no file"),
    ],
)
def test_the_file_behind_an_answer_must_be_there(tmp_path: Path, gather, write, path: str, words: str | None) -> None:
    write("repository/drills/in-repository.md", "done")
    write("workloads/notes/beside.md", "done")
    (tmp_path / "repository/link-inside.md").symlink_to(tmp_path / "workloads/notes/beside.md")
    (tmp_path / "repository/link-outside.md").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "repository/pipe")
    answer = read(Answer, {"answer": "yes", "by": "ana", "on": "2026-11-20", "evidence": [{"path": path}]})
    missing = gather(case({"item": "i"}, answers={"c/i": answer})).missing
    if words is None:
        assert missing == {}
    else:
        assert len(missing["c/i"]) == 1
        assert words in render(missing["c/i"][0], "en")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("drill.md", None),
        ("empty.md", "is an empty file"),
        ("mark.md", "is an empty file"),
        ("long.md", "is an empty file"),
        ("late.md", None),
        ("drills", "is a folder"),
        ("../workloads/shop/review.yaml", "is a file of the review itself"),
        ("own.yaml", "is a file of the review itself"),
        ("../teams/payments.yaml", "is a file of the review itself"),
        ("../teams/evidence/payments.yaml", None),
        ("../workloads/shop/evidence/review.yaml", None),
    ],
)
def test_a_file_that_is_there_may_prove_nothing(tmp_path: Path, gather, write, path: str, words: str | None) -> None:
    for name in ("repository/drill.md", "repository/drills/a.md", "workloads/shop/review.yaml", "teams/payments.yaml"):
        write(name, "done")
    write("teams/evidence/payments.yaml", "done")
    write("workloads/shop/evidence/review.yaml", "done")
    write("repository/empty.md", "")
    write("repository/mark.md", "\ufeff\n\0")
    write("repository/long.md", " \n" * 100_000)
    write("repository/late.md", " \n" * 100_000 + "done")
    (tmp_path / "repository/own.yaml").symlink_to(tmp_path / "workloads/shop/review.yaml")
    answer = read(Answer, {"answer": "yes", "by": "ana", "on": "2026-11-20", "evidence": [{"path": path}]})
    found = gather(case({"item": "i"}, answers={"c/i": answer}), own=("workloads/*/review.yaml", "teams/*.yaml"))
    assert found.missing == {}
    said = [render(why, "en") for why in found.hollow.get("c/i", ())]
    assert len(said) == (words is not None)
    assert all(f"{path} {words}" in one for one in said)


@pytest.mark.parametrize("prefix", ["", "sha256:"])
def test_a_file_that_changed_since_it_was_offered_is_told(gather, write, prefix: str) -> None:
    write("repository/a.md", "text")
    digest = prefix + hashlib.sha256(b"text").hexdigest()
    answer = read(
        Answer, {"answer": "yes", "by": "ana", "on": "2026-11-20", "evidence": [{"path": "a.md", "sha256": digest}]}
    )
    asked = case({"item": "i"}, answers={"c/i": answer})
    assert gather(asked).missing == {}
    write("repository/a.md", "other")
    assert "no longer matches its sha256" in render(gather(asked).missing["c/i"][0], "en")


def test_of_evidence_no_more_is_read_in_all_than_a_limit_and_the_rest_is_named(
    gather, write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orr.evidence.attachments.MAX_TOTAL", 10)
    entries = []
    for name, content in {"a.md": "six...", "again.md": "", "b.md": "five.", "c.md": "four"}.items():
        write(f"repository/{name}", content)
        entries.append({"path": name, "sha256": hashlib.sha256(content.encode()).hexdigest()})
    said = {"answer": "yes", "by": "ana", "on": "2026-11-20", "evidence": [*entries, entries[0]]}
    (why,) = gather(case({"item": "i"}, answers={"c/i": read(Answer, said)})).missing["c/i"]
    assert render(why, "en").startswith("the evidence b.md is not compared: with it, more than the 10 bytes")


def test_links_to_the_web_are_recorded_and_not_fetched(gather) -> None:
    entry = {"url": "https://localhost:1/gone"}
    answer = read(Answer, {"answer": "yes", "by": "ana", "on": "2026-11-20", "evidence": [entry]})
    assert gather(case({"item": "i"}, answers={"c/i": answer})).missing == {}


@pytest.mark.parametrize(
    ("scope", "field", "folder"),
    [("team", "team_answers", "teams"), ("organization", "organization_answers", ".")],
)
def test_inherited_evidence_is_looked_for_beside_the_file_that_names_it(gather, write, scope, field, folder) -> None:
    answer = read(Answer, {"answer": "yes", "by": "ana", "on": "2026-11-20", "evidence": [{"path": "proof/p.md"}]})
    asked = case({"item": "i", "scope": scope}, **{field: {"c/i": answer}})
    assert "is not there" in render(gather(asked).missing["c/i"][0], "en")
    write(f"{folder}/proof/p.md")
    assert gather(asked).missing == {}


def test_a_check_is_tested_in_one_line(tmp_path: Path, write) -> None:
    write("VERSION", "1.2")

    def version(context: Context, at_least: int, within: Days | None = None) -> Finding:
        """Look at VERSION."""
        return found(Outcome.MET if context.text("VERSION") >= str(at_least) else Outcome.NOT_MET)

    assert run_check(version, tmp_path, at_least=1).outcome is Outcome.MET
    assert run_check(version, tmp_path, at_least=2, within="3d").outcome is Outcome.NOT_MET
    assert run_check(version, tmp_path, at_least="2").outcome is Outcome.UNKNOWN
    assert run_check(version, tmp_path).outcome is Outcome.UNKNOWN


def test_every_built_in_kind_and_parameter_is_described_in_every_language() -> None:
    described = {
        f"{kind.name}.{parameter.name}" for _, kind in all_kinds() if isinstance(kind, Kind) and kind.built_in
        for parameter in kind.parameters
    }  # fmt: skip
    assert described
    for language in LANGUAGES:
        there = texts("evidence", language)
        assert {f"parameter.{name}" for name in described} <= set(there)
        assert all(f"kind.{name.partition('.')[0]}" in there for name in described)
    assert set(texts("evidence", "en")) == set(texts("evidence", "zh-CN"))


PLUG_IN = '''
"""A check of another package."""
from __future__ import annotations
from typing import TYPE_CHECKING
from orr.evidence import Finding, Outcome
if TYPE_CHECKING:
    from orr.evidence import Context

def licence(context: Context, names: list[str], file: str = "LICENSE") -> Finding:
    """Look for one of several licences.

    Parameters
    ----------
    names
        Words of which one must stand
        in the file.
    file
        Where.
    """
    text = context.text(file)
    hit = next((name for name in names if name in text), None)
    return Finding("", Outcome.MET if hit else Outcome.NOT_MET, f"{file} names {hit}")
'''


def test_a_plug_in_works_by_its_entry_point_alone(tmp_path: Path, write) -> None:
    write("site/acme_orr.py", PLUG_IN)
    write("site/broken_orr.py", "raise RuntimeError('no')")
    write("site/acme_orr-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: acme-orr\nVersion: 1.0\n")
    points = [
        "licence = acme_orr:licence",
        "files = acme_orr:licence",
        "broken = broken_orr:x",
        "twice = acme_orr:licence",
    ]
    write("site/acme_orr-1.0.dist-info/entry_points.txt", "\n".join(["[orr.checks]", *points, ""]))
    write("site/other-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    write("site/other-1.0.dist-info/entry_points.txt", "[orr.checks]\ntwice = acme_orr:licence\n")
    write("repository/LICENSE", "MIT License")
    program = """
        from orr.evidence import faults_of
        from orr.evidence.kinds.registry import all_kinds, kind_named
        from orr.messages import render
        from orr.model.checklist import CheckSpec
        from orr.testing import run_check
        print(run_check("licence", "repository", names=["BSD", "MIT"]).outcome)
        print(run_check("licence", "repository", names=["BSD"]).outcome)
        print(render(run_check("licence", "repository", names="BSD").says, "en"))
        kind = kind_named("licence")
        print(render(kind.summary, "en"), "|", kind.about("names"), "|", kind.about("file"))
        print(run_check("files", "repository", paths="LICENSE").outcome)
        for name in ("broken", "twice"):
            print(render(faults_of(CheckSpec(name))[0][1], "en"))
        print([name for name, kind in all_kinds() if name in ("broken", "document", "files", "licence", "twice")])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), str(ROOT)])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "met",
        "not-met",
        "the check cannot be run: names is “BSD”, which cannot be read; write a list, each a text",
        "Look for one of several licences. | Words of which one must stand in the file. | Where.",
        "met",
        "the kind broken (broken_orr:x) cannot be loaded: RuntimeError: no",
        "the kind twice comes from several packages: acme-orr, other",
        "['broken', 'document', 'files', 'licence', 'twice']",
    ]


HANGING = """
    import sys, time
    from datetime import date
    from pathlib import Path
    from orr.evidence import EvidencePlaces
    from orr.evidence.kinds.kind import Kind
    from orr.evaluate.case import Case
    from orr.model.checklist import Checklist
    from orr.model.review import Review
    from orr.model.settings import Settings
    from orr.model.validation import read
    from orr.model.workload import Owner, Workload

    def hangs(context):
        print("hanging", flush=True)
        time.sleep(600)

    import orr.evidence.collect as module
    module.kind_named = lambda name: Kind(name, hangs, False)
    items = [{"item": "i", "ask": "?", "risk": "high", "checks": [{"check": "hangs"}]}]
    checklist = read(Checklist,
        {"checklist": "c", "version": 1, "title": "C", "sections": [{"section": "s", "items": items}]})
    workload = Workload(workload="w", title="W", tier=1, owner=Owner(team="t"))
    here = Path.cwd()
    limit = float(sys.argv[1])
    evidence = module.collect(Case(workload, Review(review="w"), (checklist,)),
        EvidencePlaces(here, (here,), {}), Settings(), date(2026, 11, 23), seconds=limit)
    print(evidence.findings["c/i"][0].outcome, flush=True)
"""


@pytest.fixture
def hanging(tmp_path: Path) -> Callable[[float], subprocess.Popen[str]]:
    def start(limit: float) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(HANGING), str(limit)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def test_a_check_that_hangs_does_not_keep_the_process_from_ending(hanging) -> None:
    output, _ = hanging(0.2).communicate(timeout=30)
    assert output.split() == ["hanging", "unknown"]


def test_an_interruption_leaves_promptly(hanging) -> None:
    process = hanging(300)
    assert process.stdout.readline() == "hanging\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "KeyboardInterrupt" in errors


def test_each_check_that_is_done_is_told_of(gather, write) -> None:
    write("repository/a.md", "text")
    items = [{"item": f"i{n}", "checks": [{"check": "files", "paths": f"{n}.md"}]} for n in range(5)]
    told: list[tuple[int, int]] = []
    gather(case(*items), progress=lambda done, of: told.append((done, of)))
    assert sorted(told) == [(n, 5) for n in range(1, 6)]


def test_a_check_has_the_limit_of_its_kind_unless_another_is_given(gather, register) -> None:
    @check(seconds=7)
    def timed(context: Context) -> Finding:
        return found(says=f"{context.seconds:g} seconds")

    register(timed=timed)
    asked = case({"item": "i", "checks": [{"check": "timed"}]})
    assert gather(asked).findings["c/i"][0].says == "7 seconds"
    assert gather(asked, seconds=3).findings["c/i"][0].says == "3 seconds"


def test_a_command_that_is_interrupted_leaves_nothing_half_written(tmp_path: Path) -> None:
    sleep = f"import pathlib, time; pathlib.Path({str(tmp_path / 'begun')!r}).touch(); time.sleep(300)"
    item = {"item": "i", "ask": "?", "risk": "high",
            "checks": [{"check": "command", "argv": [sys.executable, "-c", sleep], "timeout": 600}]}  # fmt: skip
    checklist = {"checklist": "c", "version": 1, "title": "C", "sections": [{"section": "s", "items": [item]}]}
    root = tmp_path / "workspace"
    for name, data in {
        "orr.yaml": {"checklists": ["c.yaml"], "allow": ["command"]},
        "c.yaml": checklist,
        "workloads/shop/workload.yaml": {"workload": "shop", "title": "Shop", "tier": 4, "owner": {"team": "t"}},
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(json.dumps(data))
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    process = subprocess.Popen([sys.executable, "-m", "orr", "check", "shop"], cwd=root, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
    until = time.monotonic() + 60
    while not (tmp_path / "begun").exists() and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, b"Traceback" in errors) == (130, False)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def recipes(*names: str) -> list[CheckSpec]:
    return [CheckSpec("service", {"recipe": name}) for name in names]


@pytest.mark.parametrize(
    ("sources", "asked", "aside"),
    [
        ({}, [{"paths": "a.md"}], ["github", "pagerduty"]),
        (
            {"github": {"owner": "o", "policy": "p"}},
            [{"paths": "a.md"}, {"recipe": "github/branch-protected", "values": {"owner": "o"}}],
            ["pagerduty"],
        ),
        ({"github": {}}, [{"paths": "a.md"}, {"recipe": "github/branch-protected"}], ["pagerduty"]),
        ({"pagerduty": {}}, [{"paths": "a.md"}, {"recipe": "pagerduty/service-active"}], ["github"]),
    ],
    ids=["nothing is set up", "a value is passed", "what all recipes need lacks", "what one recipe needs lacks"],
)
def test_a_source_is_asked_with_what_orr_yaml_passes_to_it(sources, asked, aside) -> None:
    names = ("github/branch-protected", "pagerduty/escalation-levels", "pagerduty/service-active")
    group = CheckSpec("any_of", any_of=(CheckSpec("files", {"paths": "a.md"}), *recipes(*names)))
    settings = read(Settings, {"allow": ["service"], "sources": sources})
    found, left = set_up(group, settings)
    assert ([one.parameters for one in found], left) == (asked, aside)


def test_a_recipe_of_aws_without_a_name_that_it_needs_is_passed_over() -> None:
    group = CheckSpec("any_of", any_of=(CheckSpec("aws", {"recipe": "services-running"}), CheckSpec("files", {})))
    assert [one.check for one in set_up(group, Settings(allow=("aws",)))[0]] == ["files"]
    passed = read(Settings, {"allow": ["aws"], "sources": {"aws": {"clusters": ["a"]}}})
    assert set_up(group, passed)[0][0].parameters["using"] == {"clusters": ["a"]}
