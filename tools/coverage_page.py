"""Which item or feature serves each practice and requirement of the source.

`python -m tools.coverage_page` writes `docs/coverage.md` and `docs/aws-recipes.md` anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from orr.messages import in_language
from orr.model.checklist import Checklist, Item, item_id
from orr.source.file import InputFile
from orr.system.resources import shipped
from orr.workspace.practices import index
from tools.aws_recipes_page import recipes
from tools.systems import System, systems

DOCUMENT = Path("docs") / "coverage.md"
RECIPES = Path("docs") / "aws-recipes.md"

_HEAD = """\
# Coverage

Every practice and every further requirement of the source, and what in orr serves it. This page is
generated: run `python -m tools.coverage_page` after a change of `checklists/`,
`orr/workspace/practices.yaml` or `tools/systems.yaml`.

Source: {source}. *Line* is the line of its text. A practice is known by its id: several share a title.
*Items* are those that name the practice, with the kinds of check that read their evidence in parentheses; those in
*italics* are of `checklists/optional`, which a workspace names in `orr.yaml`. *By machine* says how far the
evidence can be read automatically at all, and, where no check serves the practice, why not.
"""
_SYSTEMS = """\
## Systems and mechanisms

All {n} systems and mechanisms that the source names, and what works with each: a kind of check, a recipe of the
kinds `aws` and `service`, an item that asks for it, a feature. `tools/systems.yaml` holds this table in both languages.

| System | Works with it |
| --- | --- |"""


def shipped_checklists(folder: str = ".") -> list[Checklist]:
    """Read the checklists that travel with the package, by file name; `optional` are those not in use by themselves."""
    files = sorted((shipped("checklists") / folder).glob("*.yaml"))
    return [InputFile(path, path.name, path.read_bytes()).read_as(Checklist) for path in files]


def items_by_practice(checklists: Iterable[Checklist]) -> dict[str, list[tuple[str, Item]]]:
    """Group items by the practices that they name: `checklist/item` and the item."""
    found: dict[str, list[tuple[str, Item]]] = {}
    for checklist in checklists:
        for section in checklist.sections:
            for item in section.items:
                for practice in item.practice:
                    found.setdefault(practice, []).append((item_id(checklist.checklist, item.item), item))
    return found


def coverage() -> str:
    """Write the page as Markdown."""
    data = index()
    lines = [_HEAD.format(source=in_language(data["source"]["title"], "en")), *_practices(data)]
    lines += ["", "## Further requirements", ""]
    lines += [
        "What the source asks for beside its practices, each asked by an item, met by a feature, or both.",
        "",
        "| Line | Requirement | Asked by | Met by |",
        "| ---: | --- | --- | --- |",
    ]
    for requirement in data["requirements"]:
        items = ", ".join(f"`{name}`" for name in requirement.get("items", ())) or "–"
        feature = in_language(requirement["feature"], "en") if requirement.get("feature") else "–"
        says = in_language(requirement["says"], "en")
        lines.append(f"| {requirement['line']} | `{requirement['requirement']}`: {says} | {items} | {feature} |")
    asking = items_by_recipe()
    lines += ["", _SYSTEMS.format(n=len(systems())), *(_system(one, asking) for one in systems())]
    return "\n".join([*lines, ""])


def items_by_recipe() -> dict[str, list[str]]:
    """The items that ask each recipe; those of optional checklists in italics."""
    found: dict[str, list[str]] = {}
    for folder, marks in ((".", "`{}`"), ("optional", "*`{}`*")):
        for checklist in shipped_checklists(folder):
            for section in checklist.sections:
                for item in section.items:
                    name = marks.format(item_id(checklist.checklist, item.item))
                    for recipe in dict.fromkeys(one.parameters.get("recipe") for one in item.sources):
                        found.setdefault(recipe, []).append(name)
    return found


def _system(system: System, asking: dict[str, list[str]]) -> str:
    name = f"{in_language(system.name, 'en')}"
    if system.why_not is not None:
        return f"| {name} | none: {in_language(system.why_not, 'en')} |"
    parts = [
        f"{title} {', '.join(f'`{one}`' for one in names)}"
        for title, names in (
            ("check", system.served_by.checks),
            ("`aws`:", system.served_by.aws),
            ("`service`:", system.served_by.service),
        )
        if names
    ]
    recipes_of = (*system.served_by.aws, *system.served_by.service)
    known = {f"`{one}`": f"`{one}`" for one in system.served_by.items}
    for item in (item for one in recipes_of for item in asking.get(one, ())):
        known.setdefault(item.strip("*"), item)
    if known:
        parts.append(f"asked by {', '.join(known.values())}")
    feature = [in_language(system.served_by.feature, "en")] if system.served_by.feature is not None else []
    return f"| {name} | {'; '.join(parts)}{'. ' if parts and feature else ''}{''.join(feature)} |"


def _practices(data: dict[str, Any]) -> Iterator[str]:
    features = _features(data)
    serving, optional = (items_by_practice(shipped_checklists(folder)) for folder in (".", "optional"))
    section = None
    for practice in data["practices"]:
        if practice["section"] != section:
            section = practice["section"]
            yield from ("", f"## {practice['area']}: {section}", "")
            yield "| Line | Practice | Items | By machine | Features |"
            yield "| ---: | --- | --- | --- | --- |"
        name = practice["practice"]
        items = [_item(full, item) for full, item in serving.get(name, ())]
        items += [f"*{_item(full, item)}*" for full, item in optional.get(name, ())]
        by_hand = practice.get("by_hand")
        machine = practice["automatable"] + (f"; no check: {in_language(by_hand, 'en')}" if by_hand else "")
        title = in_language(practice["title"], "en")
        yield (
            f"| {practice['line']} | `{name}`: {title} | {', '.join(items) or '**none**'} "
            f"| {machine} | {' '.join(features.get(name, ())) or '–'} |"
        )


def _features(data: dict[str, Any]) -> dict[str, list[str]]:
    features: dict[str, list[str]] = {}
    for requirement in data["requirements"]:
        if requirement.get("feature"):
            features.setdefault(requirement["practice"], []).append(in_language(requirement["feature"], "en"))
    return features


def _item(name: str, item: Item) -> str:
    kinds = list(dict.fromkeys(spec.check for spec in item.sources))
    return f"`{name}`" + (f" ({', '.join(kinds)})" if kinds else "")


if __name__ == "__main__":
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(coverage(), encoding="utf-8")
    RECIPES.write_text(recipes(), encoding="utf-8")
