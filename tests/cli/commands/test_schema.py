"""`orr schema`: one schema, all of them, or a file for each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orr.cli import main
from orr.cli.commands.schema import KINDS
from orr.formats.schemas import schemas
from orr.proof.schema import decision_schema


def made(language: str = "en") -> dict[str, object]:
    return {**schemas(language), "decision": decision_schema()}


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_of_a_kind_of_file_is_printed(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", kind]) == 0
    assert json.loads(capsys.readouterr().out) == made()[kind]


def test_all_are_printed_by_kind_and_in_the_language_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "zh-CN", "schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == made("zh-CN")
    assert set(printed) == set(KINDS)


@pytest.mark.parametrize(("asked", "written"), [([], KINDS), (["review"], ("review",))], ids=["all", "one"])
def test_each_is_written_to_a_file_of_its_own_where_a_folder_is_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: list[str], written: tuple[str, ...]
) -> None:
    out = tmp_path / "made"
    assert main(["schema", *asked, "--out", str(out)]) == 0
    files = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in out.iterdir()}
    assert files == {f"{kind}.schema.json": made()[kind] for kind in written}
    assert capsys.readouterr().out.splitlines() == [f"wrote {out / f'{kind}.schema.json'}" for kind in written]


def test_an_unknown_kind_of_file_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "calendar"]) == 2
    told = capsys.readouterr().err
    assert all(kind in told for kind in KINDS)
