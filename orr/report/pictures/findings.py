"""Draw the picture of a finding.

Size, outline and words carry what it shows, so it can be read in black and white. Its
description holds all of it in words. Form and report show the same.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from orr.messages import Message, render
from orr.model.picture import Bars, Course, Heat, Picture, Stretches
from orr.report.html import Content, Html, tag
from orr.report.pictures.svg import picture as svg

LABEL, CELL, LINE, BAR = 150, 68, 22, 260
SQUARE = 16
TITLED = 40


def draw(drawn: Picture, language: str) -> Html:
    """Draw the picture of a finding.

    Parameters
    ----------
    drawn
        Labels and numbers.
    language
        In which its words are written.
    """
    drawn = drawn.changed(lambda said: render(said, language))
    if isinstance(drawn, Heat):
        return _heat(drawn, language)
    if isinstance(drawn, Bars):
        return _bars(drawn, language)
    if isinstance(drawn, Course):
        return _course(drawn, language)
    return _stretches(drawn, language)


def _heat(drawn: Heat, language: str) -> Html:
    head = [_text(LABEL + CELL * n, 13, title, "c") for n, title in enumerate(drawn.columns)]
    body: list[Content] = []
    told = []
    for number, (label, values, lacking) in enumerate(drawn.rows):
        top = 20 + LINE * number
        body.append(_text(0, top + 15, label, "b" if lacking else ""))
        for column, value in enumerate(values):
            if value > 0:
                body.append(_square(LABEL + CELL * column, top, value / drawn.full, lacking))
                body.append(_text(LABEL + CELL * column + SQUARE + 4, top + 15, f"{round(value, 1):g}", "b" * lacking))
        there = [(title, f"{round(value, 1):g}") for title, value in zip(drawn.columns, values, strict=True) if value]
        told.append(_list(label, there, language))
    size = LABEL + CELL * len(drawn.columns), 24 + LINE * len(drawn.rows)
    return _whole(drawn.title, told, size, head, body, language=language)


def _square(left: int, top: int, share: float, lacking: bool) -> list[Html]:
    side = max(2.0, SQUARE * min(1.0, share) ** 0.5)
    x, y = left + (SQUARE - side) / 2, top + 3 + (SQUARE - side) / 2
    if not lacking:
        return [tag("rect", x=_n(x), y=_n(y), width=_n(side), height=_n(side), class_="fp")]
    cross = f"M{_n(x)} {_n(y)}L{_n(x + side)} {_n(y + side)}M{_n(x + side)} {_n(y)}L{_n(x)} {_n(y + side)}"
    return [
        tag("rect", x=_n(x), y=_n(y), width=_n(side), height=_n(side), class_="fo"),
        tag("path", d=cross, class_="fo"),
    ]


def _bars(drawn: Bars, language: str) -> Html:
    most = max([value for _, value, _ in drawn.bars] + ([drawn.bound[1]] if drawn.bound else []), default=0) or 1
    top = 22 if drawn.bound else 4
    body: list[Content] = []
    told: list[object] = []
    for number, (label, value, words) in enumerate(drawn.bars):
        y = top + LINE * number
        over = drawn.bound is not None and value > drawn.bound[1]
        width = BAR * (value / most)
        body.append(_text(0, y + 13, label))
        if value > 0:
            body.append(tag("rect", x=LABEL, y=y + 2, width=_n(max(width, 1)), height=14, class_="fp"))
        body.append(_text(LABEL + round(width) + 6, y + 13, words, "b" if over else ""))
        told.append(_pair(label, words, language))
    height = top + LINE * len(drawn.bars) + 4
    if drawn.bound:
        at = LABEL + BAR * (drawn.bound[1] / most)
        body.append(tag("path", d=f"M{_n(at)} {top - 4}V{height - 4}", class_="fd"))
        body.append(_text(round(at), 13, drawn.bound[0], "e" if at > LABEL + BAR / 2 else ""))
        told.append(drawn.bound[0])
    return _whole(drawn.title, told, (LABEL + BAR + 90, height), body, language=language)


def _course(drawn: Course, language: str) -> Html:
    width, height, top = 520, 90, 8
    every = [*drawn.points, *(value for _, value in drawn.bounds)]
    low, high = (min(every), max(every)) if every else (0.0, 1.0)
    low = min(low, 0.0) if low > 0 and low < high / 2 else low
    span = (high / 2 - low / 2) or 1.0

    def y(value: float) -> float:
        return top + height * (1 - (value / 2 - low / 2) / span)

    step = width / max(1, len(drawn.points) - 1)
    line = "".join(f"{'L' if n else 'M'}{_n(n * step)} {_n(y(value))}" for n, value in enumerate(drawn.points))
    body: list[Content] = [tag("path", d=line, class_="fo")] if line else []
    told: list[object] = []
    taken: list[float] = []
    for label, value in drawn.bounds:
        at = y(value)
        body.append(tag("path", d=f"M0 {_n(at)}H{width}", class_="fd"))
        # Two bounds that are close to each other are told one below the other.
        row = at - 4 if all(abs(at - other) >= 14 for other in taken) and at > 14 else at + 13
        taken.append(at)
        body.append(_text(width + 6, round(row + 6), label))
        told.append(label)
    body.append(_text(0, top + height + 18, drawn.ends[0]))
    body.append(_text(width, top + height + 18, drawn.ends[1], "e"))
    if drawn.points:
        told += [
            _pair(drawn.ends[0], f"{drawn.points[0]:g}", language),
            _pair(drawn.ends[1], f"{drawn.points[-1]:g}", language),
        ]
    return _whole(drawn.title, told, (width + 170, top + height + 24), body, language=language)


def _stretches(drawn: Stretches, language: str) -> Html:
    width, top = 420, 22 if drawn.marked else 4
    first, last = min(at for _, at in drawn.ticks), max(at for _, at in drawn.ticks)

    def x(at: float) -> float:
        share = (at / 2 - first / 2) / ((last / 2 - first / 2) or 1.0)  # halves, since a difference may overflow
        return LABEL + width * min(1.0, max(0.0, share))

    body: list[Content] = []
    told: list[object] = []
    for number, (label, stretches) in enumerate(drawn.rows):
        y = top + LINE * number
        body.append(_text(0, y + 13, label))
        body.append(tag("path", d=f"M{LABEL} {y + 9}H{LABEL + width}", class_="fl"))
        for begin, end, _ in stretches:
            if end > first and begin < last:
                wide = max(2.0, x(end) - x(begin))
                body.append(tag("rect", x=_n(x(begin)), y=y + 2, width=_n(wide), height=14, class_="fp"))
        told.append(_list(label, [(name, "") for _, _, name in stretches], language))
    bottom = top + LINE * len(drawn.rows)
    for label, at in drawn.ticks:
        body.append(_text(round(x(at)), bottom + 14, label, "c"))
    if drawn.marked:
        words, begin, end = drawn.marked
        wide = max(3.0, x(end) - x(begin))
        body.append(tag("rect", x=_n(x(begin)), y=top - 4, width=_n(wide), height=bottom - top + 4, class_="fm"))
        body.append(_text(round(x(begin)), 13, words, "e" if x(begin) > LABEL + width / 2 else ""))
        told.append(words)
    return _whole(drawn.title, told, (LABEL + width + 40, bottom + 20), body, language=language)


def _whole(title: object, told: Iterable[object], size: tuple[int, int], *content: Content, language: str) -> Html:
    described = render(Message("words.picture.separator"), language).join(str(one) for one in told)
    width, height = size
    return svg(str(title), *content, description=described, viewBox=f"0 0 {width} {height}", width=width, class_="fi")


def _pair(label: object, value: object, language: str) -> str:
    return render(Message("words.picture.pair", {"label": label, "value": value}), language)


def _list(label: object, values: Sequence[tuple[object, str]], language: str) -> str:
    told = tuple(f"{name} {value}".strip() for name, value in values)
    return _pair(label, told or Message("words.picture.nothing"), language)


def _text(x: int, y: int, words: object, how: str = "") -> Html:
    """Text element; `how` is `b` for bold, `c` for centred, `e` for end-aligned."""
    text = _short(str(words))
    anchor = {"c": "middle", "e": "end"}.get(how)
    x = x + SQUARE if how == "c" else x
    return tag("text", text, x=x, y=y, text_anchor=anchor, class_="ft b" if how.startswith("b") else "ft")


def _short(text: str) -> str:
    """As much of a text as has its place; wide letters take two places."""
    taken = 0
    for place, letter in enumerate(text):
        taken += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if taken > TITLED:
            return text[:place] + "…"
    return text


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
