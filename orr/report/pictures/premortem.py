"""Draw the pre-mortem by likelihood and impact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orr.evaluate import Evaluation
from orr.model.review import Level, Scenario
from orr.report.html import Content, Html, link, tag
from orr.report.marks import facts, section
from orr.report.pictures.svg import picture
from orr.report.words import Words

Numbered = Sequence[tuple[int, Scenario]]
_LEVELS = (Level.LOW, Level.MEDIUM, Level.HIGH)
LEFT, TOP, CELL_WIDTH, CELL_HEIGHT = 62, 22, 95, 70
COLUMNS, FITTING = 4, 8


def pre_mortem(assessment: Evaluation, words: Words) -> Html:
    """A grid of likelihood and impact, and the scenarios one by one."""
    scenarios = assessment.case.review.pre_mortem
    if not scenarios:
        return section("pre-mortem", words("pre-mortem.title"), tag("p", words("pre-mortem.none"), class_="lead warn"))
    numbered = list(enumerate(sorted(scenarios, key=_weight, reverse=True), 1))
    untested = sum(scenario.tested_on is None for scenario in scenarios)
    return section(
        "pre-mortem",
        words("pre-mortem.title"),
        tag("p", words("pre-mortem.lead", n=len(scenarios), untested=untested), class_="lead"),
        tag(
            "div",
            _grid(numbered, words),
            tag("ol", (_scenario(scenario, words) for _, scenario in numbered), class_="scen"),
            class_="beside",
        ),
    )


def _weight(scenario: Scenario) -> tuple[int, int]:
    likelihood, impact = (_LEVELS.index(level) + 1 if level else 0 for level in (scenario.likelihood, scenario.impact))
    return (likelihood * impact, impact)


def _grid(numbered: Numbered, words: Words) -> Html:
    height = TOP + 3 * CELL_HEIGHT
    described = [
        words("pre-mortem.at", n=number, likelihood=scenario.likelihood or "?", impact=scenario.impact or "?")
        for number, scenario in numbered
    ]
    return picture(
        words("pre-mortem.picture"),
        (_cell(numbered, likelihood, impact) for likelihood in _LEVELS for impact in _LEVELS),
        (
            tag(
                "text",
                words.of(level),
                x=str(LEFT - 8),
                y=str(height - (place + 0.5) * CELL_HEIGHT),
                dy="0.36em",
                text_anchor="end",
                class_="tk",
            )
            for place, level in enumerate(_LEVELS)
        ),
        (
            tag(
                "text",
                words.of(level),
                x=str(LEFT + (place + 0.5) * CELL_WIDTH),
                y=str(height + 18),
                text_anchor="middle",
                class_="tk",
            )
            for place, level in enumerate(_LEVELS)
        ),
        tag("text", words("pre-mortem.likelihood"), x="0", y="12", class_="tk now"),
        tag(
            "text",
            words("pre-mortem.impact"),
            x=str(LEFT + 3 * CELL_WIDTH),
            y=str(height + 36),
            text_anchor="end",
            class_="tk now",
        ),
        description=words.of(described),
        viewBox=f"0 0 {LEFT + 3 * CELL_WIDTH + 2} {height + 42}",
        class_="grid",
    )


def _cell(numbered: Numbered, likelihood: Level, impact: Level) -> Iterable[Html]:
    column, row = _LEVELS.index(impact), 2 - _LEVELS.index(likelihood)
    x, y = LEFT + column * CELL_WIDTH, TOP + row * CELL_HEIGHT
    heat = (column + 1) * (3 - row)
    level = "hi" if heat >= 6 else "mid" if heat >= 3 else "lo"
    yield tag(
        "rect",
        x=str(x + 1),
        y=str(y + 1),
        width=str(CELL_WIDTH - 2),
        height=str(CELL_HEIGHT - 2),
        class_=f"cell {level}",
    )
    here = [number for number, scenario in numbered if (scenario.likelihood, scenario.impact) == (likelihood, impact)]
    shown = here if len(here) <= FITTING else here[: FITTING - 1]
    labels = [str(number) for number in shown]
    if len(here) > len(shown):
        labels.append(f"+{len(here) - len(shown)}")
    for place, label in enumerate(labels):
        across = min(len(labels), COLUMNS)
        cx = x + CELL_WIDTH / 2 + (place % COLUMNS - (across - 1) / 2) * 23
        down = (len(labels) - 1) // COLUMNS
        cy = y + CELL_HEIGHT / 2 + (place // COLUMNS - down / 2) * 26
        yield tag("circle", cx=cx, cy=cy, r="11", class_="dot")
        yield tag("text", label, x=cx, y=cy, dy="0.36em", text_anchor="middle", class_="dn")


def _scenario(scenario: Scenario, words: Words) -> Html:
    response = scenario.response
    is_address = response is not None and response.startswith(("http://", "https://"))
    tested: Content = tag("span", words("pre-mortem.untested"), class_="flag")
    if scenario.tested_on is not None:
        tested = words.day(scenario.tested_on)
    missing = tag("span", words("pre-mortem.missing"), class_="warn")
    unrated = words("pre-mortem.unrated")
    rated = words("pre-mortem.rated", likelihood=scenario.likelihood or unrated, impact=scenario.impact or unrated)
    return tag(
        "li",
        tag("p", scenario.scenario, class_="ask"),
        tag("p", rated, class_="note"),
        facts(
            (
                (words("pre-mortem.detection"), scenario.detection or missing),
                (words("pre-mortem.response"), link(response if is_address else None, response or missing)),
                (words("pre-mortem.tested"), tested),
            ),
            "pairs",
        ),
    )
