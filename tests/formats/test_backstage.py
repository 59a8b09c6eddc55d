"""Annotations for Backstage's catalog."""

from __future__ import annotations

import re

import yaml
from support.outcomes import TODAY, fleet

from orr.formats.backstage import backstage

KEY = re.compile(r"[a-z0-9.-]{1,253}/[a-zA-Z0-9._-]{1,63}")
"""What the catalog's validator takes for the key of an annotation."""


def test_each_workload_that_was_read_has_annotations_that_are_strings() -> None:
    documents = list(yaml.safe_load_all(backstage(fleet(), TODAY, "en")))
    found = [document["metadata"]["annotations"] for document in documents]
    assert [one["orr.readiness/workload"] for one in found] == ["shop", "till", "store"]
    assert [one["orr.readiness/verdict"] for one in found] == ["no-go", "conditional-go", "go"]
    assert found[2]["orr.readiness/valid-until"] == "2027-11-22"
    assert "orr.readiness/valid-until" not in found[0]
    assert all(KEY.fullmatch(key) and isinstance(value, str) for one in found for key, value in one.items())
