"""`orr init`: what it finds, shows, asks and writes."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

from orr.cli import main
from orr.source.yaml import parse

TODAY = "2026-11-22"
RULES = "groups:\n- name: shop\n  rules:\n  - alert: Down\n    expr: up == 0\n"


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A service beside an empty folder, which is the current one."""
    root = tmp_path / "service"
    for path, text in {
        "README.md": "# Pricing API\n",
        "CODEOWNERS": "* @acme/pricing\n",
        "deploy/alerts/pricing.yaml": RULES,
        "docs/runbooks/restore.md": "# Restore\n\nRun it.\n",
        "post-mortems/1.md": "# Outage\n\n## Timeline\n\n## Root cause\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (tmp_path / "readiness").mkdir()
    monkeypatch.chdir(tmp_path / "readiness")
    return root


def init(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["init", *words, "--today", TODAY])
    out, err = capsys.readouterr()
    return status, out, err


def test_it_shows_what_it_found_and_where_and_what_it_did_not(
    service: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = init(capsys, "pricing", "--repository", "../service", "--lang", "en")
    assert status == 0
    assert "every question is asked" not in out
    assert Path(".gitignore").read_text(encoding="utf-8").split() == ["/reports/", "*.yaml.lock", "*.jsonl.lock"]
    shown = [line for line in out.splitlines() if "found" in line]
    assert shown == [
        "found title: Pricing API (README.md:1)",
        "found team: pricing (CODEOWNERS:1)",
        "found contact: @acme/pricing (CODEOWNERS:1)",
        "found Entry page: README.md",
        "found CODEOWNERS: CODEOWNERS",
        "found Runbooks: docs/runbooks/restore.md",
        "found Alerting rules: deploy/alerts/pricing.yaml; written to paths",
        "found Records of incidents: post-mortems/1.md; checks do not look there: see the end of workload.yaml",
        "not found: On-call page, On-call roster, Service level objectives, Entries of the service catalog, Pipelines; "
        "name under paths what is there all the same",
    ]


def test_a_person_who_owns_the_code_is_named_where_the_team_is_missing(
    service: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (service / "CODEOWNERS").write_text("* @ana\n", encoding="utf-8")
    init(capsys, "pricing", "--repository", "../service", "--lang", "en")
    written = Path("workloads/pricing/workload.yaml").read_text("utf-8")
    assert "team: unassigned  # CODEOWNERS:1 names @ana, not a team; name the team\n" in written


def test_with_core_questions_alone_it_shows_which_tier_still_asks_all(
    service: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = init(capsys, "pricing", "--repository", "../service", "--lang", "en", "--preset", "core")
    assert "As workload.yaml stands, tier 1 counts and every question is asked" in out


def test_checks_then_look_where_it_found_something(service: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(capsys, "pricing", "--repository", "../service")
    written = parse(Path("workloads/pricing/workload.yaml").read_text("utf-8"), "")
    assert written["paths"] == {"alert-rules": ["deploy/alerts/*.yaml"]}
    assert main(["check", "pricing", "--today", TODAY, "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "no file matches monitoring" not in out
    assert main(["lint", "--today", TODAY]) == 0


@pytest.mark.parametrize(
    ("name", "folder", "title"),
    [("Pricing API", "pricing-api", "Pricing API"), ("Shop", "shop", "Shop"), ("订单 服务", "订单-服务", "订单 服务")],
)
def test_a_name_that_is_a_title_becomes_one_and_a_folder_in_lower_case(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    folder: str,
    title: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, _ = init(capsys, name, "--lang", "en")
    assert status == 0
    assert f"“{name}” becomes the title; the workload is {folder}" in out
    written = parse((tmp_path / "workloads" / folder / "workload.yaml").read_text("utf-8"), "")
    assert (written["workload"], written["title"]) == (folder, title)


def test_a_title_that_was_given_counts_more_than_one_that_was_found(
    service: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(capsys, "Prices for all", "--repository", "../service")
    written = parse(Path("workloads/prices-for-all/workload.yaml").read_text("utf-8"), "")
    assert written["title"] == "Prices for all"


def test_a_new_workspace_has_the_notebooks(service: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(capsys, "pricing")
    assert {path.name for path in Path("notebooks").iterdir()} == {
        path.name for path in (ROOT / "notebooks").glob("*.ipynb")
    }


def test_notebooks_that_are_there_are_left_alone(service: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("notebooks").mkdir()
    Path("notebooks/report.ipynb").write_text("mine", encoding="utf-8")
    init(capsys, "pricing")
    assert [path.read_text("utf-8") for path in Path("notebooks").iterdir()] == ["mine"]


def test_discover_lists_the_services_of_a_repository_and_writes_nothing(
    service: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("cart", "pay"):
        (service / "src" / name).mkdir(parents=True)
        (service / "src" / name / "Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    status, out, _ = init(capsys, "--discover", "--repository", "../service", "--lang", "en")
    assert status == 0
    assert out.splitlines() == [
        "cart  ../service/src/cart  (src/cart/Dockerfile)",
        "pay  ../service/src/pay  (src/pay/Dockerfile)",
        "2 services; for each: orr init NAME --repository FOLDER, from the lines above",
    ]
    assert list(Path.cwd().iterdir()) == []


def test_discover_says_where_there_is_none(service: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = init(capsys, "--discover", "--repository", "../service", "--lang", "en")
    assert out.startswith("No service found below ../service: no folder there with a Dockerfile or a catalog file")
    assert out.endswith("For the whole: orr init NAME --repository ../service\n")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "Name the workload, or list the services of a repository with --discover."),
        (["shop", "--discover"], "--discover takes no NAME"),
        (["— —"], "cannot be a folder's name here"),
    ],
)
def test_it_needs_a_name_or_to_list_and_never_both(
    service: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    status, _, err = init(capsys, *words, "--lang", "en")
    assert status == 2
    assert says in err
    assert list(Path.cwd().iterdir()) == []


IMPACT = ["20k EUR", "many", "3000", "", "internal", "true", "", "99.9%", "4h", ""]


def on_terminal(answers: list[str], *words: str) -> str:
    """Run `orr init` on a terminal, give an answer to each question, and return all that is shown."""
    near, far = pty.openpty()
    command = [sys.executable, "-m", "orr", "init", *words, "--lang", "en", "--today", TODAY]
    process = subprocess.Popen(command, stdin=far, stdout=far, stderr=far, env={**os.environ, "PYTHONPATH": str(ROOT)})
    os.close(far)
    os.write(near, "".join(f"{one}\n" for one in answers).encode())  # a terminal keeps what is typed ahead
    shown = b""
    try:
        while part := os.read(near, 4096):
            shown += part
    except OSError:  # the other end is closed: it has ended
        pass
    finally:
        os.close(near)
        assert process.wait(60) == 0
    return shown.decode()


def test_on_a_terminal_it_asks_for_preset_launch_and_impact_until_each_can_be_read(service: Path) -> None:
    shown = on_terminal(["all", "core", "tomorrow", "2026-12-01", *IMPACT], "pricing", "--repository", "../service")
    assert "What a new workspace requires" in shown
    assert "items: core" in Path("orr.yaml").read_text(encoding="utf-8")
    assert "“tomorrow” cannot be read" in shown
    assert "“many” cannot be read" in shown
    written = parse(Path("workloads/pricing/workload.yaml").read_text("utf-8"), "")
    assert written["launch"] == "2026-12-01"
    assert written["impact"] == {
        "outage_cost": "20k EUR", "users": 3000, "teams": None, "data": "internal", "safety": True, "legal": None,
        "availability": "99.9%", "rto": "4h", "rpo": None,
    }  # fmt: skip


def test_an_empty_answer_leaves_it_open_and_yes_asks_nothing(service: Path) -> None:
    on_terminal([""] * 11, "pricing", "--repository", "../service")
    assert "Launch" not in on_terminal([], "other", "--yes")
    for name in ("pricing", "other"):
        written = parse(Path(f"workloads/{name}/workload.yaml").read_text("utf-8"), "")
        assert written["launch"] is None
        assert set(written["impact"].values()) == {None}
