"""Read the questions of a Markdown document: task lists, tables, filled questionnaires and plain lists.

Headings are sections. Where a document has none of the first three, its bullets are the questions, or else its
headings with the prose below them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from orr.formats.markdown_wording import bare, under, worded
from orr.formats.markdown_words import Source, html_table, inline_words, links_below, source_of, words_below
from orr.formats.questions import Found, Question, fault
from orr.formats.sheet.replies import SIGNS, leading_reply
from orr.formats.spreadsheet import read_questions
from orr.messages import LANGUAGES, render, say
from orr.messages.cleaning import one_line
from orr.model.review import Reply
from orr.source.cells import Cell, Rows
from orr.source.faults import Place

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_TICKS = ("x", "X", *SIGNS[Reply.YES])
_EMPTY = "☐⬜◻□🔲"
_BOX = re.compile(rf"(?:\[(?P<mark>[ xX✓✔~-]?)\]|(?P<sign>[{_EMPTY}☒✓✔✅☑✗✘✕❌])\ufe0f?)\s+(?P<rest>.*)", re.DOTALL)
_ASKS = re.compile(r".*[?？]\W{0,3}", re.DOTALL)
_OF_OURS = re.compile(r"^- \[.\] .*\(`[a-z0-9-]+/[\w.-]+`", re.MULTILINE)
_LEVEL_OF_A_LIST = 7


@dataclass(slots=True)
class _Open:
    """A question whose answer may go on."""

    level: int
    question: Question
    box: str | None = None
    lines: list[str] = field(default_factory=list)


def read_markdown(text: str, path: str) -> Found:
    """Read the questions of a document, and what was left out of it."""
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    source = source_of(text)
    tokens = MarkdownIt("commonmark").enable("table").parse(source.text)
    reader = _Reader(path, source, of_ours=_OF_OURS.search(text) is not None)
    tops = [at for at, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"]
    if len(tops) == 1:
        reader.found.title = one_line(words_below(SyntaxTreeNode(tokens[tops[0] : tops[0] + 3])))
    else:
        reader.found.title = source.called
    reader.blocks(SyntaxTreeNode(tokens).children)
    return reader.finish()


class _Reader:
    def __init__(self, path: str, source: Source, *, of_ours: bool) -> None:
        self.path, self.source, self.of_ours = path, source, of_ours
        self.found = Found(named=True)  # a list has no column that could be gone: what is unknown is new
        self.bullets: list[Question] = []
        self.headed: list[_Open] = []
        self.section = ""
        self.parent = ""
        self.lists: dict[str, Place] = {}
        self.open: _Open | None = None
        self.labels = {
            render(say(f"exchange.list.{key}"), language).rstrip(":：").lower(): key
            for key in ("why", "fix")
            for language in LANGUAGES
        }

    def finish(self) -> Found:
        """The questions, of the kinds that the document has."""
        self._close()
        found = self.found
        if not found.questions and not found.faults:
            headed = [_closed(one) for one in self.headed if one.lines]
            found.questions = headed if len(headed) >= len(self.bullets) else self.bullets
        if not found.questions and not found.faults:
            found.faults.append(fault(self.path, Place(1, 1), "markdown.empty"))
        if len(self.lists) > 1:
            found.faults.append(fault(self.path, [*self.lists.values()][1], "markdown.several", lists=list(self.lists)))
        found.checklist = next(iter(self.lists), "")
        return found

    def blocks(self, nodes: Iterable[SyntaxTreeNode]) -> None:
        """Read blocks one after the other."""
        for node in nodes:
            if node.type == "heading":
                self._heading(node)
            elif node.type == "table":
                self._table(node)
            elif node.type == "html_block":
                self._html(node)
            elif node.type == "blockquote" and any(_is_box(one) or one.type == "table" for one in node.walk()):
                self.blocks(node.children)
            elif self.open is None and not self.of_ours and (title := _bold_title(node)):
                self.section = title
                self._prose(title, ())
            elif node.type in ("bullet_list", "ordered_list"):
                for item in node.children:
                    self._item(item)
            else:
                self._prose(words_below(node), links_below(node))

    def _heading(self, node: SyntaxTreeNode) -> None:
        level, words = int(node.tag[1]), words_below(node)
        if _ASKS.fullmatch(words) and not self.of_ours:
            self._close()
            self.open = _Open(level, self._question(node, words))
            return
        if self.open is not None and level > self.open.level:
            self.open.lines.append(words)
            return
        self._close()
        if level > 1 or not self.section:
            self.section = words
        if level > 1:
            self.headed.append(_Open(level, replace(self._question(node, words), section_title="")))

    def _item(self, item: SyntaxTreeNode) -> None:
        first, rest = (item.children[0], item.children[1:]) if item.children else (None, [])
        if first is None or first.type != "paragraph":
            self.blocks(item.children)
            return
        words, links = words_below(first), links_below(first)
        box = _BOX.fullmatch(words)
        if self.open is not None and self.open.level < _LEVEL_OF_A_LIST:  # the answer to a heading
            self._prose("\n".join(filter(None, (words, *map(words_below, rest)))), links_below(item))
            return
        if links and all(link.endswith(">") and "<#" in link for link in links) and not box:
            return  # an entry of a table of contents
        asked, answer = _bold_question(first) if box is None else ("", "")
        self._close()
        if box is not None:
            mark = (box["mark"] or box["sign"] or "").strip(f"{_EMPTY} ")
            self._box(item, mark, box["rest"], links, rest)
        elif asked:
            self.open = _Open(_LEVEL_OF_A_LIST, self._question(item, asked), None, [answer] if answer else [])
            self._prose("\n".join(map(words_below, rest)), links_below(item))
            self._close()
        elif any(map(_is_box, (below for one in rest for below in one.walk()))) or any(map(_asks_below, rest)):
            if _ASKS.fullmatch(words):
                self.bullets.append(self._question(item, words, links))
            self._below(under(bare(words), self.parent), rest)
        else:
            body = "\n".join(map(words_below, rest))
            if self.headed:
                self.headed[-1].lines.append(words)
            self.bullets.append(replace(self._question(item, words, links), below=body))

    def _box(
        self, item: SyntaxTreeNode, mark: str, words: str, links: Sequence[str], rest: Sequence[SyntaxTreeNode]
    ) -> None:
        words, footnotes = self.source.without_references(words)
        opened = _Open(_LEVEL_OF_A_LIST, self._question(item, words, links), mark, [footnotes] if footnotes else [])
        nested: list[SyntaxTreeNode] = []
        texts: dict[str, str] = {}
        for node in rest:
            for child in node.children if node.type.endswith("_list") else (node,):
                text = words_below(child)
                label, *said = re.split("[:：]", text, maxsplit=1)
                key = self.labels.get(label.strip().lower()) if said else None
                if any(map(_is_box, child.walk())):
                    nested.append(child)
                elif key is not None:
                    texts[key] = said[0].strip()
                else:
                    opened.lines += [text]
                    opened.question = replace(opened.question, links=(*opened.question.links, *links_below(child)))
        opened.question = replace(opened.question, why=texts.get("why", ""), fix=texts.get("fix", ""))
        self.found.questions.append(_closed(opened))
        self._below(opened.question.ask, nested)

    def _below(self, words: str, nested: Iterable[SyntaxTreeNode]) -> None:
        """Read the boxes below an entry, whose words theirs are nothing without."""
        above, self.parent = self.parent, words
        for child in nested:
            if child.type == "list_item":
                self._item(child)
            else:
                self.blocks([child])
        self.parent = above

    def _question(self, node: SyntaxTreeNode, words: str, links: Sequence[str] = ()) -> Question:
        place = Place((node.map or (0, 0))[0] + 1, 1)
        words = self.source.without_references(words)[0]
        question, checklist = worded(place, words, links, section=self.section, parent=self.parent)
        if checklist:
            self.lists.setdefault(checklist, place)
        return question

    def _table(self, node: SyntaxTreeNode) -> None:
        if self.open is not None:
            self.open.lines.append(words_below(node))
            return
        rows, links = [], {}
        for row in (one for one in node.walk() if one.type == "tr"):
            place = Place((row.map or node.map or (0, 0))[0] + 1, 1)
            rows.append([Cell(words_below(cell), place) for cell in row.children])
            links[place] = links_below(row)
        self._rows(rows, links)

    def _html(self, node: SyntaxTreeNode) -> None:
        """Read a table of HTML; note the loss of a list."""
        rows = html_table(node)
        if rows and self.open is not None:
            self.open.lines += [" | ".join(cell.text for cell in row) for row in rows]
        elif rows:
            self._rows(rows, {})
        elif re.search(r"<(?:li|td|input)\b", node.content, re.IGNORECASE):
            self.found.notes.append(fault(self.path, Place((node.map or (0, 0))[0] + 1, 1), "markdown.html"))

    def _rows(self, rows: Rows, links: Mapping[Place, tuple[str, ...]]) -> None:
        made = read_questions([rows], self.path)
        if made.faults and not made.questions:
            self.found.notes.append(fault(self.path, rows[0][0].place, "markdown.table"))
            return
        self.found.faults += made.faults
        self.found.notes += made.notes
        self.found.answering += made.answering
        for one in made.questions:
            kept = tuple(link for link in links.get(one.place, ()) if "<#" not in link)
            title = one.section_title or ("" if one.section else self.section)
            reply = _unboxed(one.reply)
            self.found.questions.append(replace(one, section_title=title, links=(*one.links, *kept), reply=reply))

    def _prose(self, words: str, links: Sequence[str]) -> None:
        if self.open is not None:
            self.open.lines.append(words)
            self.open.question = replace(self.open.question, links=(*self.open.question.links, *links))
        elif self.headed:
            self.headed[-1].lines.append(words)
            self.headed[-1].question = replace(self.headed[-1].question, links=tuple(links))

    def _close(self) -> None:
        if self.open is not None:
            self.found.questions.append(_closed(self.open))
        self.open = None


def _is_box(node: SyntaxTreeNode) -> bool:
    return node.type == "paragraph" and _BOX.match(words_below(node)) is not None


def _asks_below(node: SyntaxTreeNode) -> bool:
    """Whether a nested list holds questions rather than details: each ends with “?”."""
    if not node.type.endswith("_list"):
        return False
    first = [item.children[0] for item in node.children if item.children]
    return bool(first) and all(_ASKS.fullmatch(words_below(one)) for one in first)


def _bold_title(node: SyntaxTreeNode) -> str:
    """The words of a paragraph that is all bold, as titles are written without headings."""
    inner = node.children[0].children if node.type == "paragraph" and node.children else []
    words = (
        bare(words_below(node))
        if [one.type for one in inner if one.type != "text" or one.content.strip()] == ["strong"]
        else ""
    )
    return "" if _ASKS.fullmatch(words) or leading_reply(words)[0] is not None else words


def _closed(opened: _Open) -> Question:
    """The question with its answer: a ticked box is a yes."""
    text = "\n".join(line for line in opened.lines if line.strip()).strip()
    if opened.box is None:
        return replace(opened.question, reply=text)
    if not opened.box and leading_reply(text)[0] is not None:
        return replace(opened.question, reply=text)
    return replace(opened.question, reply="yes" if opened.box in _TICKS else opened.box, below=text)


def _unboxed(reply: str) -> str:
    found = re.fullmatch(r"\[(?P<mark>.?)\]", reply.strip())
    return reply if found is None else ("yes" if found["mark"] in ("x", "X") else "")


def _bold_question(paragraph: SyntaxTreeNode) -> tuple[str, str]:
    """A question in bold letters at the beginning of a paragraph, and what follows it."""
    children = [one for inline in paragraph.children for one in inline.children]
    if not children or children[0].type not in ("strong", "text"):
        return "", ""
    start = 1 if children[0].type == "text" and not children[0].content.strip() and len(children) > 1 else 0
    if children[start].type != "strong" or not _ASKS.fullmatch(asked := inline_words(children[start : start + 1])):
        return "", ""
    return asked, inline_words(children[start + 1 :]).strip(" :：")
