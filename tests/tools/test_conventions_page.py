"""The page of conventions follows the table."""

from __future__ import annotations

from tools.conventions_page import DOCUMENT, page


def test_the_page_shows_the_table_as_it_is() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == page(), "write it anew: python -m tools.conventions_page"
