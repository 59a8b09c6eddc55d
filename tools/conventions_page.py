"""The table of conventions as a page of the documentation.

`python -m tools.conventions_page` writes `docs/conventions.md` anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from orr.evidence.repository.conventions import aside, conventions

DOCUMENT = Path("docs") / "conventions.md"

_HEAD = """\
# Conventions

Where repositories keep things. This page is generated: run `python -m tools.conventions_page` after a change of
`orr/evidence/repository/conventions.yaml`.

A checklist writes `convention:NAME` where a pattern may stand, alone or among others; the shipped ones do. Checks look
at the places under *Read*: for documents and rosters the first that matches anything decides, elsewhere all count.
`orr init` looks at those under *Offered*, too, and by what files hold; what it finds it writes into `paths` of the new
`workload.yaml`, which a check goes by that looks for something to be there ([formats.md](formats.md#workloadyaml)). No
workload moves what is *fixed*: checks look there for what must not be. A place is in this table once three projects
that have nothing to do with each other use it.

```yaml
- check: document
  path: [convention:runbooks, handbook/operations/*.md]
```

## Folders that do not count

Whatever lies in a folder named {aside}
proves nothing, however deep it lies, unless a pattern names the folder (`vendor/shop/**`). `node_modules` is never
looked into. What must not be there (`forbidden`, `secrets`) is found in all others of them.

## Places

| `convention:` | What | Read | Offered |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The page as it ought to be."""
    rows = (
        f"| `{one.name}` | {one.title['en']}{' (fixed)' * one.fixed} | {_listed(one.read)} | {_listed(one.offered)} |\n"
        for one in conventions().values()
    )
    return _HEAD.replace("{aside}", _listed(sorted(aside()))) + "".join(rows)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


if __name__ == "__main__":
    DOCUMENT.write_text(page(), encoding="utf-8")
