"""Write plain data as canonical YAML 1.2."""

from __future__ import annotations

import re
from typing import Any

import yaml

from orr.source.yaml.schema import FLOAT, INT

_OTHER_BREAKS = re.compile("[\r\x85\u2028\u2029]")


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
_CanonicalDumper.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(f"(?:{INT.pattern})\\Z"), [*"-+0123456789"])
_CanonicalDumper.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(f"(?:{FLOAT.pattern})\\Z"), [*"-+.0123456789"]
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
