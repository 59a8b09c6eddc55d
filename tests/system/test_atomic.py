"""Replacing a file in one step."""

from __future__ import annotations

from pathlib import Path

import pytest

from orr.report.publish import publish
from orr.system.atomic import write_atomically


@pytest.mark.parametrize("leads", ["within.txt", "/etc/hostname", "nowhere"])
def test_a_symbolic_link_is_neither_written_through_nor_replaced(tmp_path: Path, leads: str) -> None:
    (tmp_path / "within.txt").write_text("old", encoding="utf-8")
    link = tmp_path / "link.txt"
    link.symlink_to(leads)
    for write in (
        lambda: write_atomically(link, b"new"),
        lambda: publish(tmp_path, {"other.txt": "new", "link.txt": "new"}),
    ):
        with pytest.raises(OSError, match="symbolic link") as refused:
            write()
        assert refused.value.filename == str(link)
    assert str(link.readlink()) == leads
    assert (tmp_path / "within.txt").read_text(encoding="utf-8") == "old"
    assert {path.name for path in tmp_path.iterdir()} <= {"link.txt", "within.txt", ".report.lock"}
