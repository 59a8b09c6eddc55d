"""Names, and every way of writing one that makes no other person of it."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import strategies as st

NAMES = (
    "wei", "Wei Chen", "José Núñez", "İbrahim Işık", "Jürg Groß", "Đặng Văn Lâm", "Νίκος Ευαγγέλου", "Иван Петров",
    "陈伟", "山田 太郎", "김철수", "ジョン・スミス", "O'Brien", "wei.chen@example.com",
    "Wei Chen <wei.chen@example.com>",
)  # fmt: skip
INVISIBLE = (
    "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u061c", "\u202e", "\u2066", "\ufe0f", "\u180b",
    "\U000e0101", "\U000e0041", "\u115f", "\u3164", "\uffa0", "\x07", "\u2800",
)  # fmt: skip
"""Zero-width, soft hyphen, joiner, bidirectional, variation selector, tag, Hangul filler, control, blank."""
_FORMS = ("NFC", "NFD", "NFKC", "NFKD")
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_BOLD = {ord("A") + place: 0x1D400 + place for place in range(26)} | {
    ord("a") + place: 0x1D41A + place for place in range(26)
}
_SEPARATORS = (" ", ".", "_", "-", "  ", "\u2010", "\u00a0", "\u3000", " - ", "\u00b7")


@st.composite
def respelled(draw: st.DrawFn, name: str) -> str:
    """The same name, written in another way."""
    for _ in range(draw(st.integers(1, 4))):
        match draw(st.integers(0, 5)):
            case 0:
                name = unicodedata.normalize(draw(st.sampled_from(_FORMS)), name)
            case 1:
                name = draw(st.sampled_from([str.upper, str.lower, str.title, str.casefold]))(name)
            case 2:
                at = draw(st.integers(0, len(name)))
                name = name[:at] + draw(st.sampled_from(INVISIBLE)) + name[at:]
            case 3:
                other = draw(st.sampled_from(_SEPARATORS))
                name = re.sub(r"[ ._\-]+", lambda _, other=other: other, name)  # type: ignore[misc]
            case 4:
                name = name.translate(draw(st.sampled_from([_WIDE, _BOLD])))
            case _:
                name = draw(st.sampled_from([" ", "@", ""])) + name + draw(st.sampled_from([" ", ".", ""]))
    return name
