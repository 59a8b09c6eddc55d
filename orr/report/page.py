"""Turn an executed notebook into a page, or into a reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orr.messages import DEFAULT_LANGUAGE, LANGUAGES, Message, render, say
from orr.messages.errors import OrrError
from orr.report.fragment import CALENDAR, MARK, RECORD, STYLE_END
from orr.report.html import Html, lean, tag
from orr.report.sanitize import is_allowed
from orr.report.styles import fleet_style, style

FORMAT, FLEET = "orr.assessment/1", "orr.fleet/1"
_VERDICTS = ("go", "conditional-go", "no-go")


@dataclass(frozen=True)
class Listed:
    """A part of the page, for its table of contents."""

    name: str
    title: str


@dataclass(frozen=True)
class Page:
    """What the page template lays out.

    Attributes
    ----------
    language, title
        Of the page.
    bar
        What stands at the top of the page.
    first
        The first screen.
    contents
        What the table of contents lists, under the name `contents_title`.
    rest
        All other parts.
    foot
        The last line.
    style
        The style of the page.
    calendar
        The calendar that lies beside the page, if any does.
    """

    language: str
    title: str
    bar: str
    first: tuple[Html, ...]
    contents_title: str
    contents: tuple[Listed, ...]
    rest: tuple[Html, ...]
    foot: tuple[Html, ...]
    style: Html
    calendar: Listed | None = None


class NoResult(OrrError):
    """A notebook that is no report.

    Attributes
    ----------
    cause
        Why not.
    language
        The language of the notebook, as far as it is known.
    """

    def __init__(self, cause: Message, language: str) -> None:
        super().__init__(cause)
        self.cause = cause
        self.language = language


def record_of(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Read the assessment from a notebook that was run.

    Raises
    ------
    NoResult
        If a cell failed, if there is not exactly one record, or if the record is not an
        assessment. What the notebook says about its own success counts for nothing.
    """
    language = _language(notebook)
    for output in _outputs(notebook):
        if output.get("output_type") == "error":
            said = f"{output.get('ename', '')}: {output.get('evalue', '')}".strip(": ")
            raise NoResult(say("report.failed.cell", says=said), language)
    records = [output["data"][RECORD] for output in _outputs(notebook) if RECORD in output.get("data", {})]
    if len(records) != 1:
        raise NoResult(say("report.failed.record"), language)
    record = records[0]
    if not isinstance(record, dict) or not _is_result(record):
        raise NoResult(say("report.failed.record"), language)
    return dict(record)


def _is_result(record: Mapping[str, Any]) -> bool:
    if record.get("format") == FLEET:
        return isinstance(record.get("workloads"), list)
    return record.get("format") == FORMAT and record.get("verdict") in _VERDICTS


def calendar_of(notebook: Mapping[str, Any]) -> str | None:
    """What lies ahead as iCalendar, as the cell of the record holds it."""
    found = (output.get("data", {}) for output in _outputs(notebook))
    text = next((_text_of(data[CALENDAR]) for data in found if RECORD in data and CALENDAR in data), None)
    return text.replace("\n", "\r\n") if text is not None else None  # RFC 5545, section 3.1


def page_of(notebook: Mapping[str, Any], *, foreign: bool = True, calendar: str | None = None) -> Page:
    """Compose the page of a notebook.

    Only markup of our own form is shown as markup. Other output is shown as the text that
    comes with it; code, Markdown, pictures and warnings are left out.

    Parameters
    ----------
    foreign
        Whether anybody else may have written into it, so that its markup is looked at.
    calendar
        The file beside the page that holds the calendar; None where there is none.

    Raises
    ------
    NoResult
        As for `record_of`; and if parts of different assessments are mixed, or the first
        screen is missing.
    """
    record = record_of(notebook)
    language = _language(notebook)
    about = next(_about(output) for output in _outputs(notebook) if RECORD in output.get("data", {}))
    first: list[Html] = []
    rest: list[Html] = []
    foot: list[Html] = []
    contents: list[Listed] = []
    for output in _outputs(notebook):
        mark = _mark(output)
        markup = _markup(output, foreign) if mark else None
        if mark is None or markup is None:
            rest += _as_text(output, language)
            continue
        _check(mark, about, record, language)
        name = str(mark.get("part"))
        {"summary": first, "record": foot}.get(name, rest).append(lean(markup) if record["format"] == FLEET else markup)
        if mark.get("title"):
            contents.append(Listed(name, str(mark["title"])))
    if not first:
        raise NoResult(say("report.failed.parts"), language)
    return Page(
        language=language,
        title=str(about.get("page-title") or render(say("report.page.name"), language)),
        bar=render(
            say("report.page.bar-simulated" if record.get("simulated") else "report.page.bar", today=record["today"]),
            language,
        ),
        calendar=Listed(calendar, render(say("report.page.calendar"), language)) if calendar else None,
        first=tuple(first),
        contents_title=render(say("report.page.contents"), language),
        contents=tuple(contents),
        rest=tuple(rest),
        foot=tuple(foot),
        style=Html(style() + (fleet_style() if record["format"] == FLEET else "")),
    )


def failure_page(cause: Message, language: str, earlier: str | None = None) -> Page:
    """Compose the page shown in place of a report that failed."""

    def words(key: str, **values: object) -> str:
        return render(say(f"report.failed.{key}", **values), language)

    still = words("earlier", today=earlier) if earlier else None
    content = tag(
        "section",
        tag("h1", words("title")),
        tag("p", words("no-result"), class_="lead"),
        tag("h2", words("what")),
        tag("p", render(cause, language), class_="long"),
        tag("h2", words("how")),
        tag("p", words("do")),
        tag("p", still) if still else None,
        class_="failed",
    )
    return Page(
        language=language,
        title=words("title"),
        bar=render(say("report.page.name"), language),
        first=(tag("div", content, class_="orr"),),
        contents_title="",
        contents=(),
        rest=(),
        foot=(),
        style=Html(style()),
    )


def _check(mark: Mapping[str, Any], about: Mapping[str, Any], record: Mapping[str, Any], language: str) -> None:
    same = ("workload", "today", "digest")
    of = mark.get("about", {})
    if not isinstance(of, Mapping) or any(of.get(key) != about.get(key) for key in (*same, "language")):
        raise NoResult(say("report.failed.mixed"), language)
    if any(of.get(key) != record.get(key) for key in same):
        raise NoResult(say("report.failed.mixed"), language)


def _outputs(notebook: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for cell in notebook.get("cells", ()):
        if cell.get("cell_type") == "code":
            yield from cell.get("outputs", ())


def _mark(output: Mapping[str, Any]) -> Mapping[str, Any] | None:
    mark = output.get("metadata", {}).get(MARK)
    return mark if isinstance(mark, Mapping) else None


def _about(output: Mapping[str, Any]) -> Mapping[str, Any]:
    mark = _mark(output)
    about = mark.get("about") if mark else None
    return about if isinstance(about, Mapping) else {}


def _language(notebook: Mapping[str, Any]) -> str:
    """The language of the record, else of any part, else of the parameters."""
    said = [_about(output).get("language") for output in _outputs(notebook)]
    parameters = notebook.get("metadata", {}).get("papermill", {}).get("parameters", {})
    said.append(parameters.get("language") if isinstance(parameters, Mapping) else None)
    return next((str(one) for one in reversed(said[:-1]) if one in LANGUAGES), None) or (
        str(said[-1]) if said[-1] in LANGUAGES else DEFAULT_LANGUAGE
    )


def _text_of(data: object) -> str:
    return "".join(map(str, data)) if isinstance(data, list) else str(data)


def _markup(output: Mapping[str, Any], foreign: bool) -> Html | None:
    """Markup of an output in our form, without its style."""
    found = output.get("data", {}).get("text/html")
    if found is None:
        return None
    markup = _text_of(found)
    if markup.startswith("<style>"):
        markup = markup.partition(STYLE_END)[2]
    return Html(markup) if not foreign or is_allowed(markup) else None


def _as_text(output: Mapping[str, Any], language: str) -> list[Html]:
    if output.get("output_type") == "stream":
        text = _text_of(output.get("text", "")) if output.get("name") == "stdout" else ""
    else:
        text = _text_of(output.get("data", {}).get("text/plain", ""))
    if not text.strip():
        return []
    title = render(say("report.page.other"), language)
    # Text that is not ours: its line breaks are kept by the style.
    content = tag("section", tag("p", title, class_="note"), tag("p", text, class_="long other"), aria_label=title)
    return [tag("div", content, class_="orr")]
