"""The table of look-alike characters, and how it is taken out of ICU."""

from __future__ import annotations

import struct

import pytest
from support import ROOT

from tools.confusables import TABLE, read_icu, table


def icu_data(alike: dict[str, str]) -> bytes:
    """A part `confusables.cfu` as ICU lays it out, somewhere in a file."""
    keys, values, texts = b"", b"", b""
    for character, text in sorted(alike.items()):
        units = text.encode("utf-16-le")
        length = len(units) // 2
        keys += struct.pack("<I", ord(character) | (length - 1) << 24)
        values += units if length == 1 else struct.pack("<H", len(texts) // 2)
        texts += units if length > 1 else b""
    start = 8 + 7 * 4
    n = len(alike)
    places = (0, start, n, start + len(keys), n, start + len(keys) + len(values), len(texts) // 2)
    return b"other" + struct.pack("<I4x7i", 0x3845FDEF, *places) + keys + values + texts + b"more"


def test_what_icu_holds_is_read_and_written_a_line_a_look() -> None:
    alike = {"\u0430": "a", "\u0251": "a", "m": "rn", "\U00010421": "C"}
    assert read_icu(icu_data(alike)) == alike
    lines = [line for line in table(alike, "1.2.3").splitlines() if not line.startswith("#")]
    assert lines == ["0043: 10421", "0061: 0251 0430", "0072 006E: 006D"]
    assert "Unicode 1.2.3" in table(alike, "1.2.3")


def test_what_normalization_changes_is_left_out() -> None:
    assert "FF41" not in table({"\uff41": "a"}, "1")


def test_a_file_without_such_a_part_is_refused() -> None:
    with pytest.raises(ValueError, match="no confusables"):
        read_icu(b"nothing")


def test_the_table_of_the_package_is_one_that_this_tool_writes() -> None:
    lines = (ROOT / TABLE).read_text(encoding="ascii").splitlines()
    rows = [line.split(": ") for line in lines if not line.startswith("#")]
    found = {
        chr(int(one, 16)): "".join(chr(int(code, 16)) for code in look.split())
        for look, row in rows
        for one in row.split()
    }
    assert found["\u0430"] == "a"
    assert len(found) > 2_000
    head = [line for line in lines if line.startswith("#")]
    assert table(found, "17.0.0").splitlines() == [*head, *(line for line in lines if not line.startswith("#"))]
