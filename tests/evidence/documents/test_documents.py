"""Documents in reStructuredText and notebooks, and how long ago documents were changed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.evidence.documents.claims import owner_of, review_of
from orr.evidence.documents.notebook import read_notebook
from orr.evidence.documents.restructured import read_restructured
from orr.evidence.errors import Undetermined
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.testing import run_check

TODAY = date(2026, 11, 23)

RST = """\
:Owner: payments
:Last reviewed: 2026-10-01

Rollback
========

.. _start:

1. Trigger
----------

See `steps <steps.rst>`_, `gone`_ and :ref:`other`; not ``TODO`` in code.

.. code-block:: bash

   echo TODO

Steps
-----

.. toctree::

   a

===== ==========
Owner Until
===== ==========
pay   2026-01-01
===== ==========

Empty
-----

**Decision maker:**

The boss.

.. _gone: missing.md
.. A comment with TODO
"""


def document(folder: Path, **parameters: object) -> Finding:
    finding = run_check("document", folder, today=TODAY, **parameters)
    assert all(render(finding.says, language) for language in LANGUAGES)
    return finding


def notebook(*cells: tuple[str, str], **keys: object) -> str:
    listed = [{"cell_type": kind, "source": source.splitlines(keepends=True)} for kind, source in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": listed, **keys})


def test_restructured_text_has_its_headings_rows_links_and_anchors_with_their_lines() -> None:
    read = read_restructured(RST, "a.rst")
    lines = RST.split("\n")
    assert [(one.text, one.level) for one in read.headings] == [
        ("Rollback", 1), ("1. Trigger", 2), ("Steps", 2), ("Empty", 2), ("Decision maker", 7)
    ]  # fmt: skip
    assert all(one.text in lines[one.line - 1] for one in read.headings)
    assert [(one.target, lines[one.line - 1][:3]) for one in read.links] == [
        ("steps.rst", "See"),
        ("missing.md", ".. "),
    ]
    assert (["pay", "2026-01-01"], ["Owner", "Until"]) in [(cells, head) for _, cells, head in read.rows]
    assert "start" in read.anchors
    assert not any("TODO" in one.text for one in read.prose)
    assert owner_of(read) == ("payments", 0)
    review = review_of(read)
    assert review is not None
    assert review.day == date(2026, 10, 1)


def test_what_only_sphinx_knows_is_content(tmp_path: Path, write) -> None:
    write("docs/a.rst", RST)
    finding = document(tmp_path, path="docs/*.rst", sections=["Trigger", "Steps", "Decision maker"], owner=True)
    assert finding.outcome is Outcome.PARTIAL
    assert render(finding.says, "en") == ("docs/a.rst: 2 links lead nowhere: steps.rst (line 12), missing.md (line 38)")


def test_restructured_text_includes_nothing_from_elsewhere(tmp_path: Path, write) -> None:
    write("secret.txt", "Owner: x\n")
    read = read_restructured(
        f".. include:: {tmp_path}/secret.txt\n\n.. csv-table::\n   :file: {tmp_path}/secret.txt\n\n"
        ".. raw:: html\n\n   <h1>x</h1>\n",
        "a.rst",
    )
    assert owner_of(read) is None
    assert read.headings == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 30_000, id="a long line"),
        pytest.param("x\n" * 30_000, id="many lines"),
        pytest.param("*a " * 2000, id="much markup"),
        pytest.param(("\n".join(["*a " * 20] * 49) + "\n\n") * 60, id="much markup in many paragraphs"),
        pytest.param(("\n".join(["|a " * 20] * 49) + "\n\n") * 60, id="many blocks of lines"),
        pytest.param("+" + "-+" * 200, id="a wide table"),
        pytest.param(("+" + "-+" * 140 + "\n|" + " |" * 140 + "\n") * 300, id="a table of many cells"),
        pytest.param("*a *a *a\n\n" * 9_000, id="much markup in all"),
        pytest.param(".. csv-table::\n\n" + "   a,b,c\n" * 9_900, id="a table of many commas"),
        pytest.param("-a" * 9_900 + "\n", id="a long word"),
        pytest.param(("-a" * 1_500 + "\n\n") * 30, id="many long words"),
        pytest.param("".join(f"{'  ' * depth}* x\n\n" for depth in range(400)), id="nested deep"),
    ],
)
def test_restructured_text_beyond_bounds_is_unknown(tmp_path: Path, write, text: str) -> None:
    write("a.rst", text)
    assert document(tmp_path, path="a.rst").outcome is Outcome.UNKNOWN


GUIDE = """\
User guide
==========

Home page
---------

.. image:: _static/home.gif
    :alt: home

Calendar
````````

.. NOTE::
   Nothing can be added in the past.

Role
  Choose one.

Start / End Date
  The date expects a
  YYYY/MM/DD Format.
"""


def test_a_guide_in_restructured_text_is_read_with_what_stands_in_definitions(tmp_path: Path, write) -> None:
    write("docs/user_guide.rst", GUIDE)
    finding = document(tmp_path, path="docs/*_guide.rst", sections=["Quickstart|Home page"], links=False)
    assert finding.outcome is Outcome.PARTIAL
    assert "YYYY/MM/DD (line 21)" in render(finding.says, "en")


def test_a_notebook_is_read_by_its_markdown_with_places_by_cell(tmp_path: Path, write) -> None:
    cells = [
        ("raw", "---\nowner: payments\nlast_reviewed: 2026-11-01\n---\n"),
        ("markdown", "# Restore\n\n## Steps\n"),
        ("code", "# TODO in code\nprint('```')"),
        ("markdown", "## Check\n\nTODO: say how.\n"),
    ]
    write("docs/a.ipynb", notebook(*cells))
    finding = document(tmp_path, path="docs/*.ipynb", sections=["Steps", "Check"], owner=True, reviewed_within="30d")
    assert finding.outcome is Outcome.PARTIAL
    assert render(finding.says, "en") == "docs/a.ipynb: one placeholder is left: TODO (line 3 of cell 4)"
    assert "第 4 个单元格第 3 行" in render(finding.says, "zh-CN")
    assert finding.holds_until == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (notebook(("markdown", "# A\n\nx")), Outcome.MET),
        (notebook(), Outcome.NOT_MET),
        (notebook(("code", "")), Outcome.NOT_MET),
        (notebook(nbformat=3), Outcome.UNKNOWN),
        ("[]", Outcome.UNKNOWN),
        ("{", Outcome.UNKNOWN),
        ("[" * 100_000, Outcome.UNKNOWN),
        (notebook(*[("markdown", "x")] * 6000), Outcome.UNKNOWN),
        (
            '{"nbformat": 4, "cells": [1, null, {"source": 5}, {"cell_type": "markdown", "source": ["x", 1]}]}',
            Outcome.MET,
        ),
    ],
    ids=["good", "no cell", "no text", "old format", "a list", "broken", "deep", "many cells", "strange cells"],
)
def test_what_is_no_notebook_is_unknown(tmp_path: Path, write, content: str, outcome: Outcome) -> None:
    write("a.ipynb", content)
    assert document(tmp_path, path="a.ipynb").outcome is outcome


@pytest.mark.parametrize(
    ("name", "text", "committed", "outcome", "holds_until"),
    [
        ("a.md", "# A\n\nx", "2026-11-01", Outcome.MET, date(2026, 12, 1)),
        ("a.md", "# A\n\nx", "2026-01-01", Outcome.MET, date(2026, 1, 31)),
        ("a.md", "# A\n\nx", "2027-01-01", Outcome.NOT_MET, None),
        ("a.md", "---\ndate: 2020-01-01\n---\n# A\n\nx", "2026-11-01", Outcome.MET, date(2026, 12, 1)),
        ("a.md", "---\ndate: 2026-11-10\n---\n# A\n\nx", None, Outcome.MET, date(2026, 12, 10)),
        ("a.rst", ":Date: 2026-11-10\n\nA\n=\n\nx", None, Outcome.MET, date(2026, 12, 10)),
        ("2026-11-12-a.md", "# A\n\nx", None, Outcome.MET, date(2026, 12, 12)),
        ("a.md", "# A\n\nx", None, Outcome.UNKNOWN, None),
    ],
    ids=["fresh", "old", "to come", "git first", "front matter", "field", "name", "nothing tells"],
)
def test_a_change_is_dated_by_git_else_by_the_document(
    tmp_path: Path, write, git, name: str, text: str, committed: str | None, outcome: Outcome, holds_until: date | None
) -> None:
    write(name, text)
    if committed is not None:
        git("init")
        git("add", ".")
        git("commit", "-m", "x", on=committed)
    finding = document(tmp_path, path=name, changed_within="30d")
    assert (finding.outcome, finding.holds_until) == (outcome, holds_until)


def test_a_table_tells_when_each_was_changed(tmp_path: Path, write) -> None:
    write("docs/2026-11-12-a.md", "x")
    write("docs/2026-01-12-b.md", "x")
    finding = document(tmp_path, path="docs/*.md", changed_within="90d", reviewed_within="90d")
    assert finding.table is not None
    assert [render(column, "en") for column in finding.table.columns] == [
        "Document", "State", "Last reviewed", "Last changed"
    ]  # fmt: skip


_piece = st.sampled_from(
    ["Title\n=====\n", "-----\n", ".. _a:\n", ".. note:: x\n", "`a <b>`_ ", "**", "|a|", "::\n", "   ", "* x\n", "\n",
     ".. |a| replace:: b\n", "+--+--+\n", "|a |b |\n", "=== ===\n", ":Owner: x\n", ".. default-role:: math\n", "``",
     ".. role:: x(raw)\n   :format: html\n", ":x:`y`", ".. [1] z\n", "[1]_ ", "__ x\n", ".. class:: q\n", ">>> 1\n",
     ".. list-table::\n\n   * - a\n", ".. contents::\n", ".. image:: x.png\n", "a\n  b\n", "| l\n",
     ".. meta::\n   :a: b\n"]
)  # fmt: skip


@settings(max_examples=examples(150))
@given(st.one_of(st.text(max_size=100), st.lists(_piece, max_size=20).map("".join)))
def test_whatever_restructured_text_holds_it_is_read_or_refused(text: str) -> None:
    try:
        read = read_restructured(text, "a.rst")
    except Undetermined as cannot:
        said = [render(cannot.why, language) for language in LANGUAGES]
    else:
        said = [read.path]
        assert all(one.line >= 1 for one in (*read.headings, *read.prose, *read.links))
        owner_of(read)
        review_of(read)
    assert all(said)


_json = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=8), st.sampled_from(["markdown", "code", "raw"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["cells", "cell_type", "source", "nbformat", "x"]), inner, max_size=4),
    ),
    max_leaves=12,
)


@settings(max_examples=examples(150))
@given(st.lists(_json, max_size=5))
def test_whatever_a_notebook_holds_it_is_read_or_refused(cells: list[object]) -> None:
    try:
        read = read_notebook(json.dumps({"nbformat": 4, "cells": cells}), "a.ipynb")
    except Undetermined:
        return
    for line in read.prose:
        assert render(read.where(line.line), "en")
