"""`orr review`: how it starts JupyterLab, and what it opens there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from support.form_stage import workspace

from orr.cli import main


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, list[str], dict[str, str]]]:
    """Calls `orr review` with something in JupyterLab's place that notes how it was started, and ends with 1."""
    (tmp_path / "instead").mkdir()
    noted = tmp_path / "noted"
    note = f"open({str(noted)!r}, 'w').write(json.dumps([sys.argv[1:], dict(os.environ)]))"
    program = f"import json, os, sys\n{note}\nsys.exit(1)\n"
    (tmp_path / "instead" / "jupyterlab.py").write_text(program, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "instead"))
    monkeypatch.chdir(workspace(tmp_path / "workspace"))

    def start(*words: str) -> tuple[int, list[str], dict[str, str]]:
        status = main(["review", *words])
        return status, *json.loads(noted.read_text(encoding="utf-8"))

    return start


@pytest.mark.parametrize("words", [("shop", "--", "--allow-root", "--port=9"), ("--", "--allow-root", "--port=9")])
def test_options_of_jupyterlab_come_after_two_dashes(
    started: Callable[..., tuple[int, list[str], dict[str, str]]], words: tuple[str, ...]
) -> None:
    status, given, _ = started(*words)
    assert status == 3
    assert given[-2:] == ["--allow-root", "--port=9"]
    assert "--LabApp.default_url=/lab" in given


def test_the_form_is_opened_at_an_item(
    started: Callable[..., tuple[int, list[str], dict[str, str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    _, given, environment = started("shop#team/cake")
    assert "--LabApp.default_url=/lab" in given
    assert environment["ORR_REVIEW_AT"] == "shop#team/cake"
    assert started("shop")[2]["ORR_REVIEW_AT"] == "shop#"
    assert main(["review", "shop#team/cke"]) == 2
    assert "did you mean team/cake?" in capsys.readouterr().err


def test_the_file_is_opened_where_there_is_one_with_the_extension_that_comes_with_orr(
    started: Callable[..., tuple[int, list[str], dict[str, str]]],
) -> None:
    Path("workloads/shop/review.yaml").write_text("review: shop\n", encoding="utf-8")
    _, given, _ = started("shop")
    assert "--LabApp.default_url=/lab/tree/workloads/shop/review.yaml" in given
    assert "--ServerApp.jpserver_extensions=orr.lab=True" in given
    (place,) = (one.partition("=")[2] for one in given if one.startswith("--LabApp.extra_labextensions_path="))
    assert (Path(place) / "orr-review" / "package.json").is_file()


def test_a_second_word_that_is_no_option_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workspace(tmp_path))
    assert main(["review", "shop", "ship"]) == 2
    assert "ship is not understood here; options of JupyterLab come after --." in capsys.readouterr().err


def test_root_is_told_how_jupyterlab_runs_as_root_and_nobody_else_is(
    started: Callable[..., tuple[int, list[str], dict[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    started("shop")
    assert "orr review shop -- --allow-root" in capsys.readouterr().err
    started("shop", "--", "--allow-root")
    assert "root only with" not in capsys.readouterr().err
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    started("shop")
    assert "root only with" not in capsys.readouterr().err


def test_where_there_is_no_home_to_write_to_jupyter_keeps_what_it_remembers_elsewhere(
    started: Callable[..., tuple[int, list[str], dict[str, str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert not set(names) & started("shop")[2].keys()
    monkeypatch.setenv("HOME", "/proc")
    monkeypatch.setenv("IPYTHONDIR", "/ours")
    *places, ipython = (started("shop")[2][name] for name in names)
    assert len(set(places)) == 3
    assert not any(Path(place).exists() or place.startswith("/proc") for place in places)
    assert ipython == "/ours"


def test_a_workload_that_does_not_exist_is_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workspace(tmp_path))
    assert main(["review", "ship"]) == 2
    assert "shop" in capsys.readouterr().err
    assert not (tmp_path / "notebooks").exists()
