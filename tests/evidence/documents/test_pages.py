"""Pages beside the documents themselves, and pages of single alerts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orr.evidence.documents.markdown import read_document
from orr.evidence.documents.pages import is_beside, is_of_an_alert, kind_of
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.testing import run_check

STEPS = "# Restart\n\n## Steps\n\nRestart the service and watch the queue drain.\n"
ALERT = "# KubeAPIDown\n\n## Meaning\n\nThe server is gone.\n\n## Diagnosis\n\nLook at its log.\n"


def document(folder: Path, **parameters: Any) -> Finding:
    finding = run_check("document", folder, **{"path": "runbooks/*.md", **parameters})
    for language in LANGUAGES:
        assert render(finding.says, language)
    return finding


@pytest.mark.parametrize(
    ("path", "beside"),
    [
        ("README.md", True),
        ("r/_index.md", True),
        ("r/index.html.md.erb", True),
        ("r/_sidebar.md", True),
        ("r/template.md", True),
        ("r/runbook-template.md", True),
        ("r/手册模板.md", True),
        ("r/add-a-new-runbook.md", True),
        ("r/how-to-write-runbooks.md", True),
        ("r/glossary.md", True),
        ("r/目录.md", True),
        ("r/runbook-style-guide.md", True),
        ("r/restart.md", False),
        ("r/index-rebuild.md", False),
        ("r/add-nodes.md", False),
        ("r/template-engine.md", False),
        ("r/add-a-new-receiver.md", False),
        ("r/runbook.md", False),
        ("r/summary.md", False),
    ],
)
def test_a_page_beside_documents_is_known_by_its_name(path: str, beside: bool) -> None:
    assert is_beside(path) is beside


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("restart.md", STEPS, ""),
        ("README.md", STEPS, ""),
        ("x-template.md", STEPS, "template"),
        ("template-restart.md", "# Restart\n\n## Steps\n\n<describe the steps>\n", "template"),
        ("template-engine.md", STEPS, ""),
        ("x.md", "# Runbook template\n\n## Steps\n\nTODO\n", "template"),
        ("x.md", "# How to write a runbook\n\nBegin with the outcome.\n", "guide"),
        ("x.md", "# Adding new runbooks\n\nBegin with the outcome.\n", "guide"),
        ("x.md", "# 如何编写运行手册\n\n先写目标。\n", "guide"),
        ("x.md", "# Add a node\n\n## Steps\n\nAdd it.\n", ""),
        ("x.md", "# Glossary\n\n- SLO: an objective\n", "glossary"),
        ("SUMMARY.md", "# Runbooks\n\n- [Restart](restart.md)\n- [Scale](scale.md)\n", "index"),
        ("x.md", "# List of runbooks\n\n| Runbook | For |\n|-|-|\n| [a](a.md) | Restarting |\n", "index"),
        ("x.md", "# Restart\n\n- [Log](a.md)\n\nRestart it.\n", ""),
        ("x.md", "# Restart\n\nSee [the script](a.sh):\n\n```\n./a.sh\n```\n", ""),
    ],
)
def test_a_page_beside_documents_is_known_by_what_it_says(path: str, text: str, kind: str) -> None:
    assert kind_of(read_document(text, f"runbooks/{path}")) == kind


@pytest.mark.parametrize(
    ("path", "text", "of_an_alert"),
    [
        ("KubeAPIDown.md", ALERT, True),
        ("api-down.md", ALERT, True),
        ("KubeAPIDown.md", "# KubeAPIDown\n\nThis alert fires when the server is gone.\n", True),
        ("etcdMembersDown.md", "# X\n\n## Impact\n\nNo writes.\n", True),
        ("alerts/disk.md", "# Disk\n\nMake room.\n", True),
        ("disk.md", "# 磁盘\n\n## 含义\n\n满了。\n\n## 排查\n\n看日志。\n", True),
        ("RotateSecrets.md", "# Rotate secrets\n\nAsk the vault for new ones.\n", False),
        ("RotateSecrets.md", f"{STEPS}\nSilence the alert first.\n", False),
        ("KubeAPIDown.md", f"{ALERT}\n## Steps\n\nRestart it.\n", False),
        ("alerts/silence.md", STEPS, False),
        ("restart.md", STEPS, False),
        ("upgrade.md", "# Upgrade\n\n## Impact\n\nNone.\n\nUpgrade it.\n", False),
    ],
)
def test_a_page_of_an_alert_says_what_to_do_about_it(path: str, text: str, of_an_alert: bool) -> None:
    assert is_of_an_alert(read_document(text, f"runbooks/{path}")) is of_an_alert


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("template-x.md", "# X\n\n## Steps\n\n<describe them>\n\nWatch the queue.\n", "is a template"),
        (
            "a.md",
            "# How to write a runbook\n\n## Steps\n\nBegin with the outcome.\n",
            "says how to write such documents",
        ),
        ("glossary.md", "# Words\n\n## Steps\n\nWhat is done in order.\n", "is a glossary"),
        ("README.md", "# Runbooks\n\n- [Restart](https://example.com/restart)\n", "only leads to others"),
    ],
)
def test_a_page_beside_documents_is_none_of_them(tmp_path: Path, write, name: str, text: str, words: str) -> None:
    write(f"runbooks/{name}", text)
    finding = document(tmp_path)
    assert finding.outcome is Outcome.NOT_MET
    assert words in render(finding.says, "en")
    assert document(tmp_path, path=f"runbooks/{name}", placeholders=True).outcome is Outcome.MET
    write("docs/restart.md", STEPS)
    assert document(tmp_path, path=["runbooks/*.md", "docs/*.md"]).outcome is Outcome.MET
    write("runbooks/restart.md", STEPS)
    assert document(tmp_path, sections=["Steps"], at_least=1).outcome is Outcome.MET
    assert document(tmp_path, at_least=2).outcome is Outcome.NOT_MET


def test_pages_of_alerts_cover_no_routine_task(tmp_path: Path, write) -> None:
    write("runbooks/KubeAPIDown.md", ALERT)
    write("runbooks/KubeDiskFull.md", ALERT)
    assert document(tmp_path).outcome is Outcome.MET
    finding = document(tmp_path, alert_pages=False)
    assert finding.outcome is Outcome.NOT_MET
    assert (
        "all 2 documents that match runbooks/*.md are about single alerts, such as runbooks/KubeAPIDown.md"
        in render(finding.says, "en")
    )
    write("docs/restart.md", STEPS)
    assert (
        document(tmp_path, path=["runbooks/*.md", "docs/*.md"], alert_pages=False, sections=["Steps"]).outcome
        is Outcome.MET
    )
    write("runbooks/restart.md", STEPS)
    assert document(tmp_path, alert_pages=False, sections=["Steps"]).outcome is Outcome.MET


def test_a_page_that_cannot_be_read_is_not_left_out(tmp_path: Path, write) -> None:
    write("runbooks/KubeAPIDown.md", b"\xff\xfe\x00")
    assert document(tmp_path, alert_pages=False).outcome is Outcome.UNKNOWN
