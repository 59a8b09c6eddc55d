"""The page about proof: its lines run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

from tests.docs.test_tutorial import blocks

PAGES = ("docs/prove.md", "docs/prove.zh-CN.md")
SHIM = f'#!/bin/sh\nexec {sys.executable} -m orr "$@"\n'


@pytest.mark.kernel  # `orr recheck` makes a report
@pytest.mark.parametrize("page", PAGES)
def test_the_walk_from_review_to_proof_runs(page: str, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "orr").write_text(SHIM)
    (tmp_path / "bin" / "orr").chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    path = os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]])
    source = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": source}
    ran = 0
    for kind, text in blocks(page):
        title = re.search(r'title="([^"]+)"', kind)
        if title is not None:
            (work / title[1]).parent.mkdir(parents=True, exist_ok=True)
            (work / title[1]).write_text(text, encoding="utf-8")
        elif kind == "sh":
            done = subprocess.run(
                ["bash", "-euc", text], cwd=work, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, (text, done.stdout, done.stderr)
            ran += 1
    assert ran >= 7


def test_both_languages_run_the_same() -> None:
    english, chinese = ([(kind, text) for kind, text in blocks(page) if kind == "sh"] for page in PAGES)
    assert [re.findall(r"^(?:orr|ssh-keygen) \S+", text, re.M) for _, text in english] == [
        re.findall(r"^(?:orr|ssh-keygen) \S+", text, re.M) for _, text in chinese
    ]
