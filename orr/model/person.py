"""Compare names of people: the same, alike, or unclear.

Two names are the *same* where they differ in spelling only. They are *alike* where nobody could be sure that two people
are meant: by letters that look alike, accents, spaces, remarks ("Wei Chen (SRE)"), the order ("Chen, Wei"), or as a
name beside a mail address. Ask `same` where one person would help (a certificate counts, a vote is replaced), and
`alike` where one person stands in the way (an own waiver, a secondary who is the primary), so that doubt never counts
as good.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

MAX_LENGTH = 500
"""How many characters of a text are compared."""

# Default_Ignorable_Code_Point of Unicode 17.0 (DerivedCoreProperties.txt), controls, interlinear marks, a blank cell.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufff9-\ufffb\u2800]"
)
_DASHES = "\u058a\u05be\u1400\u1806\u2010-\u2015\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u2212\u301c\u3030"
_DOTS = "\u00b7\u2022\u2027\u2219\u22c5\u30fb"
_SEPARATORS = re.compile(rf"[\s._\-\u203f\u2040\u2054{_DASHES}{_DOTS}]+")
# Between these a space only lines names up: 王 伟 is 王伟.
_UNSPACED = "\u3005\u3007\u3041-\u3096\u309d-\u30ff\u3105-\u312f\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003fffd"
_LINING_UP = re.compile(rf"(?<=[{_UNSPACED}]) (?=[{_UNSPACED}])")
_DOTTED_I = re.compile("(?<=i)\u0307")
_MARKS = re.compile("[\u0300-\u036f]")
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
_WITH_ADDRESS = re.compile(r"(?P<name>.*?) ?<(?P<address>[^<>]*)>|(?P<first>[^()]*@[^()]*?) ?\((?P<second>[^()]*)\)")
_ADDRESS = re.compile(r"[^\s<>()\[\],;|/\"'“”:]+@[^\s<>()\[\],;|/\"'“”:]+")
_REMARK = re.compile(r"[(\[【<][^()\[\]【】<>]*[)\]】>]|\+?\d[\d\s()./-]{5,}\d|^\W*\d{1,2}[.)]\s")
_WRITINGS = (
    "Latn Hani Hira Kana", "Latn Hani Bopo", "Latn Hani Hang", "Arab", "Armn", "Beng", "Cyrl", "Deva", "Ethi", "Geor",
    "Grek", "Gujr", "Guru", "Hebr", "Knda", "Khmr", "Laoo", "Mlym", "Mymr", "Orya", "Sinh", "Taml", "Telu", "Thaa",
    "Thai", "Tibt",
)  # fmt: skip
"""The scripts that one name may be of: UTS 39, 5.2, “highly restrictive”, of those that UAX 31, table 5, recommends."""


class Unclear(NamedTuple):
    """Why a name is unclear; its words are `file.model.<kind>` with the values."""

    kind: str
    values: Mapping[str, str]


def name_key(name: str) -> str:
    """Reduce a name to what all its spellings share.

    Compatibility forms (NFKC), invisible characters, case, a leading @ and what separates its words make no difference.
    """
    return _reduced(name, fold=True)


def same(one: str, other: str) -> bool:
    """Whether two names differ in spelling only; of a name with an address, the address counts."""
    return identity(one) == identity(other)


@lru_cache(maxsize=8192)
def identity(name: str) -> str:
    """What `same` compares of a name."""
    text = _reduced(name, fold=True)
    parted = _WITH_ADDRESS.fullmatch(text)
    return _bare_address(_either(parted, "address", "first") if parted else text) or text


def alike(one: str, other: str) -> bool:
    """Whether two names could be one person's."""
    return not likenesses(one).isdisjoint(likenesses(other))


@lru_cache(maxsize=8192)
def likenesses(name: str) -> frozenset[str]:
    """Visual skeletons (UTS 39) of a name, its address and its parts.

    With and without spaces.

    Without accents, too, and with umlauts written out, since a keyboard may have none.
    """
    texts = {_reduced(part, fold=fold) for part in _readings(name) for fold in (True, False)}
    looks = {_look(one) for text in texts for one in (text, text.lower().translate(_WRITTEN_OUT))}
    looks |= {turned for look in looks for turned in _turned(look)}
    return frozenset(looks | {re.sub("[ ']", "", look) for look in looks})


def groups(names: Collection[str]) -> dict[str, str]:
    """Map each name to the first that could be the same person's.

    Names that are alike through others are so, too.
    """
    above: dict[str, str] = {}

    def top(look: str) -> str:
        while above.setdefault(look, look) != look:
            look = above[look]
        return look

    for name in names:
        one, *others = sorted(likenesses(name))
        for other in others:
            above[top(other)] = top(one)
    first: dict[str, str] = {}
    return {name: first.setdefault(top(min(likenesses(name))), name) for name in names}


def mentioned(name: str, text: str) -> bool:
    """Whether a text, such as an event's title, could be about a person."""
    texts = {_look(_reduced(text, fold=fold)) for fold in (True, False)}
    looks = likenesses(name)
    for look in filter(None, looks | {f"{last}, {first}" for first, _, last in (one.rpartition(" ") for one in looks)}):
        # Words of Chinese or Japanese stand side by side, so that a name may begin or end anywhere.
        before = "" if re.match(f"[{_UNSPACED}]", look) else r"(?<![^\W_])"
        after = "" if re.search(f"[{_UNSPACED}]$", look) else r"(?![^\W_])"
        if any(re.search(before + re.escape(look) + after, one) for one in texts):
            return True
    return False


@lru_cache(maxsize=8192)
def unclear(name: str) -> Unclear | None:
    """Find what is invisible in a name, or mixes scripts; None if nothing."""
    hidden = INVISIBLE.search(name)
    if hidden is not None:
        shown = INVISIBLE.sub("", name).strip()
        return Unclear("name-invisible", {"value": shown, "sign": _called(hidden[0]), "at": str(hidden.start() + 1)})
    if name.isascii():
        return None
    no_letter, writings = patterns()
    text = unicodedata.normalize("NFKC", name[:MAX_LENGTH])
    signs = no_letter.findall(text)
    for half in (half for part in _parts(text) for half in part.split("@")):
        signs += min((writing.sub("", half) for writing in writings), key=len)
    return Unclear("name-mixed", {"value": name, "sign": _called(signs[0])}) if signs else None


@lru_cache(maxsize=8192)
def _reduced(name: str, *, fold: bool) -> str:
    text, before = INVISIBLE.sub("", name)[:MAX_LENGTH], None
    while text != before:  # what is dropped or folded may let its neighbours compose
        before, text = text, unicodedata.normalize("NFKD", INVISIBLE.sub("", text))
        if fold:
            text = _DOTTED_I.sub("", text.casefold().replace("\u0131", "i"))
        text = unicodedata.normalize("NFKC", text)
    return _LINING_UP.sub("", _SEPARATORS.sub(" ", text).strip(" @"))


def _readings(name: str) -> Iterator[str]:
    """Forms of a name: whole, without additions, turned round, and each address."""
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", name)[:MAX_LENGTH])
    yield from _parts(text)
    for address in _ADDRESS.findall(text):
        yield from _parts(address)
    bare = _REMARK.sub(" ", _ADDRESS.sub(" ", text)).strip(" ,;:*/|\"'“”‘’-")
    last, _, first = bare.partition(",")
    yield from filter(str.strip, (bare, f"{first} {last}"))


def _turned(look: str) -> Iterator[str]:
    """A name with its last word first, and with its first word last."""
    first, _, rest = look.partition(" ")
    others, _, last = look.rpartition(" ")
    yield from filter(str.strip, (f"{rest} {first}", f"{last} {others}"))


def _parts(text: str) -> Iterator[str]:
    """A name, the address beside it, and the name in that without host, domain and tag."""
    parted = _WITH_ADDRESS.fullmatch(text)
    name, address = (_either(parted, "name", "second"), _either(parted, "address", "first")) if parted else (text, text)
    address = _bare_address(address)
    local = address.partition("@")[0].partition("+")[0].rpartition("\\")[2]
    found = dict.fromkeys(part for one in (name, address, local) if (part := one.strip(" @")))
    yield from found or [text]


def _either(parted: re.Match[str], one: str, other: str) -> str:
    return parted[one] or parted[other] or ""


def _bare_address(text: str) -> str:
    return re.sub("^mailto:", "", text, flags=re.IGNORECASE).strip(" @")


@lru_cache(maxsize=8192)
def _look(text: str) -> str:
    """The skeleton of a text, without case and accents."""
    return _reduced(_MARKS.sub("", unicodedata.normalize("NFD", text).translate(_confusables())), fold=True)


@cache
def _confusables() -> dict[int, str]:
    table: dict[int, str] = {}
    for line in Path(__file__).with_name("confusables.txt").read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            look, characters = ([chr(int(one, 16)) for one in part.split()] for part in line.split(": "))
            table.update((ord(character), "".join(look)) for character in characters)
    return table


@cache
def patterns() -> tuple[Any, tuple[Any, ...]]:
    """Patterns of signs that no name has, and of the letters of each writing."""
    import regex

    writings = ("".join(rf"\p{{scx={script}}}" for script in scripts.split()) for scripts in _WRITINGS)
    return (
        regex.compile(r"[[\p{C}\p{Zl}\p{Zp}\p{S}]--\p{ASCII}]", regex.VERSION1),
        tuple(regex.compile(rf"[{scripts}\p{{scx=Zyyy}}\p{{scx=Zinh}}]+") for scripts in writings),
    )


def _called(sign: str) -> str:
    return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".strip()
