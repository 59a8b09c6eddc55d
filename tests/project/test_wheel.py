"""The wheel alone, far from this repository and with the lowest versions that it says it needs, does the main job."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from importlib.metadata import requires
from pathlib import Path

import pytest
from support import ROOT
from uv import find_uv_bin

pytestmark = pytest.mark.kernel


def run(*words: str | Path, cwd: Path, status: int = 0) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stdout + done.stderr
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
