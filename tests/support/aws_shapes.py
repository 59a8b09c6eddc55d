"""Holds a JMESPath to the shapes of botocore: what a key can lead to, and what it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jmespath

ANY = object()
NOTHING = object()
SCALAR = "scalar"


class Misfit(AssertionError):
    """A key, a function or a comparison that the shape cannot have."""


def of_shape(shape: Any, seen: tuple[str, ...] = ()) -> Any:
    """The type of a shape: a dict of members, a list of one type, text with its values, or anything."""
    if shape is None:
        return {}
    if shape.name in seen:
        return ANY
    if shape.type_name == "structure":
        return {name: of_shape(member, (*seen, shape.name)) for name, member in shape.members.items()} or ANY
    if shape.type_name == "list":
        return [of_shape(shape.member, seen)]
    if shape.type_name == "map":
        return ANY
    return (SCALAR, tuple(getattr(shape, "enum", None) or ()))


def merged(parent: Any, child: Any) -> Any:
    """A row laid over the one that it was asked for."""
    if child is ANY or parent is ANY:
        return ANY
    child = child if isinstance(child, Mapping) else {"value": child}
    return {**parent, **child}


def walk(expression: str, scope: Any) -> Any:
    """The type that an expression gives, or a `Misfit`."""
    return _node(jmespath.compile(expression).parsed, scope, expression)


def _node(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    return globals()["_" + node["type"]](node, scope, text)


def _kids(node: Mapping[str, Any], scope: Any, text: str) -> list[Any]:
    return [_node(child, scope, text) for child in node["children"]]


def _field(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    if scope is ANY or scope is NOTHING:
        return scope
    if not isinstance(scope, Mapping) or node["value"] not in scope:
        raise Misfit(
            f"{text}: there is no {node['value']} among {list(scope) if isinstance(scope, Mapping) else scope}"
        )
    return scope[node["value"]]


def _subexpression(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    for child in node["children"]:
        scope = _node(child, scope, text)
    return scope


_pipe = _index_expression = _subexpression


def _identity(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    return scope


_current = _identity


def _element(kind: Any, text: str) -> Any:
    if kind is ANY or kind is NOTHING:
        return kind
    if not isinstance(kind, list):
        raise Misfit(f"{text}: {kind} is no list")
    return kind[0]


def _index(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    return _element(scope, text)


def _flatten(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    inner = _element(_node(node["children"][0], scope, text), text)
    return inner if isinstance(inner, list) else [inner]


def _projection(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    left, right = node["children"]
    return [_node(right, _element(_node(left, scope, text), text), text)]


def _filter_projection(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    left, right, test = node["children"]
    element = _element(_node(left, scope, text), text)
    _node(test, element, text)
    return [_node(right, element, text)]


def _multi_select_dict(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    return {pair["value"]: _node(pair["children"][0], scope, text) for pair in node["children"]}


def _multi_select_list(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    kinds = _kids(node, scope, text)
    known = [kind for kind in kinds if kind is not ANY]
    if known and all(isinstance(kind, list) for kind in known):
        elements = [kind[0] for kind in known]
        if all(isinstance(element, Mapping) for element in elements):
            return [[{key: value for element in elements for key, value in element.items()}]]
    return [known[0] if known else ANY]


def _literal(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    return ("literal", node["value"])


def _comparator(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    one, other = _kids(node, scope, text)
    for kind, against in ((one, other), (other, one)):
        values = _values(kind)
        if values and _is_literal(against) and isinstance(against[1], str) and against[1] not in values:
            raise Misfit(f"{text}: {against[1]} is none of {values}")
    return ANY


def _and_expression(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    _kids(node, scope, text)
    return ANY


_or_expression = _not_expression = _and_expression


def _function_expression(node: Mapping[str, Any], scope: Any, text: str) -> Any:
    kinds = _kids(node, scope, text)
    if node["value"] == "contains" and _is_literal(kinds[0]) and isinstance(kinds[0][1], list) and _values(kinds[1]):
        strange = [one for one in kinds[0][1] if one not in _values(kinds[1])]
        if strange:
            raise Misfit(f"{text}: {strange} are none of {_values(kinds[1])}")
    return kinds[0] if node["value"] == "not_null" else ANY


def _values(kind: Any) -> tuple[str, ...]:
    return kind[1] if isinstance(kind, tuple) and kind[0] == SCALAR else ()


def _is_literal(kind: Any) -> bool:
    return isinstance(kind, tuple) and kind[0] == "literal"
