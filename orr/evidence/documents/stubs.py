"""Recognize text that stands in place of what is still to be written."""

from __future__ import annotations

import re
from functools import lru_cache

from orr.evidence.documents.placeholders import placeholder_in

_WRITTEN = (
    r"written|done|documented|completed|added|described|defined|filled(?: in| out)?|provided|continued|drafted|updated"
    r"|confirmed|decided|determined|announced|agreed|discussed|clarified|specified|supplied|expanded|finished|reviewed"
)
_PART = (
    r"sections?|steps?|runbooks?|playbooks?|procedures?|pages?|parts?|documents?|docs?|documentation|details?|contents?"
    r"|text|instructions?|information|info|description|me"
)
_STUB = re.compile(
    rf"(?:(?:this|the|our|all|these)\W+)?(?:(?:{_PART})\W+)?"
    r"(?:(?:is|are|will be|still|currently|yet|needs?|has|have)\W+){0,3}"
    r"(?:(?:more )?(?:coming|following) (?:(?:very )?(?:soon|later|shortly)|in \S+|next \w+)"
    r"|(?:more |will )?(?:to )?(?:come|follows?|be added)(?: soon| later)?|intentionally (?:left )?(?:blank|empty)|stub"
    r"|(?:see|same as) (?:above|below)|needs? (?:writing|work)|(?:help|contributions?) (?:wanted|welcome|needed)"
    r"|as (?:needed|appropriate|required|applicable)|goe?s? here|tk(?:tk)?|place ?holder(?: text)?|pending(?: \w+)?"
    r"|ok(?:ay)?|fine|dummy|sample(?: text)?|foo|bar|blah(?:,? blah)*"
    r"|wip|work in progress|in progress|(?:under|pending) (?:construction|development|investigation|review)|draft"
    rf"|(?:yet )?to be (?:{_WRITTEN})(?: (?:soon|later|here|below|by (?:\S+ ?){{1,4}}))?|to ?do|tbd|tbc|tba|tbw"
    rf"|not (?:yet )?(?:{_WRITTEN})(?: yet)?|incomplete|empty|(?:nothing|none) (?:here )?yet|no content(?: yet)?"
    r"|watch this space|to fill(?: in)?|fill(?: (?:me|this|it))? (?:in|out)|(?:it |this )?(?:all )?(?:depends|varies)"
    r"(?: (?:up)?on the (?:\w+ )?(?:issue|case|situation|problem|cause|incident|alert|context|circumstances))?)"
    # … or a task to write it.
    r"|(?:(?:we|i|someone|somebody)\W+(?:(?:will|still|should|must|need to|have to)\W+)+)?"
    rf"(?:write|document|describe|fill(?: in| out)?|complete|draft|finish|add|explain|expand|insert|provide|put)\W+"
    rf"(?:(?:this|it|that|these|something)(?: (?:{_PART}))?|(?:(?:the|all|your|more|some|any) )?(?:\w+ )?(?:{_PART}))"
    r"(?: (?:here|below|up|down|later|soon))?"
    # … or its prompt, or a list's item without words of its own.
    r"|(?:please\W+)?(?:describe|explain|outline|summari[sz]e)\W+(?:how|what|why|when|where|who|which)\b.*"
    r"|(?:list|outline) the steps|please (?:describe|explain|complete|fill (?:in|out))|your (?:\w+ )?here"
    r"|(?:step|item|action|task|point)\W*(?:\d{1,2}|one|two|three|four|five|[a-e])",
    re.IGNORECASE,
)
_STUB_ZH = re.compile(
    r"(?:(?:本节|本章|本页|本文|此处|该部分|此部分|内容|文档|步骤|详情|细节|正在|尚|还|仍|暂|目前|有)){0,3}"
    r"(?:敬请期待|即将(?:推出|补充|更新|上线)|[待未](?:写|编写|撰写|补|补充|填|填写|完善|完成|更新|续|整理|定|确认|确定|添加)(?:内容|中)?"
    r"|(?:编写|撰写|建设|施工|完善|整理|更新|补充|起草)中|(?:稍后|后续|以后|日后|之后)(?:再)?(?:补充|填写|完善|更新|添加)|未完待续"
    r"|草稿|好的?|可以|没问题|从?略|省略|占位符?|(?:在此|请|此处){0,2}(?:填写|补充|描述|说明)(?:此处|本节|内容|步骤|具体步骤|详情)?|(?:暂)?(?:无|没有)内容"
    r"|(?:视|看|依|取决于)(?:具体)?(?:情况|问题|场景|故障)(?:而定|决定)?|具体(?:情况|问题)具体分析)"
)
_EXAMPLE = re.compile(
    r"(?:e\.?g\b|for example\b|for instance\b|example\s*[:：]|例如|比如|譬如|示例\s*[:：]|如[:：])", re.IGNORECASE
)
_INCLUDED = re.compile(r"\{\{[<%\s]*(?:include|import|snippet|partial|embed|readfile|render)", re.IGNORECASE)
_SLOT = re.compile(r"<[^<>@/=]+>|\[[^\[\]]*\]|\{\{?[\w\s.,:-]*\}\}?|\$\{[\w\s.-]*\}|\$[A-Z_]+|%\w+%|__\w+__")
_SIGNS = re.compile("[\u2600-\u27bf\ufe0f\U0001f300-\U0001faff]|(?<!\\S):[a-z_]+:(?!\\S)")
_UNTICKED = re.compile(r"^\s*\[ ?\]")
_TASK = re.compile(r"^\s*\[[ xX]?\]\s*")
# What is set in print to show how text would look.
_LOREM_IPSUM = (
    "lorem ipsum dolor sit amet consectetur adipiscing adipisicing elit sed do eiusmod tempor incididunt ut labore et"
    " dolore magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo"
    " consequat duis aute irure in reprehenderit voluptate velit esse cillum eu fugiat nulla pariatur excepteur sint"
    " occaecat cupidatat non proident sunt culpa qui officia deserunt mollit anim id est laborum"
)
_LOREM = frozenset(_LOREM_IPSUM.split())
_WORD = re.compile(r"[^\W\d_]+")
_AROUND = " \t*_~-–—:：.,;!…。，；！|#•·\"'“”"
_BRACKETS = {"(": ")", "[": "]", "（": "）", "【": "】", "<": ">"}


@lru_cache(maxsize=16384)
def is_stub(text: str, quoted: bool = False) -> bool:
    """Whether a line of prose only stands in place of what is still to be written.

    "None" and "not applicable" are no stubs: they say something.

    Parameters
    ----------
    text
        What a reader sees of the line; code within it as a backtick.
    quoted
        Whether it stands in a block quote: there a question is a template's prompt.
    """
    bare = _SIGNS.sub("", _TASK.sub("", text.strip())).strip(_AROUND)
    if _SLOT.fullmatch(bare) and not _INCLUDED.match(bare):
        return True
    while len(bare) > 1 and _BRACKETS.get(bare[0]) == bare[-1]:
        bare = bare[1:-1].strip(_AROUND)
    if not any(character.isalnum() for character in bare):
        return "`" not in bare
    if (_UNTICKED.match(text) and len(bare.split()) < 2 and bare.isascii()) or _announces(text) or _is_lorem(bare):
        return True
    if _EXAMPLE.match(bare) or (quoted and bare.endswith(("?", "？"))):
        return True
    if _STUB.fullmatch(bare) or _STUB_ZH.fullmatch(bare):
        return True
    mark = placeholder_in(bare)
    return mark is not None and len(mark) >= len(bare) / 2


def _announces(text: str) -> bool:
    """Whether a line ends in a colon: what it announces stands below, or nowhere."""
    return text.rstrip(" \t*_").endswith((":", "：")) and "`" not in text


def _is_lorem(text: str) -> bool:
    found = _WORD.findall(text.casefold())
    return len(found) > 1 and sum(word in _LOREM for word in found) > 0.6 * len(found)
