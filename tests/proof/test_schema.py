"""The schema of an attested decision: what is attested has its form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.gate_stage import IMAGE, decided, orr, record, stage
from support.keys import ssh

from orr.proof.schema import decision_schema, misfit

SCHEMA = jsonschema.Draft202012Validator(decision_schema())


@pytest.mark.parametrize("voted", [True, False], ids=["go", "pending"])
def test_every_decision_that_is_attested_has_the_form(voted: bool, tmp_path: Path) -> None:
    root = decided(tmp_path) if voted else stage(tmp_path, voted=False)
    if not voted:
        record(root)
    key, _ = ssh(root)
    assert orr(root, "attest", "shop", "--artifact", IMAGE, "--key", str(key)) == 0
    told = json.loads((root / "reports/shop/decision.json").read_text())
    SCHEMA.validate(told)
    for wrong in ({"expires": "soon"}, {"decision": "maybe"}, {"more": 1}):
        altered = {**told, "predicate": {**told["predicate"], **wrong}}
        assert not SCHEMA.is_valid(altered)
        assert misfit(altered, decision_schema()) == f"$.predicate.{next(iter(wrong))}"
    assert misfit(told, decision_schema()) is None


def test_it_is_printed_with_the_other_schemas(tmp_path: Path, capsys: Any) -> None:
    assert orr(tmp_path, "schema", "decision") == 0
    assert json.loads(capsys.readouterr().out) == decision_schema()
