"""The wheel alone, far from this repository and with the lowest versions that it says it needs, does the main job."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from importlib.metadata import requires
from pathlib import Path

import pytest
from support import ROOT
from uv import find_uv_bin

pytestmark = pytest.mark.kernel


def run(*words: str | Path, cwd: Path, status: int | None = 0) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert status in (None, done.returncode), done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of a new environment that holds the wheel and the lowest of what it needs."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (wheel,) = folder.glob("orr-*.whl")
    env = folder / "env"
    venv.create(env)
    needs = [need for need in requires("orr") or () if "extra ==" not in need]
    # uv takes a tenth of pip's time, but knows nothing of pip's configuration: where it finds nothing, pip is asked,
    # which takes the newest instead.
    done = subprocess.run(
        [find_uv_bin(), "pip", "install", "--quiet", "--python", env, "--resolution", "lowest-direct", wheel, *needs],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        venv.create(env, with_pip=True)
        run(env / "bin/pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check", wheel, cwd=folder)
    return env / "bin"


def test_jupyter_finds_the_extensions_of_the_page_and_of_the_server(commands: Path, tmp_path: Path) -> None:
    page, server = (
        subprocess.run([commands / "jupyter", *words, "list"], cwd=tmp_path, capture_output=True, text=True, check=True)
        for words in (["labextension"], ["server", "extension"])
    )
    assert re.search(r"orr-review v[\d.]+ .*enabled.*OK", page.stdout + page.stderr)
    assert re.search(r"orr\.lab .*OK", server.stdout + server.stderr)
    assert shutil.which("node", path=str(commands)) is None


def test_a_new_workspace_gets_its_report_from_the_installed_wheel(commands: Path, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# The shop\n", encoding="utf-8")
    run(commands / "orr", "init", "shop", cwd=tmp_path)
    assert run(commands / "orr", "lint", cwd=tmp_path).strip() != ""
    run(commands / "orr", "init", cwd=tmp_path, status=2)
    run(commands / "orr", "report", "shop", cwd=tmp_path, status=1)  # nothing is answered yet: no-go
    folder = tmp_path / "reports" / "shop"
    record = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
    assert record["verdict"] == "no-go"
    assert len(record["items"]) > 100
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "The shop" in page
    program = "import orr; a = orr.assess('shop'); print(a, len(a.to_frame()) > 100, '<section' in a._repr_html_())"
    shown = f"The shop, launch review: {record['headline']} True True\n"
    assert run(commands / "python", "-c", program, cwd=tmp_path) == shown
    assert record["headline"].startswith("no-go: ")
    program = "from orr.system.resources import shipped; print((shipped('notebooks') / 'explore.ipynb').is_file())"
    assert run(commands / "python", "-c", program, cwd=tmp_path) == "True\n"
    run(commands / "jupyter", "nbconvert", "--to", "orr", "--output", "again", folder / "report.ipynb", cwd=tmp_path)
    assert "The shop" in (folder / "again.html").read_text(encoding="utf-8")


def test_the_commands_of_the_readme_do_the_same_with_nothing_but_the_wheel(commands: Path, tmp_path: Path) -> None:
    here = tmp_path / "workspace"
    run("git", "clone", "--quiet", ROOT, here, cwd=tmp_path)
    for name in run("git", "ls-files", "--modified", "--others", "--exclude-standard", cwd=ROOT).splitlines():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copyfile(ROOT / name, here / name)
    shutil.rmtree(here / "orr")  # what runs is the wheel
    text = (here / "README.md").read_text(encoding="utf-8")
    for session in re.findall(r"^```console\n\$ orr (.*?)^```", text, re.MULTILINE | re.DOTALL):
        words, _, shown = session.partition("\n")
        printed = run(commands / "orr", *shlex.split(words), cwd=here, status=None)
        assert printed.strip() == shown.strip()
    on = "--today", "2026-11-23"
    run(commands / "orr", "recheck", *on, cwd=here, status=1)
    assert "checkout" in run(commands / "orr", "history", "checkout", *on, cwd=here)
    template = here / "notebooks" / "report.ipynb"
    assert f"papermill {template.relative_to(here)} out.ipynb -p workload checkout" in text
    run(commands / "papermill", template, "out.ipynb", "-p", "workload", "checkout", cwd=here)
    run(commands / "jupyter", "nbconvert", "--to", "orr", "out.ipynb", cwd=here)
    assert "Checkout" in (here / "out.html").read_text(encoding="utf-8")
