"""YAML 1.2 text to plain data and back, bounded, with the place of every fault.

PyYAML's event stream is read directly, because its own constructor follows YAML 1.1
(`no` becomes False, dates become objects), keeps the last of two equal keys and sets no
bound on depth or aliases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from orr.messages import Message, render, say

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
MAX_ALIASES = 100
MAX_NODES = 400_000

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# The core schema, https://yaml.org/spec/1.2.2/#1032-tag-resolution
_CONSTANTS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_STARTS_A_NUMBER = frozenset("0123456789+-.")
_OTHER_BREAKS = re.compile("[\r\x85\u2028\u2029]")
_MAX_DIGITS = 100  # int() of a long literal takes quadratic time
_TYPES: dict[str, type] = {
    "str": str,
    "map": dict,
    "seq": list,
    "null": type(None),
    "bool": bool,
    "int": int,
    "float": float,
}
_CORE_TAGS = {f"tag:yaml.org,2002:{name}": kind for name, kind in _TYPES.items()}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a text: line and column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in an input file, and what to do about it.

    Attributes
    ----------
    path
        The file as the user would name it.
    place
        Line and column, from 1.
    wrong, remedy
        What is wrong; what to do.
    """

    path: str
    place: Place
    wrong: Message
    remedy: Message

    def in_words(self, language: str) -> str:
        """`path:line:column: what is wrong; what to do`, on one line."""
        words = say("file.fault", wrong=self.wrong, remedy=self.remedy)
        return _CONTROL.sub(" ", f"{self.path}:{self.place.line}:{self.place.column}: {render(words, language)}")


def shortened(value: object) -> str:
    """A value from a file as a fault quotes it: as YAML writes it, and of a long one the beginning."""
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else "null" if value is None else str(value)
    return text if len(text) <= 80 else text[:79] + "…"


class FaultyInput(Exception):  # noqa: N818 - a word of its own, as in "faulty input"
    """Input that cannot be used; `faults` holds every reason, in order of place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = once(faults)
        super().__init__("\n".join(fault.in_words("en") for fault in self.faults))


def once(faults: Iterable[Fault]) -> list[Fault]:
    """Drop the repetitions of faults, and order them by place."""
    distinct = {fault.in_words("en"): fault for fault in faults}
    return sorted(distinct.values(), key=lambda fault: (fault.path, fault.place))


def decode(raw: bytes, path: str) -> str:
    """Turn a file's bytes into text: UTF-8, with or without a byte-order mark.

    Raises
    ------
    FaultyInput
        If the file is larger than `MAX_BYTES` or is not UTF-8.
    """
    if len(raw) > MAX_BYTES:
        wrong = say("file.yaml.too-large", size=len(raw), limit=MAX_BYTES)
        raise FaultyInput([Fault(path, Place(1, 1), wrong, say("file.yaml.too-large.do"))])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = raw[: error.start].decode("utf-8-sig", "replace")
        line, column = good.count("\n") + 1, len(good) - good.rfind("\n")
        wrong = say("file.yaml.not-utf8", byte=f"0x{raw[error.start]:02x}")
        raise FaultyInput([Fault(path, Place(line, column), wrong, say("file.yaml.not-utf8.do"))]) from None


def parse(text: str, path: str) -> Any:
    """Read one YAML 1.2 document.

    Parameters
    ----------
    text
        The document.
    path
        The file's name for faults.

    Returns
    -------
    object
        Dicts with string keys, lists, strings, ints, floats, bools and None.

    Raises
    ------
    FaultyInput
        For a syntax error, an empty document, more than one document, equal keys, keys
        that are no strings, tags, and anything over the bounds of this module.
    """
    return _Builder(text, path).read()


def places(text: str) -> dict[Path, Place]:
    """The place of every node of a document that `parse` accepts.

    Returns
    -------
    dict
        From the path of keys and indices to the node's place; a mapping's entry is
        found at its key, so that a fault points at the word that the user wrote.
    """
    builder = _Builder(text, "", with_places=True)
    builder.read()
    return builder.places


def parse_with_places(text: str, path: str) -> tuple[Any, dict[Path, Place]]:
    """What `parse` returns, and what `places` does, in one reading."""
    builder = _Builder(text, path, with_places=True)
    return builder.read(), builder.places


class _Builder:
    def __init__(self, text: str, path: str, with_places: bool = False) -> None:
        self.text, self.path = text, path
        self.faults: list[Fault] = []
        self.places: dict[Path, Place] = {}
        self.with_places = with_places
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.nodes = self.aliases = 0
        self.events: Iterator[Any] = iter(())

    def read(self) -> Any:
        try:
            self.events = iter(yaml.parse(self.text, Loader=_Loader))
            next(self.events)  # the stream starts
            first = next(self.events)
            if not isinstance(first, yaml.DocumentStartEvent):
                self._stop(Place(1, 1), "file.yaml.empty")
            event = next(self.events)
            data = self._node(event, ())
            if data is None and isinstance(event, yaml.ScalarEvent):
                self._stop(Place(1, 1), "file.yaml.empty")
            next(self.events)  # the document ends
            following = next(self.events)
            if isinstance(following, yaml.DocumentStartEvent):
                self._stop(_place(following), "file.yaml.many-documents")
        except yaml.MarkedYAMLError as error:
            self._syntax(error)
        except (yaml.reader.ReaderError, UnicodeEncodeError):
            self._unreadable()
        if self.faults:
            raise FaultyInput(self.faults)
        return data

    def _node(self, event: Any, at: Path) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._stop(_place(event), "file.yaml.too-many", limit=MAX_NODES)
        before = self.nodes
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        else:
            if len(at) >= MAX_DEPTH:
                self._stop(_place(event), "file.yaml.too-deep", limit=MAX_DEPTH)
            kind = dict if isinstance(event, yaml.MappingStartEvent) else list
            if event.tag not in (None, "!") and _CORE_TAGS.get(event.tag) is not kind:
                self._note(_place(event), "file.yaml.tag", tag=event.tag)
            value = self._mapping(at) if kind is dict else self._sequence(at)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, self.nodes - before + 1)
        return value

    def _mapping(self, at: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, (*at, "?"))
            here = _place(event) if self.with_places or not isinstance(key, str) or key in result else None
            if not isinstance(key, str):
                assert here is not None
                self._note(here, "file.yaml.key", key=shortened(key))
                key = str(key)
            elif key in result:
                assert here is not None
                self._note(here, "file.yaml.twice", key=key)
            if self.with_places and here is not None:
                self.places.setdefault((*at, key), here)
            result[key] = self._node(next(self.events), (*at, key))
        return result

    def _sequence(self, at: Path) -> list[Any]:
        result: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            here = (*at, len(result))
            if self.with_places:
                self.places[here] = _place(event)
            result.append(self._node(event, here))
        return result

    def _alias(self, event: Any) -> Any:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            self._stop(_place(event), "file.yaml.too-many-aliases", limit=MAX_ALIASES)
        if event.anchor not in self.anchors:
            self._stop(_place(event), "file.yaml.no-anchor", anchor=event.anchor)
        value, weight = self.anchors[event.anchor]
        self.nodes += weight
        if self.nodes > MAX_NODES:
            self._stop(_place(event), "file.yaml.too-many", limit=MAX_NODES)
        return value

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.tag is None:
            return resolve(text) if event.implicit[0] else text
        if event.tag == "!":
            return text
        kind = _CORE_TAGS.get(event.tag)
        value = text if kind is str else resolve(text)
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            self._note(_place(event), "file.yaml.tag", tag=event.tag)
        return value

    def _note(self, place: Place, key: str, /, **values: Any) -> None:
        values = {name: shortened(value) if isinstance(value, str) else value for name, value in values.items()}
        self.faults.append(Fault(self.path, place, say(key, **values), say(f"{key}.do", **values)))

    def _stop(self, place: Place, key: str, /, **values: Any) -> None:
        self._note(place, key, **values)
        raise FaultyInput(self.faults)

    def _syntax(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        lines = self.text.splitlines()
        line = lines[place.line - 1] if place.line <= len(lines) else ""
        if "maximum nesting depth" in (error.problem or ""):  # the parser gives up before the event is seen
            self._note(place, "file.yaml.too-deep", limit=MAX_DEPTH)
        elif re.match(r" *\t", line):
            self._note(Place(place.line, line.index("\t") + 1), "file.yaml.tab")
        else:
            self._note(place, "file.yaml.syntax", problem=error.problem or error.context or "")

    def _unreadable(self) -> None:
        bad = yaml.reader.Reader.NON_PRINTABLE.search(self.text)
        at = bad.start() if bad else 0
        before = self.text[:at]
        place = Place(before.count("\n") + 1, at - before.rfind("\n"))
        code = f"U+{ord(bad.group()):04X}" if bad else "?"
        self._note(place, "file.yaml.character", code=code)


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def resolve(text: str) -> Any:
    """What a plain scalar means in the core schema of YAML 1.2."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] in _STARTS_A_NUMBER:
        if _INT.fullmatch(text):
            if len(text) > _MAX_DIGITS:
                return text
            value = int(text, 0) if text[:2] in ("0o", "0x") else int(text)
            return value if abs(value) < 10 ** (_MAX_DIGITS - 1) else text
        if _FLOAT.fullmatch(text):
            return _float(text.lower())
    return text


def _float(text: str) -> float:
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))


class _CanonicalDumper(yaml.SafeDumper):
    # libyaml's emitter cannot indent the entries of a list below its key.
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)

    def ignore_aliases(self, _data: Any) -> bool:
        return True


_CanonicalDumper.yaml_implicit_resolvers = {}
_CanonicalDumper.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)\Z"), [*"~nN", ""])
_CanonicalDumper.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), [*"tTfF"]
)
_CanonicalDumper.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(f"(?:{_INT.pattern})\\Z"), [*"-+0123456789"])
_CanonicalDumper.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(f"(?:{_FLOAT.pattern})\\Z"), [*"-+.0123456789"]
)


def _represent_text(dumper: Any, text: str) -> Any:
    style = None
    if _OTHER_BREAKS.search(text):
        style = '"'  # the only style that keeps them apart from \n
    elif "\n" in text:
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_CanonicalDumper.add_representer(str, _represent_text)


def dump(data: Any) -> str:
    """Write plain data as canonical YAML 1.2: given key order, one line per text.

    The law ``parse(dump(data), "") == data`` holds for what `parse` can return.
    """
    text = yaml.dump(
        data,
        Dumper=_CanonicalDumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=1_000_000,
    )
    return str(text)
