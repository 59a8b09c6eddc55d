"""The file and line that a finding names are found in its message, in whatever order and depth."""

from __future__ import annotations

from pathlib import Path

import pytest

from orr.evidence.naming import named_file
from orr.messages import Said, say
from orr.model.finding import Where


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    for path in ("docs/a.md", "docs/b.md"):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text("x\n", encoding="utf-8")
    (root.parent / "outside.md").write_text("x\n", encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("says", "where"),
    [
        pytest.param("plain words with docs/a.md", None, id="words alone name nothing"),
        pytest.param(say("x", path="docs/a.md"), Where("docs/a.md"), id="a path"),
        pytest.param(say("x", path="docs/a.md", line=7), Where("docs/a.md", 7), id="with its line"),
        pytest.param(
            say("x", path="docs/a.md", bad=[say("y", n=2), say("z", line=9)]), Where("docs/a.md", 9), id="below"
        ),
        pytest.param(say("x", files=["docs/b.md", "docs/a.md"]), Where("docs/b.md"), id="the first of several"),
        pytest.param(
            say("x", one=say("y", path="docs/a.md"), other=say("z", path="docs/b.md", line=3)),
            Where("docs/a.md"),
            id="never another file's line",
        ),
        pytest.param(say("x", place="docs/a.md:12"), Where("docs/a.md", 12), id="path and line in one"),
        pytest.param(say("x", place="docs/a.md:12:4"), Where("docs/a.md", 12), id="and column"),
        pytest.param(say("x", path="docs/gone.md"), None, id="what is not there"),
        pytest.param(say("x", path="docs"), None, id="a folder"),
        pytest.param(say("x", path="../outside.md"), None, id="outside"),
        pytest.param(say("x", path="docs/../../outside.md"), None, id="outside by a way round"),
        pytest.param(say("x", path="/etc/hostname"), None, id="absolute"),
        pytest.param(say("x", path="a\0b"), None, id="no path at all"),
        pytest.param(say("x", path="a" * 5_000), None, id="too long"),
        pytest.param(say("x", line=3), None, id="a line of nothing"),
    ],
)
def test_a_finding_is_placed_by_the_first_file_that_its_message_names(
    repository: Path, says: Said, where: Where | None
) -> None:
    assert named_file(says, repository) == where
