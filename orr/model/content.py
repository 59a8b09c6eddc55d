"""What a check or a vote decided on, folded so that its formatting does not matter."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_NO_SPACES = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_WORD = re.compile(rf"[{_NO_SPACES}]|[^\s{_NO_SPACES}]+")


class Content(NamedTuple):
    """Something that a check decided on.

    Attributes
    ----------
    about
        Where it stands, or what it is called: `docs/rollback.md#Steps`.
    text
        For a reader: what it says, in its own lines.
    digest
        Of the whole text, with its white space folded.
    """

    about: str
    text: str
    digest: str

    @classmethod
    def of(cls, about: str, text: str) -> Content:
        """Content of a text, which may be shortened for readers later."""
        return cls(about, text, digest_of_text(folded(text)))


def folded(text: str) -> str:
    """A text with every run of white space as one space."""
    return " ".join(text.split())


def canonical(value: Any) -> str:
    """JSON of plain data, with keys in order and the white space of its texts folded."""
    return json.dumps(_folded(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def data_text(value: Any) -> str:
    """Plain data as readable text: a line per key, in order, in any format."""
    return "\n".join(_lines(value))


def _lines(value: Any, indent: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in sorted(value.items(), key=lambda pair: str(pair[0])):
            nested = list(_lines(one, f"{indent}  "))
            is_plain = not isinstance(one, (dict, list, tuple))
            yield f"{indent}{key}: {nested[0].strip()}" if is_plain else f"{indent}{key}:"
            yield from () if is_plain else nested
    elif isinstance(value, (list, tuple)):
        for one in value:
            first, *more = _lines(one, f"{indent}  ") or [""]
            yield f"{indent}- {first.strip()}"
            yield from more
    else:
        yield indent + folded(str(value))


def by_key(text: str) -> dict[str, str]:
    """Values of data as `data_text` writes it, by dotted key; empty for anything else."""
    found: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in text.splitlines():
        plain = line.lstrip(" ")
        if not plain:
            continue
        indent, is_entry = len(line) - len(plain), plain.startswith("- ")
        key, colon, value = plain.removeprefix("- ").partition(":")
        while above and above[-1][0] >= indent:
            above.pop()
        path = [name for _, name in above]
        if colon and value[:1] in ("", " "):
            path.append(key)
            if not value:
                above.append((indent + 2 * is_entry, key))
                continue
        elif not (is_entry and above):
            return {}
        else:
            value = plain.removeprefix("- ")
        held = found.get(".".join(path))
        found[".".join(path)] = value.strip() if held is None else f"{held}, {value.strip()}"
    return found


def differences(old: str, new: str) -> tuple[tuple[str, str, str], ...]:
    """Differences between two texts: key, old and new words; no key unless both are data.

    Of an old text that was shortened, which ends in `…`, only what is left is compared.
    """
    cut = old.endswith("…")
    was, now = by_key(old), by_key(new)
    if not was or not now:
        if cut:
            old = old[:-1]
            new = new[: len(old)]
        words = differing_words(_entries(old), _entries(new))
        return ((("", *words)),) if words is not None else ()
    if cut:
        last = next(reversed(was))
        was[last] = was[last].removesuffix("…")
        now = {key: value if key != last else value[: len(was[key])] for key, value in now.items() if key in was}
    found = ((key, differing_words(was.get(key, ""), now.get(key, ""))) for key in {**was, **now})
    return tuple((key, *words) for key, words in found if words is not None)


def _entries(text: str) -> str:
    """Entries of a list, as `data_text` writes it, in a line; else the text."""
    lines = text.splitlines()
    return ", ".join(line[2:] for line in lines) if lines and all(line.startswith("- ") for line in lines) else text


def differing_words(old: str, new: str, *, beside: int = 4, at_most: int = 120) -> tuple[str, str] | None:
    """Differing words of two texts with some context; None for white space alone.

    Lines that both have are passed over, if what is left is less. A character of a script without spaces is a word.
    """
    whole = _differing(folded(old), folded(new), beside)
    if whole is None:
        return None
    lines = [dict.fromkeys(folded(line) for line in text.splitlines()) for text in (old, new)]
    was, now = (" · ".join(line for line in one if line not in other) for one, other in (lines, lines[::-1]))
    apart = _differing(was, now, beside) or whole
    shown = min(apart, whole, key=lambda words: sum(map(len, words)))
    return shortened(shown[0], at_most), shortened(shown[1], at_most)


def shortened(text: str, at_most: int, *, lines: bool = False) -> str:
    """A text of so many characters at most, in one line or in its own."""
    text = text.strip() if lines else folded(text)
    return text if len(text) <= at_most else text[: at_most - 1] + "…"


def _differing(old: str, new: str, beside: int) -> tuple[str, str] | None:
    words = [list(_WORD.finditer(text)) for text in (old, new)]
    before, after = ([word[0] for word in some] for some in words)
    if before == after:
        return None
    shorter = min(len(before), len(after))
    first = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    last = next((at for at in range(shorter - first) if before[-1 - at] != after[-1 - at]), shorter - first)

    def shown(text: str, some: list[re.Match[str]]) -> str:
        part = some[max(first - beside, 0) : len(some) - max(last - beside, 0)]
        return text[part[0].start() : part[-1].end()] if part else ""

    return shown(old, words[0]), shown(new, words[1])


def digest_of_text(text: str) -> str:
    """SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        return folded(value)
    if isinstance(value, dict):
        return {str(key): _folded(one) for key, one in value.items()}
    return [_folded(one) for one in value] if isinstance(value, (list, tuple)) else value
