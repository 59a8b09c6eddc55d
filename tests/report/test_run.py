"""Running the report notebook: the record decides, and a failure never looks like a result."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from support import ROOT
from support.engine_notebooks import without_times
from support.engine_work import AGENT

from orr.execution.engines import ALIASES, ENGINES, WORKER
from orr.execution.engines.workers import Worker, shared
from orr.messages.errors import BadArgument
from orr.report.run import PRELOAD, ReportFailed, run_report

pytestmark = pytest.mark.kernel

TODAY = date(2026, 11, 22)
SETTINGS = """
timezone: Asia/Shanghai
policy:
  - {tiers: [1, 2], no_go: [high], conditional: [medium], sign_offs: [service-owner]}
"""
CHECKLIST = """
checklist: basics
version: 1
title: {en: Basics, zh-CN: 基本项}
sections:
  - section: all
    items:
      - {item: rota, ask: {en: Is there a rota?, zh-CN: 有值班表吗？}, risk: high}
      - {item: page, ask: Is there a page?, risk: medium}
"""
WORKLOAD = "{{workload: {name}, title: Shop, tier: 1, owner: {{team: payments}}, launch: 2026-12-01}}\n"
REVIEW = "{{review: {name}, answers: {{basics/rota: {{answer: yes, by: ana, on: 2026-11-20}}}}}}\n"
FILES = {"report.html", "report.ipynb", "assessment.json", "calendar.ics"}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "a {place} with 'quotes' 与空格"
    (root / "checklists").mkdir(parents=True)
    (root / "orr.yaml").write_text(SETTINGS, encoding="utf-8")
    (root / "checklists" / "basics.yaml").write_text(CHECKLIST, encoding="utf-8")
    for name in ("shop", "007"):
        folder = root / "workloads" / name
        folder.mkdir(parents=True)
        quoted = f'"{name}"'
        (folder / "workload.yaml").write_text(WORKLOAD.format(name=quoted), encoding="utf-8")
        (folder / "review.yaml").write_text(REVIEW.format(name=quoted), encoding="utf-8")
    return root


def template(path: Path, *cells: str) -> Path:
    notebook = new_notebook(
        cells=[
            new_code_cell(
                'workload = ""\nworkspace = "."\ntoday = None\nlanguage = None', metadata={"tags": ["parameters"]}
            ),
            *(new_code_cell(cell) for cell in cells),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    nbformat.write(notebook, path)
    return path


OPEN = "import orr.report; r = orr.report.open(workload, workspace, today, language)"


def visible(out: Path) -> set[str]:
    return {path.name for path in out.iterdir() if not path.name.startswith(".")}


@pytest.mark.parametrize("name", ["shop", "007"])
def test_a_run_writes_the_three_files_and_returns_what_was_recorded(workspace: Path, name: str) -> None:
    out = workspace / "reports" / "{name}"
    before = Path.cwd()
    record = run_report(workspace, name, out, TODAY, "zh-CN")

    assert Path.cwd() == before
    assert visible(out) == FILES
    assert json.loads((out / "assessment.json").read_text(encoding="utf-8")) == record
    assert (record["workload"], record["verdict"], record["today"]) == (name, "conditional-go", "2026-11-22")
    page = (out / "report.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page
    assert "有条件上线" in page
    assert page.count("<style>") == 1
    assert '<a href="calendar.ics">' in page
    assert (out / "calendar.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert list(out.glob(".*.part")) == []


def test_the_notebook_of_a_run_can_be_read_again_and_names_no_template_within_itself(workspace: Path) -> None:
    out = workspace / "reports"
    run_report(workspace, "shop", out, TODAY, "en")
    notebook = nbformat.read(out / "report.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.papermill["input_path"] == "report.ipynb"
    assert notebook.metadata.papermill["parameters"]["today"] == "2026-11-22"


def test_each_cell_of_a_report_brings_its_style_once(workspace: Path) -> None:
    run_report(workspace, "shop", workspace / "reports", TODAY, "en")
    cells = nbformat.read(workspace / "reports" / "report.ipynb", as_version=4).cells
    shown = [[one["data"]["text/html"] for one in cell.outputs] for cell in cells if cell.get("outputs")]
    assert [len(parts) for parts in shown] == [1, 4, 4, 3, 2, 1]
    assert all(part.startswith("<style>") == (place == 0) for parts in shown for place, part in enumerate(parts))


def test_every_engine_records_the_same_and_writes_the_same_page(workspace: Path, tmp_path: Path) -> None:
    records, pages, notebooks = [], [], []
    for engine in ENGINES:
        out = tmp_path / engine
        records.append(run_report(workspace, "shop", out, TODAY, "en", engine=engine))
        pages.append((out / "report.html").read_text(encoding="utf-8"))
        notebooks.append(without_times(nbformat.read(out / "report.ipynb", as_version=4)))
    assert records == [records[0]] * len(ENGINES)
    assert pages == [pages[0]] * len(ENGINES)
    assert notebooks == [notebooks[0]] * len(ENGINES)


def test_a_report_is_the_same_whatever_its_process_has_reported_on_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = sorted(path.name for path in (ROOT / "workloads").iterdir())

    def told(name: str, language: str, out: Path) -> str:
        record = run_report(ROOT, name, out, date(2026, 11, 23), language, engine=WORKER)
        left = without_times(nbformat.read(out / "report.ipynb", as_version=4))
        page = (out / "report.html").read_text(encoding="utf-8")
        return re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", "(a moment)", json.dumps([record, page, left]))

    runs = [(name, language) for name in names for language in ("en", "zh-CN")]
    alone = {}
    for name, language in runs:
        monkeypatch.setenv("ALONE", f"{name} {language}")  # a process serves callers of one environment
        alone[name, language] = told(name, language, tmp_path / "alone" / name / language)
    monkeypatch.delenv("ALONE")
    processes = set()
    for name, language in [*reversed(runs), runs[0]]:  # each after another than by itself, and one again
        assert told(name, language, tmp_path / "together" / name / language) == alone[name, language]
        processes |= set(waiting())
    assert len(processes) < len(runs)  # a busy machine may let one wait too long for its next report


def waiting() -> list[Worker]:
    """The processes that wait for another report."""
    return [*shared(PRELOAD)._idle]


def test_after_a_notebook_of_somebody_else_or_one_that_fails_no_process_is_used_again(
    workspace: Path, tmp_path: Path
) -> None:
    run_report(workspace, "shop", tmp_path / "out", TODAY, "en", engine=WORKER)
    (used,) = waiting()
    theirs = template(tmp_path / "theirs.ipynb", OPEN, "r.summary()", "r.record()")
    run_report(workspace, "shop", tmp_path / "out", TODAY, "en", engine=WORKER, notebook=theirs)
    assert waiting() == [used]
    with pytest.raises(ReportFailed):
        run_report(workspace, "nobody", tmp_path / "out", TODAY, "en", engine=WORKER)
    assert waiting() == []


@pytest.fixture
def beside_an_agent(workspace: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs Python where each one begins a thread of somebody else's, as monitoring agents and debuggers do."""
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "sitecustomize.py").write_text(AGENT, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path / "agent"), str(ROOT)])}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *words]
        return subprocess.run(command, cwd=workspace, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.mark.parametrize("engine", [*ENGINES, *ALIASES, None])
def test_beside_an_agent_in_every_python_a_report_is_made_by_papermill_alone(
    beside_an_agent: Callable[..., subprocess.CompletedProcess[str]], engine: str | None
) -> None:
    done = beside_an_agent("-m", "orr", "report", "shop", *(["--engine", engine] if engine else []))
    forks = engine == WORKER
    assert "Traceback" not in done.stderr
    assert ("thread" in done.stderr) == (engine in (WORKER, None))
    assert ("--engine papermill" in done.stderr) == forks
    assert (done.returncode == 3) == forks


def test_beside_an_agent_a_report_from_python_is_made_too(
    beside_an_agent: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    code = """
from datetime import date
from pathlib import Path
from orr.report.run import run_report
print(run_report(Path("."), "shop", Path("reports"), date(2026, 11, 22), "en")["verdict"])
"""
    done = beside_an_agent("-c", code)
    assert (done.returncode, done.stdout) == (0, "conditional-go\n")


FAILURES = {
    "a cell that raises": (["1 / 0"], "ZeroDivisionError", 60),
    "sys.exit(0) before the record": ([OPEN, "import sys; sys.exit(0)", "r.record()"], "SystemExit: 0", 60),
    "no record at all": ([OPEN, "r.summary()"], "without recording", 60),
    "two records": ([OPEN, "r.summary()", "r.record()", "r.record()"], "without recording", 60),
    "a killed kernel": ([OPEN, "r.record()", "import os; os.kill(os.getpid(), 9)", "1"], "died", 60),
    "leaving as if all was well": ([OPEN, "r.summary()", "r.record()", "import os; os._exit(0)"], "died", 60),
    "a cell that takes too long": ([OPEN, "r.record()", "import time; time.sleep(60)"], "longer than", 3),
    "a record of another workload": (
        ["workload = '007'", OPEN, "r.summary()", "r.record()"],
        "assessed 007 2026-11-22 instead of shop 2026-11-22",
        60,
    ),
    "no verdict on the page": ([OPEN, "r.record()"], "does not show the verdict", 60),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("cells", "says", "timeout"), FAILURES.values(), ids=FAILURES.keys())
def test_a_failed_run_leaves_a_page_that_is_no_result_and_the_earlier_report(
    workspace: Path, tmp_path: Path, cells: list[str], says: str, timeout: float, engine: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    earlier = {name: f"earlier {name}" for name in FILES} | {"assessment.json": '{"today": "2026-11-01"}'}
    for name, text in earlier.items():
        (out / name).write_text(text, encoding="utf-8")

    own = template(tmp_path / "own.ipynb", *cells)
    with pytest.raises(ReportFailed) as failed:
        run_report(workspace, "shop", out, TODAY, "en", timeout, notebook=own, engine=engine)

    assert says in str(failed.value)
    assert {name: (out / name).read_text(encoding="utf-8") for name in FILES} == earlier
    assert visible(out) == {*FILES, "failed.html"}
    assert failed.value.page == out / "failed.html"
    page = failed.value.page.read_text(encoding="utf-8")
    assert "This page is not a result" in page
    assert "of 2026-11-01; it does not speak for today" in page


def test_the_page_of_a_failure_escapes_what_failed_and_goes_at_the_next_success(
    workspace: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    hostile = template(tmp_path / "own.ipynb", "raise ValueError('<script>alert(1)</script>')")
    with pytest.raises(ReportFailed):
        run_report(workspace, "shop", out, TODAY, "zh-CN", notebook=hostile)
    page = (out / "failed.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "本页不是评审结果" in page
    assert visible(out) == {"failed.html"}

    run_report(workspace, "shop", out, TODAY, "zh-CN")
    assert visible(out) == FILES


def test_faulty_files_are_named_with_their_place(workspace: Path, tmp_path: Path) -> None:
    (workspace / "workloads" / "shop" / "review.yaml").write_text("review: shop\nanswer: {}\n", encoding="utf-8")
    with pytest.raises(ReportFailed, match=r"review\.yaml:2:1"):
        run_report(workspace, "shop", tmp_path / "out", TODAY, "en")


def test_a_notebook_that_cannot_be_read_is_a_failure(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "own.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(ReportFailed, match=r"own\.ipynb cannot be read"):
        run_report(workspace, "shop", tmp_path / "out", TODAY, "en", notebook=tmp_path / "own.ipynb")


@pytest.mark.parametrize("engine", ENGINES)
def test_cells_run_in_this_python_and_import_nothing_from_where_they_stand(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    trap = tmp_path / "trap"
    kernels = trap / "kernels" / "python3"
    kernels.mkdir(parents=True)
    spec = {"argv": ["false"], "display_name": "", "language": "python"}
    (kernels / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    for module in ("colorsys", "orr"):
        (trap / f"{module}.py").write_text("raise SystemExit('the trap')", encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(trap))
    monkeypatch.chdir(trap)
    cells = [
        OPEN,
        f"import colorsys, sys; assert sys.executable == {sys.executable!r}",
        "import os; assert os.listdir() == [], os.listdir()",
        "r.summary()",
        "r.record()",
    ]
    own = template(tmp_path / "own.ipynb", *cells)
    record = run_report(workspace, "shop", tmp_path / "out", TODAY, "en", notebook=own, engine=engine)
    assert record["workload"] == "shop"


RUN = """
import sys
from datetime import date
from pathlib import Path
from orr.report.run import run_report
workspace, out = map(Path, sys.argv[1:3])
for _ in range(2):
    print(run_report(workspace, "shop", out, date(2026, 11, 22), sys.argv[3])["digest"])
"""


def test_runs_side_by_side_into_one_folder_never_mix_and_say_nothing(workspace: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def run(language: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", RUN, str(workspace), str(out), language]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, ("en", "zh-CN")))

    assert [(result.returncode, result.stderr) for result in results] == [(0, "")] * 2
    assert visible(out) == FILES
    chinese = '<html lang="zh-CN">' in (out / "report.html").read_text(encoding="utf-8")
    record = json.loads((out / "assessment.json").read_text(encoding="utf-8"))
    notebook = nbformat.read(out / "report.ipynb", as_version=4)
    assert notebook.metadata.papermill["parameters"]["language"] == ("zh-CN" if chinese else "en")
    assert any("有" in reason for reason in record["reasons"]) == chinese


def test_plain_papermill_and_nbconvert_come_to_the_same_page(workspace: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    notebook = tmp_path / "out.ipynb"
    papermill = [sys.executable, "-m", "papermill", "--no-progress-bar", str(ROOT / "notebooks" / "report.ipynb")]
    parameters = ["-p", "workload", "shop", "-p", "today", "2026-11-22", "-p", "language", "en"]
    command = [*papermill, str(notebook), *parameters]
    for _ in range(3):
        done = subprocess.run(
            command, cwd=workspace / "workloads", env=environment, capture_output=True, text=True, check=False
        )
        if "Kernel died before replying" not in done.stderr:  # else a test beside this one was quicker at its port
            break
    assert done.returncode == 0, done.stderr
    convert = [sys.executable, "-m", "nbconvert", "--to", "orr", str(notebook)]
    subprocess.run(convert, check=True, cwd=workspace, env=environment, capture_output=True)

    run_report(workspace, "shop", tmp_path / "own", TODAY, "en")
    own = (tmp_path / "own" / "report.html").read_text(encoding="utf-8")
    calendar = re.compile(' <a href="calendar.ics">[^<]*</a>')  # lies beside the page of the command alone
    assert (tmp_path / "out.html").read_text(encoding="utf-8") == calendar.sub("", own)


def test_plain_papermill_without_a_workload_s_name_reports_on_none(workspace: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(ROOT / "notebooks" / "report.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"][:2]
    given = 'workloud = "shop"\nworkspace = ' + repr(str(workspace))  # what `-p workloud shop` injects
    space: dict[str, object] = {}
    exec(cells[0].source + "\n" + given, space)
    with pytest.raises(BadArgument, match=r"workload is None; give its name as text .*shop"):
        exec(cells[1].source, space)


def test_a_report_loads_no_pandas(workspace: Path, tmp_path: Path) -> None:
    cells = [OPEN, "r.summary()", "for part in r.parts(): part._repr_html_()"]
    heavy = "{'pandas', 'numpy', 'matplotlib', 'sqlalchemy'}"
    own = template(tmp_path / "own.ipynb", *cells, f"import sys; assert not {heavy} & set(sys.modules)", "r.record()")
    for engine in ENGINES:
        assert run_report(workspace, "shop", tmp_path / engine, TODAY, "en", notebook=own, engine=engine)
