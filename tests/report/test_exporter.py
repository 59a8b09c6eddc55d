"""From a notebook to a page, or to a page that says that it is no result."""

import itertools
from dataclasses import replace
from typing import Any

import html5lib
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from support.report_notebook import cell_of, notebook_of
from support.report_sample import TODAY, assessment, case, evidence

from orr.evaluate import evaluate
from orr.report.exporter import OrrExporter
from orr.report.layout import laid_out
from orr.report.page import page_of
from orr.report.report import Report

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def notebook() -> Any:
    return notebook_of(Report(assessment(names=("rollback-plan",)), "en"))


def page(notebook: Any) -> str:
    return str(OrrExporter().from_notebook_node(notebook)[0])


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_page_is_valid_html_with_one_style_and_its_language(language: str) -> None:
    made = page(notebook_of(Report(assessment(), language)))
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(made)
    assert document.attrib["lang"] == language
    for name in ("title", "style", "main", "header", "nav", "footer", "h1"):
        assert len(list(document.iter(name))) == 1, name
    levels = [int(element.tag[1]) for element in document.iter() if element.tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = [element.attrib["id"] for element in document.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    for element in document.iter("a"):
        address = element.attrib["href"]
        assert not address.startswith("#") or address[1:] in ids, address


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_page_is_the_same_without_nbconvert(language: str) -> None:
    made = notebook_of(Report(assessment(), language))
    assert laid_out(page_of(made)) == page(made)


def test_a_page_shows_neither_code_nor_script_nor_anything_from_elsewhere(notebook: Any) -> None:
    made = page(notebook)
    assert "secret source" not in made
    for word in ("<script", "<link", "<img", "@import", 'http-equiv="refresh', "src="):
        assert word not in made
    assert "default-src 'none'" in made


OTHER = {
    "html": new_output("display_data", data={"text/html": SCRIPT, "text/plain": SCRIPT}),
    "our mark on other html": new_output(
        "display_data",
        data={"text/html": f"<p>x</p>{SCRIPT}", "text/plain": SCRIPT},
        metadata={"orr": {"part": "summary", "about": {}}},
    ),
    "a stream": new_output("stream", name="stdout", text=SCRIPT),
    "text": new_output("execute_result", data={"text/plain": SCRIPT}),
    "markdown": new_output("display_data", data={"text/markdown": SCRIPT, "text/plain": SCRIPT}),
}
DROPPED = {
    "a warning": new_output("stream", name="stderr", text=SCRIPT),
    "a script": new_output("display_data", data={"application/javascript": "alert(1)"}),
    "a picture": new_output("display_data", data={"image/svg+xml": f"<svg>{SCRIPT}</svg>"}),
}


@pytest.mark.parametrize("output", OTHER.values(), ids=OTHER.keys())
def test_other_output_is_shown_as_text_only(notebook: Any, output: Any) -> None:
    notebook.cells.insert(3, new_code_cell("x", outputs=[output]))
    made = page(notebook)
    assert SCRIPT not in made
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made
    assert "not part of the report" in made


@pytest.mark.parametrize("output", DROPPED.values(), ids=DROPPED.keys())
def test_output_that_cannot_be_shown_as_text_is_left_out(notebook: Any, output: Any) -> None:
    expected = page(notebook)
    notebook.cells.insert(3, new_code_cell("x", outputs=[output]))
    notebook.cells.insert(3, new_markdown_cell(SCRIPT))
    assert page(notebook) == expected


def failing(kind: str, notebook: Any) -> None:
    record = notebook.cells[-1].outputs[0]
    if kind == "a failed cell":
        error = new_output("error", ename="ValueError", evalue=SCRIPT, traceback=[])
        notebook.cells.insert(2, new_code_cell("x", outputs=[error]))
    elif kind == "no record":
        notebook.cells.pop()
    elif kind == "two records":
        notebook.cells.append(new_code_cell("again", outputs=[record]))
    elif kind == "a record of another form":
        record.data["application/vnd.orr.assessment+json"]["format"] = "orr.assessment/9"
    elif kind == "a record without a verdict":
        del record.data["application/vnd.orr.assessment+json"]["verdict"]
    elif kind == "a record of another day":
        record.data["application/vnd.orr.assessment+json"]["today"] = "2026-11-21"
    elif kind == "no first screen":
        notebook.cells.pop(0)
    elif kind == "a part of another assessment":
        other = case(names=("rollback-plan",), workload=replace(case().workload, tier=2))
        notebook.cells[1] = cell_of(Report(evaluate(other, evidence(other), TODAY), "en").path_to_go())
    elif kind == "a part in another language":
        notebook.cells[1] = cell_of(Report(assessment(names=("rollback-plan",)), "zh-CN").path_to_go())


KINDS = (
    "a failed cell",
    "no record",
    "two records",
    "a record of another form",
    "a record without a verdict",
    "a record of another day",
    "no first screen",
    "a part of another assessment",
    "a part in another language",
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_notebook_without_a_result_becomes_a_page_that_says_so(notebook: Any, kind: str) -> None:
    failing(kind, notebook)
    made = page(notebook)
    assert "There is no report" in made
    assert "This page is not a result" in made
    assert "v-no-go" not in made.partition("<body")[2]
    assert SCRIPT not in made
    html5lib.HTMLParser(strict=True).parse(made)


def test_the_result_of_a_notebook_does_not_depend_on_what_it_says_of_itself(notebook: Any) -> None:
    notebook.metadata["papermill"] = {"exception": True, "parameters": {"language": "zh-CN"}}
    assert "There is no report" not in page(notebook)
    notebook.cells.pop()
    notebook.metadata["papermill"]["exception"] = False
    assert "There is no report" in page(notebook)


def test_a_template_in_the_working_folder_is_not_used(
    notebook: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "orr").mkdir()
    (tmp_path / "orr" / "index.html.j2").write_text("taken over", encoding="utf-8")
    (tmp_path / "index.html.j2").write_text("taken over", encoding="utf-8")
    expected = page(notebook)
    monkeypatch.chdir(tmp_path)
    assert page(notebook) == expected


def test_a_notebook_read_from_a_file_comes_out_the_same(notebook: Any, tmp_path: Any) -> None:
    nbformat.write(notebook, tmp_path / "a.ipynb")
    assert OrrExporter().from_filename(str(tmp_path / "a.ipynb"))[0] == page(notebook)
