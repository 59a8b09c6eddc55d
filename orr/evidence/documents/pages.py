"""Recognize indexes, templates, guides to writing and glossaries beside documents, and pages of alerts."""

from __future__ import annotations

import posixpath
import re

from orr.evidence.documents.headings import is_any
from orr.evidence.documents.outline import Document
from orr.evidence.documents.placeholders import placeholder_in
from orr.evidence.documents.stubs import is_stub

_ENDING = r"(?:\.[\w.]+)?"
_TEMPLATE = re.compile(rf"(?:.*[-_ .])?templates?{_ENDING}|_?.*模板{_ENDING}", re.IGNORECASE)
_TEMPLATE_OF = re.compile(r"_*templates?[-_ .].*", re.IGNORECASE)
_INDEX = re.compile(
    rf"(?:readme|_?index|contents|toc|table[-_ ]of[-_ ]contents|_?sidebar|_?navbar|_?coverpage|目录|索引){_ENDING}",
    re.IGNORECASE,
)
_GLOSSARY = re.compile(rf"(?:glossary|terminology|acronyms|术语表?|词汇表){_ENDING}", re.IGNORECASE)
_BOOK = r"(?:run|play)[-_ ]?books?"
_WRITE = r"(?:writ(?:e|ing)|add(?:ing)?|creat(?:e|ing)|author(?:ing)?|contribut(?:e|ing)|maintain(?:ing)?)"
_GUIDE = re.compile(
    rf"(?:how[-_ ]to[-_ ])?{_WRITE}[-_ ](?:(?:to|a|an|the|our|these|your|new|good|effective|alert|better)[-_ ])*{_BOOK}"
    rf"(?:$|[^\w].*)|(?:about|using)[-_ ](?:(?:the|our|these)[-_ ])?{_BOOK}"
    rf"|{_BOOK}[-_ ](?:style|guide(?:lines?)?|style[-_ ]guide|conventions?|standards?|format)"
    r"|contributing|style[-_ ]guide"
    r"|(?:如何|怎样)?(?:编写|撰写|新增|添加|创建)(?:一份|新的?)?(?:运行|处置|操作|应急)?(?:手册|预案).*"
    r"|(?:手册|预案)(?:编写|撰写)(?:指南|规范|说明)",
    re.IGNORECASE,
)
_LIST = re.compile(rf"(?:list|index|overview) of (?:all )?(?:our |the )?{_BOOK}|{_BOOK} (?:index|list)", re.IGNORECASE)

# An alert's name is one word of several in capitals: KubeAPIDown, etcdMembersDown.
_CAMEL = re.compile(r"[A-Za-z]+[a-z0-9]+[A-Z][A-Za-z0-9]*|[A-Z]{2,}[A-Z][a-z][A-Za-z0-9]+")
_ALERT = re.compile(r"\balert\w*\b|\bfir(?:es|ing)\b|告警", re.IGNORECASE)
_ALERT_FORM = (
    "Meaning|含义",
    "Impact|影响",
    "Diagnosis|Investigation|诊断|排查",
    "Mitigation|止损|缓解",
    "Symptoms|Alert|Trigger|症状|告警",
)
_TASK_FORM = "Steps|Procedure|Instructions|Prerequisites|Before you start|操作步骤|步骤|前置条件"


def is_beside(path: str) -> bool:
    """Whether a page's name is that of a README, an index, a template or the like."""
    name = posixpath.basename(path)
    return any(one.fullmatch(name) for one in (_TEMPLATE, _INDEX, _GLOSSARY)) or bool(_GUIDE.fullmatch(_stem(path)))


def kind_of(document: Document) -> str:
    """Kind of a side page among documents; empty where it is a document itself.

    Returns
    -------
    str
        `template`, `index` (also under another name, where it holds nothing but links), `guide` to writing
        them, or `glossary`.
    """
    name = posixpath.basename(document.path)
    title = next((one.text.strip() for one in document.headings[:1]), "")
    unfilled = any(placeholder_in(line.text) or is_stub(line.text) for line in document.prose)
    named = _TEMPLATE_OF.fullmatch(name) or _TEMPLATE.fullmatch(title)
    if _TEMPLATE.fullmatch(name) or (named and unfilled):
        return "template"
    if _GLOSSARY.fullmatch(name) or _GLOSSARY.fullmatch(title):
        return "glossary"
    if _GUIDE.fullmatch(_stem(document.path)) or _GUIDE.fullmatch(title):
        return "guide"
    links = {line.line for line in document.prose if line.form == "links"}
    told = {line.line for line in document.prose if line.form != "links" and line.text.strip()}
    only_links = links and not any(line in told or line not in links for line in document.substance)
    return "index" if only_links or _LIST.fullmatch(title) else ""


def is_of_an_alert(document: Document) -> bool:
    """Whether a page gives the steps for one alert, rather than for a task."""
    texts = [one.text for one in document.headings]
    if any(is_any(text, _TASK_FORM) for text in texts):
        return False
    *folders, _ = document.path.casefold().split("/")
    form = sum(any(is_any(text, wanted) for text in texts) for wanted in _ALERT_FORM)
    named = _CAMEL.fullmatch(_stem(document.path)) is not None
    mentioned = named and any(_ALERT.search(line.text) for line in document.prose)
    return form >= 2 or (named and form >= 1) or mentioned or "alerts" in folders


def _stem(path: str) -> str:
    return posixpath.basename(path).split(".")[0]
