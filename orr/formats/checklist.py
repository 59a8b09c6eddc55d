"""A checklist as canonical YAML."""

from __future__ import annotations

from typing import Any

from orr.model.checklist import Checklist
from orr.source.yaml.writer import dump


def checklist_data(checklist: Checklist) -> dict[str, Any]:
    """Turn a checklist into what `orr.source.yaml.parse` returns for its file."""
    data: dict[str, Any] = checklist.as_data()
    return data


def checklist_yaml(checklist: Checklist) -> str:
    """Write a checklist as the text of its file; reading it again gives an equal checklist."""
    return dump(checklist_data(checklist))
