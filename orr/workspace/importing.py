"""Read what a foreign file or review brings into a workspace."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from orr.formats.azure import is_azure, is_azure_workbook
from orr.formats.lens.answers import ANSWERS
from orr.formats.questions import Found
from orr.formats.risks import is_register, markdown_tables, read_register
from orr.formats.sheet.filled import FilledSheet
from orr.formats.sheet.rows import KEY
from orr.formats.sheet.table import has_keys
from orr.messages import say
from orr.messages.errors import BadArgument
from orr.model.checklist import Checklist
from orr.model.fields import Moment
from orr.model.review import Review
from orr.source.cells import Rows
from orr.source.faults import Fault, FaultyInput
from orr.source.file import InputFile
from orr.source.table import read_tables
from orr.source.workbook import WORKBOOKS, is_workbook
from orr.source.yaml import decode
from orr.system.paths import shown_as
from orr.workspace.incoming import Incoming, read_whole
from orr.workspace.workspace import Workspace

TABLES = (".csv", ".tsv", *WORKBOOKS)
"""How the names of files that hold tables end."""


@dataclass(frozen=True)
class Given:
    """A file, and what the caller says of it.

    Attributes
    ----------
    path, raw
        The file and its bytes.
    checklist
        The name of the checklist, or what the names of a lens's checklists begin with.
    workload
        The workload whose review takes the answers.
    by, on
        Who answered, and when, where the file does not say it.
    language
        In which words are written that the file has only codes for.
    risks
        What words of risk mean; the empty one is for questions without any.
    """

    path: Path
    raw: bytes
    checklist: str | None
    workload: str | None
    by: str
    on: Moment
    language: str
    risks: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The file as the user would name it."""
        return shown_as(self.path)

    @property
    def text(self) -> str:
        """Its text.

        Raises
        ------
        FaultyInput
            If it is not UTF-8.
        """
        return decode(self.raw, self.shown)

    @property
    def is_table(self) -> bool:
        """Whether its name or its first bytes are those of a table."""
        return self.path.suffix.lower() in TABLES or is_workbook(self.raw)

    @cached_property
    def tables(self) -> list[Rows]:
        """Its tables; see `text` for what is raised."""
        return read_tables(self.raw, self.shown)

    def named_workload(self) -> str:
        """The workload that the caller named.

        Raises
        ------
        BadArgument
            If none is named.
        """
        if self.workload is None:
            raise BadArgument(say("cli.import.which-workload", path=self.shown))
        return self.workload


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file brings: checklists, or parts of a review, and what was noticed in it."""

    checklists: tuple[Checklist, ...] = ()
    incoming: Incoming | None = None
    notes: tuple[Fault, ...] = ()


def read_brought(workspace: Workspace, given: Given, form: str | None = None) -> Brought:
    """Read a file in one of `FORMATS`; None recognises which.

    Raises
    ------
    FaultyInput
        With every fault of the file at once.
    BadArgument
        If it takes a workload, and none or another one is named.
    """
    return FORMATS[form or recognized(given)](workspace, given)


def recognized(given: Given) -> str:
    """The format of a file, by its name and its content.

    Raises
    ------
    FaultyInput
        If it is none of `FORMATS`.
    """
    suffix = given.path.suffix.lower()
    if given.is_table:
        if any(map(has_keys, given.tables)):
            return "sheet"
        if is_azure_workbook(given.tables):
            return "azure"
        return "register" if is_register(given.tables) else "table"
    if suffix in (".md", ".markdown"):
        if KEY.search(given.text):
            return "sheet"
        return "register" if is_register(markdown_tables(given.text, given.shown)) else "markdown"
    if suffix in (".yaml", ".yml") and re.search(r"^review\s*:", given.text, re.MULTILINE):
        return "review"
    is_json = suffix == ".json" or given.text.lstrip()[:1] in ("{", "[")
    if is_json and (form := _of_json(given.text)) is not None:
        return form
    at = InputFile(given.path, given.shown, given.raw)
    raise FaultyInput(
        [at.fault((), say("exchange.unknown-form"), say("exchange.unknown-form.do", forms=list(FORMATS)))]
    )


def _of_json(text: str) -> str | None:
    import json

    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return "lens"  # its reader says where it is broken
    if is_azure(data):
        return "azure"
    if isinstance(data, dict) and ("pillars" in data or "schemaVersion" in data):
        return "lens"
    pages = data if isinstance(data, list) else [data]
    return "answers" if any(isinstance(page, dict) and not page.keys().isdisjoint(ANSWERS) for page in pages) else None


def _table(workspace: Workspace, given: Given) -> Brought:
    from orr.formats.spreadsheet import read_questions

    return _questions(workspace, given, read_questions(given.tables, given.shown, given.raw))


def _markdown(workspace: Workspace, given: Given) -> Brought:
    from orr.formats.markdown_questions import read_markdown

    found = read_markdown(given.text, given.shown)
    return _questions(workspace, given, found, found.title)


def _azure(workspace: Workspace, given: Given) -> Brought:
    """Import a list as answers, where a workload is named, else as a checklist.

    Results of queries are answers with evidence.
    """
    from orr.formats.azure import read_list, read_workbook_list

    if given.is_table:
        read = read_workbook_list(given.tables, given.shown, given.language)
    elif '"checks"' in given.text and '"items"' not in given.text:
        from orr.workspace.azure_results import query_answers

        name = given.named_workload()
        incoming, notes = query_answers(workspace, name, given.path, given.shown, given.raw, given.by, given.on)
        return Brought(incoming=incoming, notes=notes)
    else:
        read = read_list(given.text, given.shown, given.language)
    return _questions(workspace, given, read.found, read.title)


def _questions(workspace: Workspace, given: Given, found: Found, title: str | None = None) -> Brought:
    """Questions are answers where a workload is named, else a checklist."""
    from orr.formats.lens.names import kebab
    from orr.formats.questions import Terms, checklist_of
    from orr.formats.sheet.matched import answers_of, without_answers

    if given.workload is not None:
        case = workspace.case(given.workload)
        filled = answers_of(found, given.shown, case, workspace.today, given.by, given.on)
        return _filled(given.workload, filled)
    name = given.checklist or found.checklist or kebab(given.path.stem) or "checklist"
    found = replace(found, questions=without_answers(found))
    made = checklist_of(found, given.shown, Terms(name, title, given.risks, workspace.checklists.get(kebab(name))))
    return Brought((made.checklist,), notes=made.notes)


def _filled(workload: str, filled: FilledSheet) -> Brought:
    review = Review(review=workload, answers=filled.answers, assigned=filled.assigned)
    return Brought(incoming=Incoming(review, refused=filled.refused), notes=tuple(filled.notes))


def _lens(workspace: Workspace, given: Given) -> Brought:
    from orr.formats.lens.importing import import_lens

    del workspace
    lens = import_lens(given.text, given.shown, given.checklist)
    return Brought(tuple(lens.checklists), notes=tuple(lens.notes))


def _answers(workspace: Workspace, given: Given) -> Brought:
    from orr.formats.lens.answers import import_answers

    name = given.named_workload()
    checklists = workspace.case(name).checklists
    found = import_answers(given.text, given.shown, checklists, given.by, given.on, given.language)
    return Brought(incoming=Incoming(Review(review=name, answers=found.answers)), notes=found.notes)


def _sheet(workspace: Workspace, given: Given) -> Brought:
    from orr.formats.sheet.filled import fill
    from orr.formats.sheet.markdown import read_markdown_sheet
    from orr.formats.sheet.table import read_table_sheet

    read, faults = (
        read_table_sheet(given.tables, given.shown) if given.is_table else read_markdown_sheet(given.text, given.shown)
    )
    name = given.workload or next((row.workload for row in read), None)
    if name is None and faults:
        raise FaultyInput(faults)
    name = name or given.named_workload()
    filled = fill(read, given.shown, workspace.case(name), workspace.today, given.by, given.on, faults)
    return _filled(name, filled)


def _review(workspace: Workspace, given: Given) -> Brought:
    incoming = read_whole(workspace, InputFile(given.path, given.shown, given.raw))
    name = incoming.review.review
    if given.workload not in (None, name):
        raise BadArgument(say("cli.import.other-workload", path=given.shown, name=name, asked=given.workload))
    return Brought(incoming=incoming)


def _register(workspace: Workspace, given: Given) -> Brought:
    tables = given.tables if given.is_table else markdown_tables(given.text, given.shown)
    name = given.named_workload()
    here = workspace.case(name).review.pre_mortem
    read = read_register(tables, given.shown, name, workspace.today, here)
    return Brought(incoming=Incoming(Review(review=name, pre_mortem=read.scenarios)), notes=read.notes)


FORMATS: Mapping[str, Callable[[Workspace, Given], Brought]] = {
    "lens": _lens,
    "answers": _answers,
    "table": _table,
    "markdown": _markdown,
    "azure": _azure,
    "sheet": _sheet,
    "register": _register,
    "review": _review,
}
"""What reads a file of each format."""
