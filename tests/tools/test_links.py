"""Whatever leads nowhere, and whatever is fetched from elsewhere, is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.links import faults_of


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ('<a href="b/other.html#place">', None),
        ('<a href="b/other.html">', None),
        ('<a href="#here"><p id="here">', None),
        ('<a href="https://example.com/anything">', None),
        ('<a href="mailto:a@example.com">', None),
        ('<img src="b/p.png">', None),
        ('<a href="gone.html">', "gone.html leads nowhere"),
        ('<a href="b/other.html#gone">', "b/other.html#gone leads to no place of that page"),
        ('<a href="#gone">', "#gone leads to no place of that page"),
        ('<a href="b">', "b leads nowhere"),
        ('<img src="gone.png">', "gone.png leads nowhere"),
        ('<img src="https://example.com/p.png">', "fetches https://example.com/p.png"),
        ('<script src="//example.com/s.js"></script>', "fetches //example.com/s.js"),
        ('<link rel="stylesheet" href="https://example.com/s.css">', "fetches https://example.com/s.css"),
        ('<p style="background: url(https://example.com/p.png)">', "fetches https://example.com/p.png"),
    ],
)
def test_a_page(tmp_path: Path, markup: str, fault: str | None) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "other.html").write_text('<p id="place"><a href="../a.html">', encoding="utf-8")
    (tmp_path / "b" / "p.png").write_bytes(b"")
    (tmp_path / "a.html").write_text(markup, encoding="utf-8")
    assert faults_of(tmp_path) == ([f"a.html: {fault}"] if fault else [])


@pytest.mark.parametrize("text", ['@import "https://example.com/f.css";', "p { background: url('//example.com/p') }"])
def test_a_style_sheet_that_fetches_from_elsewhere(tmp_path: Path, text: str) -> None:
    (tmp_path / "s.css").write_text(text, encoding="utf-8")
    (fault,) = faults_of(tmp_path)
    assert fault.startswith("s.css: fetches ")
