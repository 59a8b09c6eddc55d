"""Running a notebook in a kernel of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from orr.execution.run import kernel_class


def test_a_process_of_nobody_by_name_gets_a_home_since_jupyter_starts_nowhere_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "HOME" not in kernel_class(tmp_path)().kernel_spec.env

    def nobody(_: type[Path]) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", classmethod(nobody))
    assert kernel_class(tmp_path)().kernel_spec.env["HOME"] == str(tmp_path)
