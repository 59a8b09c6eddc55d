"""Parse Markdown into headings, prose, links and tables with lines.

The parsing itself is markdown-it's, so that code is never mistaken for prose.
"""

from __future__ import annotations

import re
from copy import copy
from functools import cache
from typing import TYPE_CHECKING

from orr.evidence.documents.frontmatter import read_front_matter
from orr.evidence.documents.outline import BOLD, Document, Heading, Line, Link
from orr.evidence.errors import Undetermined
from orr.messages import say

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Together they bound the time for any text at a few seconds.
MAX_LINES = 20_000
MAX_LINE = 20_000
MAX_PARAGRAPH = 100_000
MAX_MARKS = 3_000
MAX_ALL_MARKS = 150_000
MAX_BARS = 60_000
MAX_QUESTION = 200

_TITLE = re.compile(r"(?:<%=|\{\{)\s{0,4}[\w.]{0,40}(?:\.title|\.Title)\s{0,4}(?:%>|\}\})")
_EMBEDDED = re.compile(r"data:[\w/+.;=-]{0,80}base64,[A-Za-z0-9+/=]+")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# No sign in it begins markup within a line.
_PLAIN = re.compile(r"[^\\`*_\[\]<>&!\n]+")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_KNOWN_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|body|br|center|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|figcaption"
    r"|figure|font|footer|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|nav|ol|p"
    r"|picture|pre|q|s|samp|script|section|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody"
    r"|td|tfoot|th|thead|title|tr|tt|u|ul|var|video)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_HTML_HEADING = re.compile(r"<h([1-6])\b[^<>]{0,300}>(.{0,300}?)</h\1>", re.IGNORECASE | re.DOTALL)
_HTML_LINK = re.compile(r"\b(?:href|src)\s{0,3}=\s{0,3}[\"']([^\"'<>]{0,2000})[\"']", re.IGNORECASE)
_HTML_ANCHOR = re.compile(r"\b(?:id|name)\s{0,3}=\s{0,3}[\"']([^\"'<>]{1,200})[\"']", re.IGNORECASE)
_LABEL = re.compile(r"^\(([^()\s]{1,200})\)=\s*$|\{#([\w:.-]{1,200})[ }]", re.MULTILINE)
_ADDRESS = re.compile(r"<?https?://\S{1,2000}>?")
# What may stand beside links that say nothing of their own.
BESIDE_LINKS = re.compile(
    r"(?:[^\w`]|\b(?:please|see|also|refer|to|check|use|follow|visit|read|the|this|these|and|or|at|here|in|on|our|for|more"
    r"|details?|information|docs?|documentation|links?|guide|runbook|page|above|below)\b|请|参见|参考|参阅|详见|见|查看|以及|和|或|文档|链接)*",
    re.IGNORECASE,
)
# The parser would take a footnote for the target of links.
_FOOTNOTE = re.compile(r"^ {0,3}\[\^(?=[^\]\s]{1,200}\]:)", re.MULTILINE)
_CELL_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read_document(text: str, path: str) -> Document:
    """Read a Markdown document.

    Raises
    ------
    Undetermined
        If it has more or longer lines than are read.
    """
    text = _EMBEDDED.sub("data:,", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        raise Undetermined(say("evidence.document.too-many-lines", path=path, limit=MAX_LINES))
    longest = max(range(len(lines)), key=lambda number: len(lines[number]))
    if len(lines[longest]) > MAX_LINE:
        raise Undetermined(say("evidence.document.too-long-line", path=path, line=longest + 1, limit=MAX_LINE))
    front = read_front_matter(text, path)
    document = Document(path, front)
    body = "\n".join(lines[front.lines :])
    title = front.value(("title",))
    if title is not None:
        shown = str(title[1])[:200].replace("\n", " ")
        body = _TITLE.sub(lambda _: shown, body)
    body = _FOOTNOTE.sub(r"\\[^", body)
    document.anchors.update(first or second for first, second in _LABEL.findall(body))
    _Reader(document, front.lines).read(body)
    return document


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Inline markup is read paragraph by paragraph, after a look at its size.
    return MarkdownIt("commonmark").enable("table").disable("inline")


def _plain(token: Token) -> Token:
    """Only child of a text without markup, which needs no inline parsing."""
    child = copy(token)
    child.type, child.children, child.map = "text", None, None
    return child


class _Reader:
    def __init__(self, document: Document, offset: int) -> None:
        self.document, self.offset = document, offset
        self.line = offset + 1
        self.lists = self.quotes = self.marks = 0
        self.heading: Token | None = None
        self.row: list[str] | None = None
        self.head: list[str] = []
        self.in_head = False

    def read(self, body: str) -> None:
        if body.count("|") > MAX_BARS:
            raise Undetermined(say("evidence.document.too-many-bars", path=self.document.path, limit=MAX_BARS))
        parser = _parser()
        environment: dict[str, object] = {}
        for token in parser.parse(body, environment):
            if token.type == "inline":
                self._bound(token)
                token.children = [_plain(token)] if _PLAIN.fullmatch(token.content) else []
                if not token.children:
                    parser.inline.parse(token.content, parser, environment, token.children)
            self._token(token)
        self.document.headings.sort(key=lambda heading: heading.line)
        self.document.content.sort()

    def _bound(self, token: Token) -> None:
        marks = sum(token.content.count(mark) for mark in (*"[]*_<`", "!["))  # of an image the text is read twice
        self.marks += marks
        if marks > MAX_MARKS or self.marks > MAX_ALL_MARKS or len(token.content) > MAX_PARAGRAPH:
            line = self.line if token.map is None else token.map[0] + self.offset + 1
            raise Undetermined(say("evidence.document.too-intricate", path=self.document.path, line=line))

    def _token(self, token: Token) -> None:
        if token.map is not None:
            self.line = token.map[0] + self.offset + 1
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            self.lists += 1
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.lists -= 1
        elif kind in ("blockquote_open", "blockquote_close"):
            self.quotes += 1 if kind == "blockquote_open" else -1
        elif kind == "heading_open":
            self.heading = token
        elif kind == "heading_close":
            self.heading = None
        elif kind in ("fence", "code_block"):
            self._content(token.content)
            self.document.code.append((self.line, token.content))
        elif kind == "list_item_open":
            self.document.items.append(self.line)
        elif kind == "html_block":
            self._html(token.content)
        elif kind == "table_open":
            self.head = []
        elif kind == "tr_open":
            self.row = []
        elif kind == "tr_close":
            self._end_row()
        elif kind in ("thead_open", "thead_close"):
            self.in_head = kind == "thead_open"
        elif kind == "inline":
            self._inline(token)

    def _content(self, text: str) -> None:
        if text.strip():
            self.document.content.append(self.line)

    def _end_row(self) -> None:
        if self.row is not None:
            self.document.rows.append((self.line, self.row, [] if self.in_head else self.head))
            if self.in_head:
                self.head = self.row
        self.row = None

    def _inline(self, token: Token) -> None:
        children = token.children or []
        self._marks(children)
        if self.heading is not None:
            text = _text(children, code=True)
            self.document.headings.append(Heading(text, int(self.heading.tag[1:]), self.line))
            self.document.prose.append(Line(_text(children), self.line))
            return
        if self.row is not None:
            self.row.append(_text(children, code=True))
            form = _form(children)
            self.document.prose.append(Line(_text(children), self.line, form))
            if not self.in_head and (self.row[-1].strip() or form == "picture"):
                self.document.content.append(self.line)
            return
        question = _question(children) if self.lists == 1 else []
        if question:
            self.document.headings.append(Heading(_text(question, code=True), BOLD, self.line))
        last = sum(part.type in ("softbreak", "hardbreak") for part in question)
        for number, parts in enumerate(_lines(children)):
            here = self.line + number
            text, form = _text(parts), _form(parts)
            if text.strip() or form == "picture" or any(part.type == "code_inline" for part in parts):
                self.document.content.append(here if number > last else self.line)
            if text.strip() or form == "picture":
                form = "quote" if self.quotes and not form else form
                self.document.prose.append(Line(text, here, form, bool(number and self.lists)))
            if not self.lists and _is_bold(parts):
                self.document.headings.append(Heading(_text(parts, code=True).strip().rstrip(":："), BOLD, here))

    def _marks(self, children: list[Token]) -> None:
        """Take in links, pictures and code within lines."""
        line = self.line
        for place, child in enumerate(children):
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "link_open":
                end = next((n for n in range(place, len(children)) if children[n].type == "link_close"), place)
                self._link(str(child.attrGet("href") or ""), line, _text(children[place:end]))
            elif child.type == "image":
                self._link(str(child.attrGet("src") or ""), line)
            elif child.type == "html_inline":
                self._html_targets(child.content, line)
            elif child.type == "code_inline":
                self.document.code.append((line, child.content))

    def _link(self, target: str, line: int, text: str = "") -> None:
        self.document.links.append(Link(target, line, text))

    def _html_targets(self, html: str, line: int) -> None:
        for target in _HTML_LINK.findall(html):
            self._link(target, line)
        self.document.anchors.update(_HTML_ANCHOR.findall(html))

    def _html(self, html: str) -> None:
        html = _COMMENT.sub(lambda match: "\n" * match.group().count("\n"), html)
        for match in _HTML_HEADING.finditer(html):
            line = self.line + html.count("\n", 0, match.start())
            self.document.headings.append(Heading(_TAG.sub(" ", match[2]).strip(), int(match[1]), line))
        without = _HTML_HEADING.sub(lambda match: "\n" * match.group().count("\n"), html)
        for number, (text, bare) in enumerate(zip(html.split("\n"), without.split("\n"), strict=False)):
            self._html_targets(text, self.line + number)
            seen = _KNOWN_TAG.sub("", text)
            if seen.strip():
                self.document.prose.append(Line(seen, self.line + number))
            if _KNOWN_TAG.sub("", bare).strip() or "<img" in bare.lower():
                self.document.content.append(self.line + number)


def _lines(children: list[Token]) -> list[list[Token]]:
    lines: list[list[Token]] = [[]]
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            lines.append([])
        else:
            lines[-1].append(child)
    return lines


def _text(children: list[Token], code: bool = False) -> str:
    parts = []
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "text" or (child.type == "code_inline" and code):
            parts.append(child.content)
        elif child.type == "code_inline":
            parts.append("`")
        elif child.type == "image":
            parts.append(child.content)
        elif child.type == "html_inline" and _CELL_BREAK.match(child.content):
            parts.append(" ")
        elif (
            child.type == "html_inline" and not child.content.startswith("<!--") and not _KNOWN_TAG.match(child.content)
        ):
            parts.append(child.content)  # no tag of HTML: a placeholder in angle brackets
    return "".join(parts)


def _form(parts: list[Token]) -> str:
    """Form of a text: `picture` or `links`, else empty.

    At most signs or a word such as "see" may stand beside them.
    """
    depth, beside = 0, ""
    for part in parts:
        depth += {"link_open": 1, "link_close": -1}.get(part.type, 0)
        if not depth and part.type != "image":
            beside += "`" if part.type == "code_inline" else part.content
    kinds = {part.type for part in parts}
    if "image" in kinds and not beside.strip():
        return "picture"
    bare = _ADDRESS.sub("", beside)
    return "links" if ("link_open" in kinds or bare != beside) and BESIDE_LINKS.fullmatch(bare) else ""


def _question(children: list[Token]) -> list[Token]:
    """Bold question on its own lines at the start of a questionnaire entry."""
    shown = [part for part in children if part.type != "text" or part.content.strip()]
    end = next((place for place, part in enumerate(shown) if part.type == "strong_close"), 0)
    after = shown[end + 1 : end + 2]
    if not end or shown[0].type != "strong_open" or any(part.type not in ("softbreak", "hardbreak") for part in after):
        return []
    text = _text(shown[1:end], code=True)
    return shown[1:end] if text.rstrip().endswith(("?", "？")) and len(text) <= MAX_QUESTION else []


def _is_bold(parts: list[Token]) -> bool:
    shown = [part for part in parts if not (part.type == "text" and not part.content.strip(" :："))]
    if len(shown) < 3 or shown[0].type != "strong_open" or shown[-1].type != "strong_close":
        return False
    inside = shown[1:-1]
    return (
        not any(part.type in ("strong_open", "strong_close") for part in inside) and len(_text(inside, code=True)) <= 80
    )
