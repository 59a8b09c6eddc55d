"""Bundle the form's JavaScript modules into one ES module.

A widget's program is one module without imports. Each file imports from its neighbours by
lines of one form, which are dropped here, after the files were put into an order in which
each comes after those that it imports.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

ENTRY = "form.js"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function |const |class |let )", re.MULTILINE)


def sources() -> dict[str, str]:
    """The modules by file name, each after those that it imports."""
    folder = files("orr.form") / "js"
    ordered: dict[str, str] = {}

    def add(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"{' → '.join((*above, name))} is a circle of imports")
        if name not in ordered:
            text = (folder / name).read_text(encoding="utf-8")
            for imported in _IMPORT.findall(text):
                add(imported, (*above, name))
            ordered[name] = text

    add(ENTRY, ())
    return ordered


@cache
def program() -> str:
    """The whole program."""
    parts = [f"// {name}\n{_EXPORT.sub('', _IMPORT.sub('', text))}" for name, text in sources().items()]
    return "\n".join(parts)


@cache
def style() -> str:
    """The form's style; every rule of it is bound to the class `orr-form`."""
    return (files("orr.form") / "form.css").read_text(encoding="utf-8")
