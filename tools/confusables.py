"""Look-alike characters of Unicode, taken out of a data file of ICU.

`python -m tools.confusables /path/to/icudt78l.dat 17.0.0` writes `orr/model/confusables.txt` anew; Chromium's
`icudtl.dat` is such a file. ICU keeps there what Unicode publishes as `security/confusables.txt`.
"""

from __future__ import annotations

import struct
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

TABLE = Path("orr") / "model" / "confusables.txt"
_MAGIC = struct.pack("<I", 0x3845FDEF)
_HEAD = """\
# Characters that look alike (Unicode Technical Standard 39), in code points: what they look like, then they.
# Source: the confusables of Unicode {version} as ICU carries them; Unicode License v3, https://www.unicode.org/license.txt.
# Generated: run `python -m tools.confusables`. Left out: whatever a compatibility decomposition (NFKD) changes.
"""


def read_icu(data: bytes) -> dict[str, str]:
    """Read by character what it looks like, from the part `confusables.cfu` of ICU's data.

    Source: ICU's `uspoof_impl.h`, `SpoofDataHeader`: keys of 32 bits, each a code point and above it the length of
    what it looks like less one; beside each 16 bits, which are that character or where the text begins.

    Raises
    ------
    ValueError
        If there is no such part.
    """
    start = data.find(_MAGIC)
    if start < 0:
        raise ValueError("no confusables in this file")
    _, keys_at, n, values_at, _, texts_at, units = struct.unpack_from("<7i", data, start + 8)
    keys = struct.unpack_from(f"<{n}I", data, start + keys_at)
    values = struct.unpack_from(f"<{n}H", data, start + values_at)
    texts = data[start + texts_at : start + texts_at + 2 * units]
    found = {}
    for key, value in zip(keys, values, strict=True):
        length = (key >> 24) + 1
        text = struct.pack("<H", value) if length == 1 else texts[2 * value : 2 * (value + length)]
        found[chr(key & 0x1FFFFF)] = text.decode("utf-16-le")
    return found


def table(found: Mapping[str, str], version: str) -> str:
    """Write the table: a line for each text that characters look like."""
    alike = defaultdict(list)
    for character, text in sorted(found.items()):
        if unicodedata.normalize("NFKD", character) == character:
            alike[text].append(character)
    lines = (f"{_hex(text)}: {_hex(characters)}\n" for text, characters in sorted(alike.items()))
    return _HEAD.format(version=version) + "".join(lines)


def _hex(text: str | list[str]) -> str:
    return " ".join(f"{ord(character):04X}" for character in text)


if __name__ == "__main__":
    _, icu, unicode_version = sys.argv
    TABLE.write_text(table(read_icu(Path(icu).read_bytes()), unicode_version), encoding="utf-8")
