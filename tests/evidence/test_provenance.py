"""What findings were made from, and whether it is still so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from orr.evidence.provenance import collected, differing
from orr.evidence.repository.places import EvidencePlaces
from orr.evidence.repository.repository import Repository
from orr.model.finding import Collected
from orr.model.settings import Settings

Write = Callable[..., Path]


@pytest.fixture
def places(tmp_path: Path, write: Write) -> EvidencePlaces:
    for path in ("w/a.md", "w/docs/b.md", "w/review.yaml"):
        write(path, path)
    return EvidencePlaces(tmp_path / "w", (tmp_path,), {}, ("w/review.yaml",), tmp_path)


def noted(places: EvidencePlaces, settings: Settings | None = None) -> Collected:
    reader = Repository(places.repository)
    reader.read("a.md")
    reader.read("review.yaml")
    reader.read("docs/b.md", cut=True)
    reader.find(["docs/*.md", "none/*.md", "*"])
    assert "docs" in reader.tree
    return collected([reader], places, settings or Settings(), ["c/a"])


def test_what_was_read_whole_and_looked_for_is_noted_without_the_reviews_own_files(places: EvidencePlaces) -> None:
    found = noted(places)
    assert {folder: list(files) for folder, files in found.read.items()} == {"w": ["a.md"]}
    assert sorted(found.found["w"]) == ["*", "docs", "docs/*.md", "none/*.md"]
    assert found.found["w"]["none/*.md"] == ""
    assert found.daily == ("c/a",)


def test_what_stays_as_it_was_differs_in_nothing(places: EvidencePlaces) -> None:
    (places.repository / "review.yaml").write_text("another", encoding="utf-8")
    assert list(differing(noted(places), places, Settings())) == []


@pytest.mark.parametrize(
    ("change", "names"),
    [
        pytest.param(lambda root: (root / "a.md").write_text("x"), ["w/a.md"], id="altered"),
        pytest.param(lambda root: (root / "a.md").unlink(), ["w/*", "w/a.md"], id="gone"),
        pytest.param(lambda root: (root / "docs/c.md").write_text("x"), ["w/docs/*.md"], id="added"),
        pytest.param(
            lambda root: root.rename(root.parent / "v"),
            ["w/*", "w/a.md", "w/docs", "w/docs/*.md", "w/none/*.md"],
            id="moved",
        ),
    ],
)
def test_what_changed_is_named(change: Callable[[Path], object], names: list[str], places: EvidencePlaces) -> None:
    then = noted(places)
    change(places.repository)
    assert sorted(differing(then, places, Settings())) == names


def test_another_folder_and_other_settings_differ(places: EvidencePlaces, tmp_path: Path) -> None:
    then = noted(places)
    elsewhere = EvidencePlaces(tmp_path, (tmp_path,), {}, (), tmp_path)
    assert "w" in list(differing(then, elsewhere, Settings()))
    assert list(differing(then, places, Settings(allow=("command",)))) == ["orr.yaml: allow, sources"]
    assert list(differing(then, places, Settings(sources=("github",)))) == ["orr.yaml: allow, sources"]
