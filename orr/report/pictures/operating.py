"""Draw the operating model and its owners."""

from __future__ import annotations

from collections.abc import Iterable

from orr.evaluate import Evaluation
from orr.model.workload import OperatingModel
from orr.report.html import Content, Html, tag
from orr.report.marks import facts, section
from orr.report.pictures.svg import picture, wrapped
from orr.report.words import Words

LAYERS = ("application", "infrastructure")
ACTIVITIES = ("engineering", "operations")
LEFT, TOP, WIDTH, HEIGHT = 106, 24, 128, 76
_SIGNS = "ABCD"


def operating_model(assessment: Evaluation, words: Words) -> Html:
    """The two by two of who does what, its governance and provider, and its gaps."""
    model = assessment.case.workload.operating_model
    owners = _owners(model)
    gaps = [words(f"model.gap.{layer}.{activity}") for (layer, activity), team in owners.items() if team is None]
    if model.governance is None:
        gaps.append(words("model.gap.governance"))
    governance: Content = words(f"model.{model.governance}") if model.governance else words("model.not-said")
    return section(
        "operating-model",
        words("model.title"),
        tag(
            "div",
            _picture(owners, words),
            tag(
                "div",
                facts(
                    (
                        *((words(f"model.{layer}"), _who(model, layer, words)) for layer in LAYERS),
                        (words("model.governance"), governance),
                        (words("model.provider"), model.provider or words("model.no-provider")),
                        (words("model.owner"), assessment.case.workload.owner.team),
                    ),
                    "pairs",
                ),
                tag("h3", words("model.gaps")),
                tag("ul", (tag("li", gap) for gap in gaps), class_="gaps")
                if gaps
                else tag("p", words("model.no-gaps"), class_="note"),
            ),
            class_="beside",
        ),
    )


def _owners(model: OperatingModel) -> dict[tuple[str, str], str | None]:
    return {(layer, activity): getattr(getattr(model, layer), activity) for layer in LAYERS for activity in ACTIVITIES}


def _who(model: OperatingModel, layer: str, words: Words) -> str:
    engineering, operations = (getattr(getattr(model, layer), activity) for activity in ACTIVITIES)
    if engineering is not None and engineering == operations:
        return words("model.same", team=engineering)
    nobody = words("model.nobody")
    return words("model.apart", engineering=engineering or nobody, operations=operations or nobody)


def _picture(owners: dict[tuple[str, str], str | None], words: Words) -> Html:
    teams = list(dict.fromkeys(team for team in owners.values() if team is not None))
    described = [
        words("model.cell", layer=words(f"model.{layer}"), activity=words(f"model.{activity}"), team=team or "—")
        for (layer, activity), team in owners.items()
    ]
    heads = (
        tag(
            "text",
            words(f"model.{activity}"),
            x=str(LEFT + (column + 0.5) * WIDTH),
            y="15",
            text_anchor="middle",
            class_="tk now",
        )
        for column, activity in enumerate(ACTIVITIES)
    )
    sides = (
        tag(
            "text",
            words(f"model.{layer}"),
            x=str(LEFT - 8),
            y=str(TOP + (row + 0.5) * HEIGHT),
            dy="0.36em",
            text_anchor="end",
            class_="tk now",
        )
        for row, layer in enumerate(LAYERS)
    )
    cells = (
        _cell(owners[layer, activity], teams, row, column, words)
        for row, layer in enumerate(LAYERS)
        for column, activity in enumerate(ACTIVITIES)
    )
    return picture(
        words("model.picture"),
        heads,
        sides,
        cells,
        description=words.of(described),
        viewBox=f"0 0 {LEFT + 2 * WIDTH + 2} {TOP + 2 * HEIGHT + 2}",
        class_="grid",
    )


def _cell(team: str | None, teams: list[str], row: int, column: int, words: Words) -> Iterable[Html]:
    x, y = LEFT + column * WIDTH, TOP + row * HEIGHT
    place = 0 if team is None else teams.index(team) + 1
    yield tag(
        "rect",
        x=str(x + 2),
        y=str(y + 2),
        width=str(WIDTH - 4),
        height=str(HEIGHT - 4),
        rx="4",
        class_="om gap" if team is None else f"om t{place}",
    )
    lines = wrapped(team or words("model.nobody"), 15, 2)
    if team is not None:
        # A letter per team: equal letters are the same team, in black and white too.
        yield tag("text", _SIGNS[place - 1], x=str(x + 12), y=str(y + 20), class_="oms")
    for number, line in enumerate(lines):
        yield tag(
            "text",
            line,
            x=str(x + WIDTH / 2),
            y=str(y + HEIGHT / 2 + 4 + (number - (len(lines) - 1) / 2) * 17),
            dy="0.2em",
            text_anchor="middle",
            class_="omt gap" if team is None else "omt",
        )
