"""Parse YAML 1.2 within bounds, with the place of every fault.

PyYAML's event stream is read directly, because its own constructor follows YAML 1.1
(`no` becomes False, dates become objects), keeps the last of two equal keys and sets no
bound on depth or aliases.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml import AliasEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent

from orr.messages import say
from orr.source.faults import MAX_FAULTS, Fault, FaultyInput, Path, Place, first, shortened
from orr.source.yaml.schema import MAX_DEPTH, MAX_NODES, WORD, resolve, resolve_word

MAX_ALIASES = 100

# To libyaml these are the ends of lines, or nothing; to YAML 1.2 they are text. A mark may begin a file.
_MISREAD = re.compile("[\x85\u2028\u2029]|(?!\\A)\ufeff")

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

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


def read(text: str, path: str) -> Any:
    """Read one document; as `orr.source.yaml.parse`, which remembers what it read."""
    return Reader(text, path).read()


def read_with_places(text: str, path: str) -> tuple[Any, dict[Path, Place]]:
    """Read one document, and where each of its nodes stands."""
    reader = Reader(text, path, with_places=True)
    return reader.read(), reader.places


class Reader:
    """Reader of one document, event by event."""

    max_aliases = MAX_ALIASES

    def __init__(self, text: str, path: str, with_places: bool = False) -> None:
        self.text, self.path = text, path
        self.faults: list[Fault] = []
        self.places: dict[Path, Place] = {}
        self.with_places = with_places
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.nodes = self.aliases = 0

    def read(self) -> Any:
        """The document's data; `FaultyInput` with all that is wrong."""
        if not self.text.isascii() and (misread := _MISREAD.search(self.text)):
            self._unreadable(misread)
            raise FaultyInput(self.faults)
        try:
            self.next: Any = _Loader(self.text).get_event
            self.next()  # the stream starts
            if not isinstance(self.next(), yaml.DocumentStartEvent):
                self._stop(Place(1, 1), "file.yaml.empty")
            event = self.next()
            data = self._node(event, (), 0)
            if data is None and isinstance(event, ScalarEvent):
                self._stop(Place(1, 1), "file.yaml.empty")
            self.next()  # the document ends
            following = self.next()
            if isinstance(following, yaml.DocumentStartEvent):
                self._stop(_place(following), "file.yaml.many-documents")
        except yaml.MarkedYAMLError as error:
            self._syntax(error)
        except (yaml.reader.ReaderError, UnicodeEncodeError):
            self._unreadable(yaml.reader.Reader.NON_PRINTABLE.search(self.text))
        if self.faults:
            raise FaultyInput(self.faults)
        return data

    def _node(self, event: Any, at: Path, depth: int) -> Any:
        before = self.nodes
        self.nodes += 1 + depth // 16  # where something stands is kept with all the keys that lead there
        if self.nodes > MAX_NODES:
            self._stop(_place(event), "file.yaml.too-many", limit=MAX_NODES)
        kind = type(event)
        if kind is ScalarEvent:
            tag = event.tag
            if tag is None:
                value = event.value
                if event.implicit[0]:
                    value = self._plain(value)
            else:
                value = self._tagged(event, tag)
        elif kind is AliasEvent:
            return self._alias(event)
        else:
            if depth >= MAX_DEPTH:
                self._stop(_place(event), "file.yaml.too-deep", limit=MAX_DEPTH)
            made = dict if kind is MappingStartEvent else list
            if event.tag not in (None, "!") and _CORE_TAGS.get(event.tag) is not made:
                self._note(_place(event), "file.yaml.tag", tag=event.tag)
            value = self._mapping(at, depth + 1) if made is dict else self._sequence(at, depth + 1)
        if event.anchor is not None:
            self._whole_name(event)
            self.anchors[event.anchor] = (value, self.nodes - before)
        return value

    def _plain(self, text: str) -> Any:
        return resolve_word(text) if len(text) < WORD else resolve(text)

    def _mapping(self, at: Path, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        following, node, with_places = self.next, self._node, self.with_places
        below = at
        event = following()
        while type(event) is not MappingEndEvent:
            key = node(event, at, depth)
            if not isinstance(key, str):
                # What a key of many parts looks like, in which again such keys may stand, is of no bounded length.
                key = "{…}" if isinstance(key, dict) else "[…]" if isinstance(key, list) else shortened(key)
                self._note(_place(event), "file.yaml.key", key=key)
            elif key in result:
                self._note(_place(event), "file.yaml.twice", key=key)
            if self.text[event.start_mark.index - 1] == "?" and event.start_mark.index:
                self._note(_place(event), "file.yaml.question", key=key)
            if with_places:
                below = (*at, key)
                self.places.setdefault(below, _place(event))
            result[key] = node(following(), below, depth)
            event = following()
        return result

    def _sequence(self, at: Path, depth: int) -> list[Any]:
        result: list[Any] = []
        following, node, with_places = self.next, self._node, self.with_places
        below = at
        event = following()
        while type(event) is not SequenceEndEvent:
            if with_places:
                below = (*at, len(result))
                self.places[below] = _place(event)
            result.append(node(event, below, depth))
            event = following()
        return result

    def _alias(self, event: Any) -> Any:
        self.aliases += 1
        if self.aliases > self.max_aliases:
            self._stop(_place(event), "file.yaml.too-many-aliases", limit=self.max_aliases)
        if event.anchor not in self.anchors:
            self._stop(_place(event), "file.yaml.no-anchor", anchor=event.anchor)
        value, weight = self.anchors[event.anchor]
        self.nodes += weight
        if self.nodes > MAX_NODES:
            self._stop(_place(event), "file.yaml.too-many", limit=MAX_NODES)
        return value

    def _whole_name(self, event: Any) -> None:
        """Refuse an anchor with a colon, which libyaml cuts off."""
        end = self.text.find("&", event.start_mark.index) + 1 + len(event.anchor)
        if self.text[end : end + 1] == ":" and self.text[end + 1 : end + 2].strip():
            self._note(_place(event), "file.yaml.anchor", anchor=event.anchor)

    def _tagged(self, event: Any, tag: str) -> Any:
        text: str = event.value
        if tag == "!":
            return text
        kind = _CORE_TAGS.get(tag)
        value = text if kind is str else resolve(text)
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            self._note(_place(event), "file.yaml.tag", tag=tag)
        return value

    def _note(self, place: Place, key: str, /, **values: Any) -> None:
        values = {name: shortened(value) if isinstance(value, str) else value for name, value in values.items()}
        self.faults.append(Fault(self.path, place, say(key, **values), say(f"{key}.do", **values)))
        if len(self.faults) > MAX_FAULTS:
            raise FaultyInput(first(self.faults))

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

    def _unreadable(self, bad: re.Match[str] | None) -> None:
        at = bad.start() if bad else 0
        before = self.text[:at]
        place = Place(before.count("\n") + 1, at - before.rfind("\n"))
        code = f"U+{ord(bad.group()):04X}" if bad else "?"
        self._note(place, "file.yaml.character", code=code)


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)
