"""The check `document`: Markdown documents that are there, whole, owned and reviewed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.evidence.documents.claims import owner_of, review_of
from orr.evidence.documents.headings import is_any, names, words
from orr.evidence.documents.links import broken_links
from orr.evidence.documents.markdown import MAX_ALL_MARKS, MAX_BARS, MAX_LINE, MAX_LINES, MAX_MARKS, read_document
from orr.evidence.documents.outline import BOLD
from orr.evidence.documents.placeholders import is_placeholder, placeholder_in
from orr.evidence.errors import Undetermined
from orr.messages import LANGUAGES, render
from orr.model.checklist import Checklist
from orr.model.finding import Finding, Outcome
from orr.source.file import InputFile
from orr.system.resources import shipped
from orr.testing import run_check

TODAY = date(2026, 11, 23)


def document(folder: Path, **parameters: object) -> Finding:
    finding = run_check("document", folder, today=TODAY, **parameters)
    for language in LANGUAGES:
        assert render(finding.says, language)
        assert finding.table is None or [render(cell, language) for row in finding.table.rows for cell in row]
    return finding


def english(finding: Finding) -> str:
    return render(finding.says, "en")


WHOLE = """---
owner: payments
reviewed: 2026-11-12
---
# Rollback plan

## 1. Triggers
Error rate over 2 %.

## Steps
```sh
# TODO is code here
./rollback.sh
```
See [the trigger](#1-triggers) and [notes](notes.md).
"""
PARAMETERS = {
    "path": "docs/*.md",
    "sections": ["Trigger|触发条件", "Steps"],
    "front_matter": ["owner|team"],
    "owner": True,
    "reviewed_within": "90d",
}


def test_a_whole_document_is_met_until_its_review_lapses(tmp_path: Path, write) -> None:
    write("docs/rollback.md", WHOLE)
    write("docs/notes.md/x")
    finding = document(tmp_path, **PARAMETERS)
    assert (finding.outcome, finding.holds_until) == (Outcome.MET, date(2027, 2, 10))
    assert english(finding) == (
        "docs/rollback.md: 2 of 2 sections, 1 of 1 keys in front matter, owner payments (front matter), "
        "last reviewed on 2026-11-12, 11 days ago"
    )


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Merge, then tag ([TODO to automate this](https://example.com/issues/4741)).", Outcome.MET),
        ("Merge, then tag (TODO, [to automate this](https://example.com/issues/4741)).", Outcome.PARTIAL),
        ("Merge, then tag ([TODO](https://example.com/issues/4741)).", Outcome.PARTIAL),
        ("Merge, then tag ([TODO to automate this](automate.md)).", Outcome.PARTIAL),
        ("TODO, and [TODO to automate this](https://example.com/issues/4741).", Outcome.PARTIAL),
    ],
    ids=["in a link", "before a link", "alone", "in a link to a file", "also beside a link"],
)
def test_what_is_to_be_done_and_has_a_ticket_is_not_left_to_be_filled_in(
    tmp_path: Path, write, text: str, outcome: Outcome
) -> None:
    write("automate.md", "x")
    write("a.md", f"# A\n\n{text}\n")
    assert document(tmp_path, path="a.md").outcome is outcome


@pytest.mark.parametrize(
    ("old", "new", "outcome", "words"),
    [
        ("## Steps", "## Notes", Outcome.PARTIAL, "1 of 2 sections, without Steps"),
        ("Error rate over 2 %.", "", Outcome.PARTIAL, "nothing stands under 1. Triggers (line 7)"),
        ("owner: payments", "x: y", Outcome.NOT_MET, "names no owner"),
        ("owner: payments", "owner: TBD", Outcome.NOT_MET, "names no owner"),
        ("reviewed: 2026-11-12", "x: y", Outcome.NOT_MET, "does not state when it was last reviewed"),
        ("2026-11-12", "03/04/2026", Outcome.NOT_MET, "not a single day"),
        ("2026-11-12", "2026-11-24", Outcome.NOT_MET, "in the future"),
        ("Error rate over 2 %.", "TODO", Outcome.PARTIAL, "one placeholder is left: TODO (line 8)"),
        ("notes.md", "gone.md", Outcome.PARTIAL, "one link leads nowhere: gone.md (line 15)"),
        ("#1-triggers", "#gone", Outcome.PARTIAL, "one link leads nowhere: #gone (line 15)"),
        ("notes.md", "../../../etc/passwd", Outcome.PARTIAL, "one link leads nowhere"),
        ("owner: payments", "owner: [", Outcome.UNKNOWN, "front matter cannot be read"),
    ],
)
def test_what_is_lacking_is_told_with_its_line(
    tmp_path: Path, write, old: str, new: str, outcome: Outcome, words: str
) -> None:
    assert old in WHOLE
    write("docs/rollback.md", WHOLE.replace(old, new, 1))
    write("docs/notes.md/x")
    finding = document(tmp_path, **PARAMETERS)
    assert finding.outcome is outcome
    assert words in english(finding)


def test_an_overdue_review_is_met_with_a_past_last_day_so_that_the_item_turns_stale(tmp_path: Path, write) -> None:
    write("a.md", "Text.\n\nLast reviewed: 2026-01-01\n")
    finding = document(tmp_path, path="a.md", reviewed_within="30d")
    assert (finding.outcome, finding.holds_until) == (Outcome.MET, date(2026, 1, 31))
    assert english(finding) == "a.md: was last reviewed on 2026-01-01, 326 days ago; 30 days are allowed"


@pytest.mark.parametrize(
    ("path", "nowhere", "advice"),
    [
        (
            ["docs/rollback.md", "ROLLBACK.md"],
            "docs/rollback.md, ROLLBACK.md",
            "the checklist may say where, in `path`",
        ),
        ("convention:baselines", "docs/baselines.md", "say where in workload.yaml, under `paths` (baselines)"),
    ],
    ids=["a path of the checklist", "a convention"],
)
def test_a_missing_document_is_not_met_and_may_be_named_elsewhere(
    tmp_path: Path, write, path: list[str] | str, nowhere: str, advice: str
) -> None:
    write("other.md", "x")
    finding = document(tmp_path, path=path)
    assert (finding.outcome, finding.nothing) == (Outcome.NOT_MET, True)
    assert english(finding) == f"no document matches {nowhere}; if it lies elsewhere, {advice}"


@pytest.mark.parametrize("text", ["", "  \n", "# Title\n", "---\nowner: a\n---\n", "# A\n\n## B\n", "<!-- text -->\n"])
def test_a_document_without_content_is_not_met(tmp_path: Path, write, text: str) -> None:
    write("a.md", text)
    assert document(tmp_path, path="a.md").outcome is Outcome.NOT_MET


def test_none_of_the_sections_is_not_met_and_some_are_partial(tmp_path: Path, write) -> None:
    write("a.md", "## X\ntext\n")
    assert document(tmp_path, path="a.md", sections=["Y", "Z"]).outcome is Outcome.NOT_MET
    assert document(tmp_path, path="a.md", sections=["Y", "X"]).outcome is Outcome.PARTIAL
    assert document(tmp_path, path="a.md", sections="X").outcome is Outcome.MET


def test_the_first_pattern_that_matches_counts_and_indexes_and_templates_do_not(tmp_path: Path, write) -> None:
    for name in ("README.md", "index.md", "_index.md", "TEMPLATE.md", "runbook-template.md", "模板.md", "a.md"):
        write(f"docs/{name}", "text" if name == "a.md" else "text\n\nTODO")
    write("other/b.md", "TODO")
    assert english(document(tmp_path, path=["gone/*.md", "docs/*.md", "other/*.md"])) == "docs/a.md is there"
    assert document(tmp_path, path="docs/README.md").outcome is Outcome.PARTIAL
    assert document(tmp_path, path="**/README.md").outcome is Outcome.PARTIAL


def test_an_index_is_judged_where_there_is_nothing_else(tmp_path: Path, write) -> None:
    write("docs/README.md", "text")
    assert english(document(tmp_path, path="docs/*.md")) == "docs/README.md is there"


def test_of_several_documents_the_worst_decides_and_a_table_shows_each(tmp_path: Path, write) -> None:
    write("docs/a.md", "# A\n\nOwner: ana\n\n## Steps\n\ntext\n")
    write("docs/b.md", "# B\n\nOwner: ana\n\n## Steps\n\ntext, TODO the rest\n")
    write("docs/c.md", "# C\n\n## Steps\n\ntext\n")
    finding = document(tmp_path, path="docs/*.md", owner=True, sections=["Steps"])
    assert finding.outcome is Outcome.NOT_MET
    assert english(finding) == (
        "1 of 3 documents that match docs/*.md are in order; the worst is docs/c.md: names no owner"
    )
    assert finding.table is not None
    assert [(row[0], render(row[1], "en")) for row in finding.table.rows] == [
        ("docs/c.md", "not met"),
        ("docs/b.md", "partial"),
        ("docs/a.md", "met"),
    ]
    assert document(tmp_path, path="docs/*.md", at_least=4).outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\0\0",
        b"caf\xe9",
        b"a" * 3_000_000,
        b"- a\n" * (MAX_LINES + 1),
        b"a" * (MAX_LINE + 1),
        b"[" * (MAX_MARKS + 1),
        pytest.param((b"[" * MAX_MARKS + b"\n\n") * (MAX_ALL_MARKS // MAX_MARKS + 1), marks=pytest.mark.slow),
        b"|a|a|\n|-|-|\n" + b"|a|a|\n" * (MAX_BARS // 3),
    ],
    ids=["binary", "latin-1", "3 MB", "many lines", "long line", "intricate", "all intricate", "many cells"],
)
def test_what_cannot_be_read_is_unknown(tmp_path: Path, write, content: bytes) -> None:
    write("docs/a.md", content)
    write("docs/b.md", "text")
    assert document(tmp_path, path="docs/*.md").outcome is Outcome.UNKNOWN


def test_a_link_out_of_the_repository_is_unknown(tmp_path: Path, write) -> None:
    write("docs/a.md", "text")
    (tmp_path / "docs/b.md").symlink_to("/etc/hostname")
    finding = document(tmp_path, path="docs/*.md")
    assert finding.outcome is Outcome.UNKNOWN
    assert "leads out of the repository" in english(finding)


@pytest.mark.parametrize(
    "front",
    [
        "---\na: " + "[" * 1000 + "]" * 1000 + "\n---\n",
        "---\na: " + "{a: " * 1000 + "}" * 1000 + "\n---\n",
        "---\na: &a [x, x, x, x, x, x, x, x]\n"
        + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9))
        + "---\n",
        "---\na: !!python/object:os.system x\n---\n",
        "---\na: 1\na: 2\n---\n",
        "+++\na = " + "[" * 1000 + "\n+++\n",
        "+++\n" + "a." * 9_000 + "b = 1\n+++\n",
        "+++\na = " + "[" * 9000 + "]" * 9000 + "\n+++\n",
        "---\n[a]\n---\n",
    ],
    ids=["lists", "maps", "aliases", "tag", "twice", "toml-open", "toml-long-key", "toml-deep", "no-keys"],
)
def test_hostile_front_matter_is_unknown_where_it_is_needed_and_ends(tmp_path: Path, write, front: str) -> None:
    write("a.md", front + "text\n")
    assert document(tmp_path, path="a.md", owner=True).outcome is Outcome.UNKNOWN
    assert document(tmp_path, path="a.md").outcome is Outcome.MET


@pytest.mark.parametrize(
    ("heading", "wanted", "same"),
    [
        ("1. Triggers?", "Trigger", True),
        ("🚨 TRIGGER 🚨", "trigger", True),
        ("2.1) Rollback steps", "Steps", True),
        ("Step 3: Verification", "Verification", True),
        ("Part 2 — Contain", "Contain", True),
        ("IV. Impact", "Impact", True),
        ("Pre-requisites", "Prerequisites", True),
        ("Roll back", "Rollback", True),
        ("Data & schema", "Data and schema", True),
        ("What's next", "Whats next", True),
        ("Known issues / bugs", "Known issue", True),
        ("Policies", "Policy", True),
        ("三、操作步骤", "操作步骤", True),
        ("（二）触发条件：", "触发条件", True),
        ("第一步 准备", "准备", True),
        ("Diagnosis", "Diagnosi", False),
        ("Triggered alerts", "Trigger", False),
        ("Stepping down", "Step", False),
        ("Schema and data", "Data and schema", False),
        ("Imp act plan", "Pact", False),
        ("条件触发", "触发条件", False),
        ("Anything", "", False),
        ("", "Steps", False),
    ],
)
def test_a_heading_is_matched_by_its_words(heading: str, wanted: str, same: bool) -> None:
    assert names(heading, wanted) is same


def test_either_of_several_names_will_do() -> None:
    assert is_any("触发条件", "Trigger|触发条件")
    assert not is_any("Other", "Trigger|触发条件")


LETTERS = st.lists(st.sampled_from(["a", "b", "ab", "ba", "条", "件"]), max_size=6).map(" ".join)


@settings(max_examples=examples(300))
@given(LETTERS, LETTERS)
@example("b aab ab", "a b")
def test_a_heading_has_a_name_where_words_that_follow_one_another_make_it_up(heading: str, wanted: str) -> None:
    have, sought = words(heading), "".join(words(wanted))
    runs = {"".join(have[start:end]) for end in range(len(have) + 1) for start in range(end)}
    assert names(heading, wanted) == (sought in runs)
    assert is_any(heading, f"{wanted}|no") == (sought in runs)


def test_headings_are_found_in_every_form_and_not_in_code() -> None:
    text = """Setext one
==========
x

Setext
two
---
x

**Bold line**
text below
#### Closed ####
<h3 id="h">Html &</h3>

> ## Quoted

- **no heading**: in a list

```
# no heading
```

    # no heading

# `code` in *heading*
<%# no heading %>
"""
    found = [(heading.text, heading.level, heading.line) for heading in read_document(text, "a.md").headings]
    assert found == [
        ("Setext one", 1, 1),
        ("Setext two", 2, 5),
        ("Bold line", BOLD, 10),
        ("Closed", 4, 12),
        ("Html &", 3, 13),
        ("Quoted", 2, 15),
        ("code in heading", 1, 25),
    ]


def test_the_title_names_the_document_and_no_section() -> None:
    text = "# Steps\n\n## Trigger\nx\n"
    assert [heading.text for heading in read_document(text, "a.md").sections()] == ["Trigger"]
    assert [heading.text for heading in read_document("# Steps\nx\n", "a.md").sections()] == ["Steps"]


def test_a_title_filled_in_by_a_template_is_that_of_the_front_matter() -> None:
    text = "---\ntitle: Restore\n---\n# <%= current_page.data.title %>\nx\n"
    assert [heading.text for heading in read_document(text, "a.md").headings] == ["Restore"]


STUBS = (
    "Coming soon.",
    "WIP",
    "Work in progress",
    "🚧 Work in progress 🚧",
    "Under investigation",
    "Details to follow",
    "Will be added later.",
    "Coming in Q1",
    "This section is intentionally left blank.",
    "Someone should write this",
    "We still need to document the steps.",
    "_Describe how to roll back._",
    "Please fill in",
    "Steps go here",
    "See above.",
    "As needed",
    "1. Step one\n2. Step two",
    "（略）",
    "请在此描述步骤",
    "To be written.",
    "This section is still to be written.",
    "To do",
    "TODO",
    "???",
    "…",
    "...",
    "—",
    "(fill in)",
    "Fill in the steps",
    "_(e.g. Restart the pods of the shop)_",
    "For example: restart it",
    "> Which steps are needed, and who takes them?",
    "- [ ] write this",
    "- [ ] Describe the steps here",
    "Under construction",
    "| Step | Who |\n|---|---|\n| | |",
    "| Step | Who |\n|---|---|\n| … | TBD |",
    "{{steps}}",
    "<steps>",
    "[steps]",
    "${STEPS}",
    "![how to do it](gone.png)",
    "It depends on the issue.",
    "Varies",
    "Draft",
    "Not yet written",
    "Nothing here yet",
    "敬请期待",
    "待编写",
    "本节待补充。",
    "编写中……",
    "（例如：重启服务）",
    "> 需要哪些步骤？",
    "稍后补充",
    "视情况而定",
    "内容待完善",
    "暂无内容",
)
SUBSTANCE = (
    "Restart it.",
    "None.",
    "N/A",
    "无",
    "暂无",
    "`kubectl rollout restart deploy/shop`",
    "    kubectl get pods",
    "![how](there.png)",
    "- [ ] Add the host to the load balancer",
    "Write the ticket's number into the log.",
    "> Restart the pods.",
    "1. Is it up?",
    "See above for the password, then log in.",
    "Step 1: drain the node.",
    "Outline the change in the ticket.",
    "Restart as needed.",
    "Explain the outage to the customer.",
    "Coming soon after the restart, the queue drains.",
    "Depends on the issue: for a full disk, delete logs.",
    "| Step |\n|---|\n| Restart |",
    '{{< include "steps.md" >}}',
    "Fill in the form of the data centre.",
    "Draft a message for the status page.",
    "重启服务。",
    "> 先切流量，再重启。",
    "待补充的库存由仓库处理后再重启",
    "Coming soon.\n\nRestart it.",
)


@pytest.mark.parametrize("stub", STUBS)
def test_a_stub_fills_no_section(tmp_path: Path, write, stub: str) -> None:
    write("a.md", f"# Restart\n\nFor the shop.\n\n## Steps\n\n{stub}\n")
    finding = document(tmp_path, path="a.md", sections=["Steps"], placeholders=True, links=False)
    assert finding.outcome is Outcome.NOT_MET
    assert "Steps (line 5)" in english(finding)


@pytest.mark.parametrize("stub", STUBS)
def test_a_document_of_stubs_alone_is_not_met(tmp_path: Path, write, stub: str) -> None:
    write("a.md", f"# Restart\n\n{stub}\n")
    assert document(tmp_path, path="a.md").outcome is Outcome.NOT_MET


@pytest.mark.parametrize("text", SUBSTANCE)
def test_what_says_something_fills_a_section(tmp_path: Path, write, text: str) -> None:
    write("a.md", f"# Restart\n\nFor the shop.\n\n## Steps\n\n{text}\n")
    write("there.png", "x")
    assert document(tmp_path, path="a.md", sections=["Steps"], placeholders=True).outcome is Outcome.MET


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("See [the wiki](https://example.com).", Outcome.NOT_MET),
        ("- [a](https://example.com)\n- <https://example.com>\n- https://example.com/b", Outcome.NOT_MET),
        ("参见[文档](https://example.com)。", Outcome.NOT_MET),
        ("Restart it as in [the wiki](https://example.com).", Outcome.MET),
        ("`make restart` ([wiki](https://example.com))", Outcome.MET),
    ],
)
def test_links_alone_fill_a_section_unless_it_needs_text_of_its_own(
    tmp_path: Path, write, text: str, outcome: Outcome
) -> None:
    write("a.md", f"# Restart\n\nFor the shop.\n\n## Steps\n\n{text}\n")
    assert document(tmp_path, path="a.md", sections=["Steps"]).outcome is Outcome.MET
    assert document(tmp_path, path="a.md", sections=["Steps"], own_text=True).outcome is outcome


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("# Restart\n\nMoved to https://example.com/restart.", True),
        ("# Restart\n\nThis page has been moved to [the wiki](https://example.com).", True),
        ("# Restart\n\n> **Note:** This runbook is deprecated, see the wiki.\n\n## Steps\n\n1. Stop", True),
        ("# [DEPRECATED] Restart\n\n1. Stop", True),
        ("# Restart (obsolete)\n\n1. Stop", True),
        ("---\ndeprecated: true\n---\n# Restart\n\n1. Stop", True),
        ("---\nstatus: Archived\n---\n# Restart\n\n1. Stop", True),
        ("# Restart\n\n**Do not use this runbook.**\n\n1. Stop", True),
        ("# 重启\n\n本文档已废弃，请看新手册。", True),
        ("# 重启\n\n已迁移至知识库。", True),
        ("---\ndeprecated: false\nstatus: active\n---\n# Restart\n\n1. Stop", False),
        ("# Deprecated API calls\n\nHow to find clients of deprecated calls.", False),
        ("# Restart\n\n1. Stop\n\n## History\n\nMoved to the new cluster in 2025.", False),
        ("# Restart\n\nThe pods are moved to another node, then restarted.", False),
        ("# Restart\n\nMoving a shard takes an hour.", False),
    ],
)
def test_a_document_that_moved_or_is_out_of_use_is_not_met(tmp_path: Path, write, text: str, out: bool) -> None:
    write("a.md", text)
    finding = document(tmp_path, path="a.md")
    assert (finding.outcome is Outcome.NOT_MET) is out
    assert ("is out of use" in english(finding)) is out


def test_an_empty_document_does_not_hide_one_of_a_later_pattern(tmp_path: Path, write) -> None:
    write("docs/README.md", "# Documents\n")
    assert document(tmp_path, path=["docs/README.md", "README.md"]).outcome is Outcome.NOT_MET
    write("README.md", "# Shop\n\nTwo parts.\n")
    assert english(document(tmp_path, path=["docs/README.md", "README.md"])) == "README.md is there"


@pytest.mark.parametrize(
    "text",
    ["As said.[^rfc]\n\n[^rfc]: RFC-5545\n", "(steps)=\n## Steps\n\nRestart, see [above](steps).\n"],
    ids=["a footnote", "a target of MyST"],
)
def test_footnotes_and_targets_of_myst_are_no_dead_links(tmp_path: Path, write, text: str) -> None:
    write("a.md", text)
    assert document(tmp_path, path="a.md").outcome is Outcome.MET


def test_documents_out_of_use_are_left_aside_where_others_match(tmp_path: Path, write) -> None:
    write("docs/old.md", "# Old\n\nMoved to the wiki.\n")
    assert document(tmp_path, path="docs/*.md").outcome is Outcome.NOT_MET
    write("docs/new.md", "# New\n\nRestart it.\n")
    assert english(document(tmp_path, path="docs/*.md")) == "docs/new.md is there"
    assert document(tmp_path, path="docs/*.md", at_least=2).outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    ("headings", "outcome"),
    [
        (("Mitigation", "Diagnosis"), Outcome.MET),
        (("Diagnosis", "Mitigation"), Outcome.NOT_MET),
        (("Mitigation",), Outcome.MET),
        (("Diagnosis",), Outcome.MET),
        (("Mitigation and diagnosis",), Outcome.MET),
    ],
)
def test_sections_come_in_the_order_asked_for(
    tmp_path: Path, write, headings: tuple[str, ...], outcome: Outcome
) -> None:
    write("a.md", "# Alert\n\n" + "".join(f"## {one}\n\nDo it.\n\n" for one in headings))
    finding = document(tmp_path, path="a.md", order=["Mitigation|Containment", "Diagnosis|Investigation"])
    assert finding.outcome is outcome
    if outcome is Outcome.NOT_MET:
        assert english(finding) == "a.md: Diagnosis (line 3) comes before Mitigation (line 7)"


def test_one_heading_that_names_two_sections_names_them_in_an_order(tmp_path: Path, write) -> None:
    write("a.md", "# Alert\n\n## Diagnosis and mitigation\n\nDo it.\n")
    finding = document(tmp_path, path="a.md", order=["Mitigation|Containment", "Diagnosis|Investigation"])
    assert finding.outcome is Outcome.NOT_MET
    assert english(finding) == "a.md: Diagnosis (line 3) comes before Mitigation (line 3)"


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("---\nowners: [ana, wei]\n---\n", "ana, wei"),
        ("---\nowner_slack: '#payments'\n---\n", "#payments"),
        ("+++\nTeam = 'payments'\n+++\n", "payments"),
        ("Owner: Payments team", "Payments team"),
        ("**Owner**: Payments", "Payments"),
        ("- **Service owner:** @acme/payments", "@acme/payments"),
        ("> Owner - ana", "ana"),
        ("This page.\nOwned by the payments team.", "the payments team."),
        ("| Owner | ana |\n|---|---|\n| Reviewed | 2026 |", "ana"),
        ("| Service | Owner |\n|---|---|\n| a | ana |", "ana"),
        ("## Ownership\n\nPayments, reach us in chat.", "Payments, reach us in chat."),
        ("负责人：陈伟", "陈伟"),
        ("**文档负责人**: 支付组", "支付组"),
        ("## 负责人\n\n陈伟", "陈伟"),
        ("<div><b>Owner:</b> ana</div>", "ana"),
        ("Owner: TBD", None),
        ("Owner: <your team>", None),
        ("Owner: _Your name goes here._", None),
        ("owner: n/a", None),
        ("| Owner | |\n|---|---|", None),
        ("---\nowner:\n---\n", None),
        ("The owner must be called.", None),
        ("`Owner: ana`", None),
        ("```\nOwner: ana\n```", None),
        ("<!-- Owner: ana -->", None),
        ("负责人：待定", None),
        ("Owned by the `root` user and with a mode of `0600`", None),
        ("Owned by root:root, mode 0600.", None),
        ("Owned by the nginx user", None),
        ("Maintained by hand, so look twice.", None),
        ("Owner: another team", None),
        ("Maintained by a cron job", None),
        ("Owned by the previous process", None),
        ("Maintained by upstream", None),
        ("Owner: payments (TBC)", None),
        ("Owner: see CODEOWNERS", None),
        ("Owner: Team Name", None),
        ("Former owner: payments", None),
        ("Bucket owner: payments", None),
        ("| Gap | Owner | Target date |\n|---|---|---|\n| (e.g. no alert) | | |", None),
        ("| Action | Owner | Due |\n|---|---|---|\n| Add an alert | ana | 2026-12-01 |", None),
        ("| Service | Owner | Tier |\n|---|---|---|\n| shop | payments | 1 |", "payments"),
        ("Owner: Billing System Team", "Billing System Team"),
        ("Owner: Container Platform", "Container Platform"),
        ("## Owner\n\nWhich team owns this service?", None),
        ("## Owner\n\nName the team that owns this service.", None),
        ("## Owner\n\n> Which team owns it?\n\nPayments", "Payments"),
        ("## Owner\n\nComing soon.", None),
        ("## Owner\n\n- [ ] write this", None),
        ("| File | Owner | Mode |\n|---|---|---|\n| a.conf | nginx | 0600 |", None),
        ("| Role | Responsibility |\n|---|---|\n| System owner | Authorizes the restart |", None),
        ("Maintained by the user support team", "the user support team"),
        ("Owned by the root cause team", "the root cause team"),
        ("## 负责人\n\n请填写团队", None),
        ("负责人：谁？", None),
        ("---\nowner: TBD\n---\n", None),
        ("---\nowner: Which team owns it?\n---\n", None),
    ],
)
def test_an_owner_is_found_where_people_write_it(text: str, owner: str | None) -> None:
    claim = owner_of(read_document(text, "a.md"))
    assert (claim.value if claim else None) == owner


@pytest.mark.parametrize(
    ("text", "day", "line"),
    [
        ("---\nlast_reviewed_on: 2026-11-12\n---\n", date(2026, 11, 12), 0),
        ("---\nReviewed: 12 November 2026\n---\n", date(2026, 11, 12), 0),
        ("+++\nreviewed = 2026-11-12\n+++\n", date(2026, 11, 12), 0),
        ("x\n\nLast reviewed: 2026-11-12", date(2026, 11, 12), 3),
        ("> **Last Reviewed:** 2026-11-12", date(2026, 11, 12), 1),
        ("_Last review on November 12, 2026_", date(2026, 11, 12), 1),
        ("Reviewed on 12 November 2026 by Ana", date(2026, 11, 12), 1),
        ("Reviewed by Ana on 12 Nov 2026", date(2026, 11, 12), 1),
        ("Owner: ana | Last reviewed 2026/11/12", date(2026, 11, 12), 1),
        ("Date reviewed: 2026年11月12日", date(2026, 11, 12), 1),
        ("最后评审：2026-11-12", date(2026, 11, 12), 1),
        ("最近评审日期：2026年11月12日", date(2026, 11, 12), 1),
        ("评审于 2026-11-12", date(2026, 11, 12), 1),
        ("| Last reviewed | 2026-11-12 |\n|---|---|", date(2026, 11, 12), 1),
        ("| Version | Last reviewed |\n|---|---|\n| 1 | 2026-11-12 |", date(2026, 11, 12), 3),
        ("<p><b>Last Reviewed:</b> <abbr title='x'>2026-11-12</abbr></p>", date(2026, 11, 12), 1),
        ("Last reviewed: YYYY-MM-DD\n\nLast reviewed: 2026-11-12", date(2026, 11, 12), 3),
        ("Last reviewed: 03/04/2026", None, 1),
        ("Last reviewed: soon", None, 1),
    ],
)
def test_a_review_is_found_where_people_write_it(text: str, day: date | None, line: int) -> None:
    review = review_of(read_document(text, "a.md"))
    assert review is not None
    assert (review.day, review.line) == (day, line)


@pytest.mark.parametrize(
    "text",
    [
        "Next review: 2026-12-01",
        "Last updated: 2026-11-12",
        "Changes are reviewed by two people",
        "```\nLast reviewed: 2026-11-12\n```",
        "| **Reviewed** | The meeting is over |\n|---|---|",
    ],
)
def test_what_is_no_last_review_is_none(text: str) -> None:
    assert review_of(read_document(text, "a.md")) is None


@pytest.mark.parametrize(
    "text",
    ["TODO", "TODO: write", "(TBD)", "see FIXME.", "XXX", "Lorem ipsum dolor", "<fill in the name>", "[insert link]",
     "[your team]", "<Your name>", "此处待补充", "负责人待定", "on YYYY-MM-DD"],
)  # fmt: skip
def test_a_placeholder_is_found(text: str) -> None:
    assert placeholder_in(text)
    assert [line for line in read_document(text, "a.md").prose if placeholder_in(line.text)]


@pytest.mark.parametrize(
    "text",
    ["todo is a word in Spanish", "Collect all TODO items", "`TODO`", "```\nTODO\n```", "    TODO", "<!-- TODO -->",
     "AKIAXXXX", "#XXX", "[your plan](plan.md)", "a <b>bold</b> word", "the TODO.md file", "待定位问题"],
)  # fmt: skip
def test_what_is_no_placeholder_is_none(text: str) -> None:
    assert not [line for line in read_document(text, "a.md").prose if placeholder_in(line.text)]


@pytest.mark.parametrize("value", ["", "-", "n/a", "TBD", "<team>", "your name", "{{ owner }}", "无", "?"])
def test_a_value_that_names_nothing_is_a_placeholder(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    ("link", "resolves"),
    [
        ("b.md", True),
        ("./b.md#anything", True),
        ("../README.md", True),
        ("/docs/b.md", True),
        ("/b.md", True),
        ("b", True),
        ("b.html", True),
        ("b.md?raw=true", True),
        ("with%20space.md", True),
        ("sub/", True),
        ("sub/page/", True),
        ("#second-heading", True),
        ("#second-heading-1", True),
        ("#Second_Heading", True),
        ("#explicit", True),
        ("#标题", True),
        ("#", True),
        ("https://example.com/gone", True),
        ("mailto:a@example.com", True),
        ("//example.com/x", True),
        ("{{ site.url }}/x", True),
        ("gone.md", False),
        ("B.md", False),
        ("/gone.md", False),
        ("../../outside.md", False),
        ("#gone", False),
        ("#second-heading-2", False),
        ("sub/gone.md", False),
    ],
)
def test_local_links_resolve_to_files_and_headings(link: str, resolves: bool) -> None:
    there = {"docs", "docs/a.md", "docs/b.md", "README.md", "docs/with space.md", "docs/sub", "docs/sub/page.md"}
    text = f'## Second heading\n## Second heading\n## 标题\n<a name="explicit"></a>\n\n[x](<{link}>)\n'
    broken = list(broken_links(read_document(text, "docs/a.md"), there.__contains__))
    assert (not broken) is resolves


OF_THREE = "# A\n## Trigger\nAt once.\n## Steps\nDo it.\n## Owner\npayments\n"
ASKED = {"path": "d/*.md", "sections": ["Trigger", "Steps", "Owner"]}


@pytest.mark.parametrize(
    ("files", "asked", "says"),
    [
        (
            {"a": OF_THREE.replace("## Steps", "x"), "b": "# B\n## Trigger\nAt once.\n", "c": OF_THREE},
            ASKED,
            "; the worst is d/b.md: has 1 of 3 sections, without Steps, Owner (headings seen: Trigger)",
        ),
        (
            {"a": OF_THREE.replace("## Steps", "x"), "b": OF_THREE.replace("## Steps\nDo it.", "## How\nSo.")},
            ASKED,
            "0 of 2 documents that match d/*.md are in order; all 2 have the same fault, such as d/a.md: has 2 of 3",
        ),
        (
            {"a": "x" + OF_THREE.replace("Steps", "How"), "b": "## Other\nx\n", "c": ""},
            ASKED,
            "; the worst is d/c.md: it",
        ),
        (
            {"a": "Do [a](x) [b](y)\n", "b": "Do [a](x) [b](y) [c](z)\n"},
            {"path": "d/*.md"},
            "the worst is d/b.md: 3 links",
        ),
        (
            {"a": "Do [a](x)\n", "b": "\nDo [a](x)\n"},
            {"path": "d/*.md"},
            "all 2 have the same fault, such as d/a.md: one link",
        ),
        (
            {"a": "Last reviewed: 2026-03-01\n", "b": "Last reviewed: 2024-03-01\n"},
            {"path": "d/*.md", "reviewed_within": "90d"},
            "; the worst is d/b.md: was last reviewed on 2024-03-01",
        ),
        (
            {"a": OF_THREE, "b": OF_THREE.replace("## Steps", "x")},
            ASKED,
            "1 of 2 documents that match d/*.md are in order; the worst is d/b.md",
        ),
    ],
    ids=["lacks most", "alike", "empty", "links", "the same link", "oldest", "only one"],
)
def test_the_worst_document_is_named_and_said_where_all_are_alike(
    tmp_path: Path, write, files: dict[str, str], asked: dict, says: str
) -> None:
    for name, text in files.items():
        write(f"d/{name}.md", text)
    assert says in render(document(tmp_path, **asked).says, "en")


def test_links_are_found_in_every_form_with_their_line() -> None:
    text = '[a](a.md) and\n![b](b.png)\n[c]\n\n<a href="d.md">d</a>\n\n<img src="e.png">\n\n`[f](f.md)`\n\n[c]: c.md\n'
    links = [(link.target, link.line) for link in read_document(text, "x.md").links]
    assert links == [("a.md", 1), ("b.png", 2), ("c.md", 3), ("d.md", 5), ("e.png", 7)]


markdown = st.lists(
    st.sampled_from(
        ["# a", "- ", "> ", "```", "|a|b|\n|-|-|", "---", "+++", "a: [", "**b**", "<h1>", "<!--", "[x](y)", "[", "]",
         "\n", "Owner: ", "Last reviewed: ", "2026-11-12", "TODO", "    ", "\t", "`", "{{ .Title }}", "负责人：", "\0",
         "=", "&"]
    ) | st.text(max_size=10),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=examples(100))
@given(markdown)
def test_any_text_is_read_or_told_to_be_unreadable(text: str) -> None:
    try:
        read = read_document(text, "a.md")
    except Undetermined:
        return
    lines = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    owner_of(read)
    review_of(read)
    list(broken_links(read, lambda path: False))
    assert all(1 <= line.line <= lines for line in read.prose)
    assert all(1 <= heading.line <= lines for heading in read.headings)
    for heading in read.sections():
        is_any(heading.text, "a|b")


@given(st.lists(st.text("ab #-+.1|:=~\t*`中", max_size=12), max_size=8).map("\n".join))
def test_a_text_without_markup_is_read_the_same_without_a_look_at_its_letters(text: str) -> None:
    quick = read_document(text, "a.md")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("orr.evidence.documents.markdown._PLAIN", re.compile("(?!)"))
        assert read_document(text, "a.md") == quick


def test_a_missing_section_is_told_with_the_headings_that_were_seen(tmp_path: Path, write) -> None:
    write("a.md", "# Shop\n\n## Hours\n\nx\n\n## Phone\n\nx\n")
    found = run_check("document", tmp_path, today=TODAY, path="a.md", sections=["Escalation"])
    assert render(found.says, "en") == ("a.md: has 0 of 1 sections, without Escalation (headings seen: Hours, Phone)")


@pytest.mark.parametrize("heading", ["Reporting a Vulnerability", "Reporting security issues", "Security contact"])
def test_the_usual_headings_of_a_security_policy_are_a_contact(tmp_path: Path, write, heading: str) -> None:
    write("SECURITY.md", f"# Security policy\n\n## {heading}\n\nMail security@example.com.\n")
    files = sorted(shipped("checklists").glob("security-baseline.yaml"))
    [checklist] = [InputFile(path, path.name, path.read_bytes()).read_as(Checklist) for path in files]
    items = {item.item: item for section in checklist.sections for item in section.items}
    [spec] = items["security-contact"].checks
    assert run_check("document", tmp_path, today=TODAY, **spec.parameters).outcome is Outcome.MET
