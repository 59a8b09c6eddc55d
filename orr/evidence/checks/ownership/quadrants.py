"""Owners and agreements of the four quadrants of the operating model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from orr.evidence.checks.ownership.aspects import OwnershipResult, share
from orr.evidence.checks.ownership.backstage import Entity
from orr.evidence.context import Context
from orr.evidence.documents.headings import is_any, names
from orr.evidence.documents.outline import Document
from orr.evidence.documents.reading import document_at
from orr.evidence.errors import Undetermined
from orr.evidence.sentences import clauses, in_short
from orr.messages import Said, say
from orr.model.finding import Outcome
from orr.model.person import same
from orr.source.dates import first_date

MAX_DOCUMENTS = 50
MAX_LINE = 1_000

_CONTACT = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,100}|https?://\S|\+\d[\d ()-]{6,20}|(?<![\w#])#[a-z][\w-]{2,40}"
    r"|(?<![\w@])@[A-Za-z][\w./-]{2,60}|(?<![\w/])/[a-z]{3,20} [\w-]{2,40}"
)
_HEADING = re.compile(r"#{1,6}\s+(.*)")
_AGREEMENT = "Agreement|Agreements|OLA|SLA|Service levels|Service level agreement|协议|约定|服务约定|服务等级"
_END = re.compile(
    r"(?:valid )?(?:until|to|through)|ends?(?: on| date)?|expir\w+(?: on| date)?|valid"
    r"|有效期至?|到期日?|截止日?期?|终止日期?",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\b(?:until|expires?(?: on)?|valid (?:to|through))\b|有效期至?|到期|截止", re.IGNORECASE)


def quadrants(context: Context) -> dict[str, str | None]:
    """The four quadrants and the team that owns each."""
    model = context.workload.operating_model
    return {
        "application-engineering": model.application.engineering,
        "application-operations": model.application.operations,
        "infrastructure-engineering": model.infrastructure.engineering,
        "infrastructure-operations": model.infrastructure.operations,
    }


def judge_quadrants(context: Context, contacts: Sequence[str], entities: Sequence[Entity]) -> OwnershipResult:
    """Whether every quadrant has an owner that can be reached."""
    texts, unread = _texts(context, contacts)
    found: dict[str, tuple[str, str] | None] = {}
    rows: list[tuple[Said, Said, Said]] = []
    ownerless: list[Said] = []
    contactless: dict[str, list[Said]] = {}
    for quadrant, team in quadrants(context).items():
        shown = say(f"ownership.quadrant.{quadrant}")
        if team is None:
            rows.append((shown, "—", say("ownership.no-owner")))
            ownerless.append(shown)
            continue
        if team not in found:
            found[team] = _contact_of(context, team, texts, entities)
        reached = found[team]
        if reached is None:
            contactless.setdefault(team, []).append(shown)
            rows.append((shown, team, say("ownership.no-contact")))
        else:
            rows.append((shown, say("ownership.reached", team=team, contact=reached[0], where=reached[1]), ""))
    content = [(team, reached[0]) for team, reached in found.items() if reached is not None]
    lacking = len(ownerless) + sum(map(len, contactless.values()))
    if not lacking:
        return OwnershipResult("quadrants", Outcome.MET, say("ownership.quadrants"), rows, content=content)
    outcome = share(4 - lacking, 4)
    if contactless and unread:  # which may say how
        outcome = Outcome.UNKNOWN
    why: list[Said] = [say("ownership.ownerless", quadrants=ownerless)] if ownerless else []
    why += [say("ownership.contactless", team=team, quadrants=shown) for team, shown in contactless.items()]
    says = say("ownership.quadrants-lacking", good=4 - lacking, lacking=clauses([*why, *unread]))
    return OwnershipResult("quadrants", outcome, says, rows, content=content)


def needed_agreements(context: Context) -> list[tuple[str, str]]:
    """The pairs between which the model needs an agreement.

    Where engineering and operations of a layer are different teams they need one; where
    that is so in both layers, the two operations do as well; and a service provider needs
    one with whoever owns the workload.
    """
    model, owner = context.workload.operating_model, context.workload.owner.team
    pairs: list[tuple[str, str]] = []
    divided = 0
    for layer in (model.application, model.infrastructure):
        if layer.engineering and layer.operations and not same(layer.engineering, layer.operations):
            divided += 1
            pairs.append((layer.engineering, layer.operations))
    first, second = model.application.operations, model.infrastructure.operations
    if divided == 2 and first and second and not same(first, second):
        pairs.append((first, second))
    if model.provider and not any(same(model.provider, one) for pair in pairs for one in pair if owner in pair):
        pairs.append((owner, model.provider))
    return list(dict.fromkeys(pairs))


def judge_agreements(context: Context, patterns: Sequence[str]) -> OwnershipResult:
    """Whether the agreements that the model needs are written down and have not ended."""
    name = "agreements"
    if None in quadrants(context).values():
        return OwnershipResult(name, Outcome.UNKNOWN, say("ownership.no-model"))
    needed = needed_agreements(context)
    if not needed:
        return OwnershipResult(name, Outcome.MET, say("ownership.none-needed"))
    documents, unread = _documents(context, patterns)
    owner = context.workload.owner.team
    rows: list[tuple[Said, Said, Said]] = []
    lacking: list[Said] = []
    ends: list[date] = []
    content: list[tuple[str, str]] = []
    for pair in needed:
        shown = say("ownership.pair", first=pair[0], second=pair[1])
        parties = [one for one in pair if not same(one, owner)] or [pair[1]]
        written = list(_agreements(documents, parties))
        if not written:
            lacking.append(shown)
            rows.append((shown, "", say("ownership.no-agreement")))
            continue
        # Of several with the same parties the one that lasts longest; one without an end does not end.
        where, end = max(written, key=lambda one: one[1] or date.max)
        if end is not None:
            ends.append(end)
        rows.append((shown, say("ownership.written", where=where, end=end or "—"), ""))
        path, _, line = where.rpartition(":")
        text = next(one.lines[int(line) - 1] for one in documents if one.path == path)
        content.append((f"{path}: {pair[0]} – {pair[1]}", text))
    if not lacking:
        says = (
            say("ownership.agreements", n=len(needed), end=min(ends))
            if ends
            else say("ownership.agreed", n=len(needed))
        )
        return OwnershipResult(name, Outcome.MET, says, rows, min(ends, default=None), content)
    if unread:
        return OwnershipResult(name, Outcome.UNKNOWN, say("ownership.unread", why=unread), rows)
    good = len(needed) - len(lacking)
    says = say("ownership.agreements-lacking", good=good, n=len(needed), lacking=lacking, patterns=in_short(patterns))
    return OwnershipResult(name, share(good, len(needed)), says, rows, min(ends, default=None), content)


def _contact_of(
    context: Context, team: str, texts: Mapping[str, str], entities: Sequence[Entity]
) -> tuple[str, str] | None:
    owner = context.workload.owner
    if same(owner.team, team) and owner.contact:
        return owner.contact, "workload.yaml"
    for entity in entities:
        if entity.kind in ("group", "user") and same(entity.name, team) and entity.contact:
            return entity.contact, f"{entity.path}:{entity.line}"
    for path, text in texts.items():
        under = False
        for number, line in enumerate(text.split("\n"), 1):
            heading = _HEADING.match(line)
            if heading is not None:
                under = names(heading[1][:MAX_LINE], team)
            if under or names(line[:MAX_LINE], team):
                contact = _CONTACT.search(line[:MAX_LINE])
                if contact is not None:
                    shown = re.match(r"\S+(?: [\w-]+)?", line[contact.start() : contact.end() + 60])
                    value = contact.group() if not contact.group().startswith("http") else (shown or contact).group()
                    return value.split(" |")[0][:120], f"{path}:{number}"
    return None


def _texts(context: Context, patterns: Sequence[str]) -> tuple[dict[str, str], list[Said]]:
    found = context.find(patterns)
    unread: list[Said] = [say("evidence.ground.refused", path=one, why=why) for one, why in found.refused.items()]
    texts: dict[str, str] = {}
    for path in found.files[:MAX_DOCUMENTS]:
        try:
            texts[path] = context.text(path)
        except Undetermined as cannot:
            unread.append(cannot.why)
    return texts, unread


def _documents(context: Context, patterns: Sequence[str]) -> tuple[list[Document], list[Said]]:
    found = context.find(patterns)
    unread: list[Said] = [say("evidence.ground.refused", path=one, why=why) for one, why in found.refused.items()]
    documents: list[Document] = []
    for path in found.files[:MAX_DOCUMENTS]:
        try:
            documents.append(document_at(context, path))
        except Undetermined as cannot:
            unread.append(cannot.why)
    return documents, unread


def _agreements(documents: Sequence[Document], parties: Sequence[str]) -> Iterator[tuple[str, date | None]]:
    """Where agreements with all of the parties stand, and the last day of each."""
    for document in documents:
        spans = _spans(document)
        for line, cells, head in document.rows:
            inside = any(begin <= line < end for begin, end in spans)
            said = [cell for cell in cells if cell.strip(" -–—")]
            if inside and head and len(said) > 1 and all(any(names(cell, one) for cell in cells) for one in parties):
                yield f"{document.path}:{line}", _end_in_row(cells, head)
        for text in document.prose:
            inside = any(begin <= text.line < end for begin, end in spans)
            if inside and "|" not in text.text and all(names(text.text[:MAX_LINE], one) for one in parties):
                until = _UNTIL.search(text.text)
                written = first_date(text.text[until.end() : until.end() + 60]) if until else None
                # A party's name alone says nothing of what was agreed.
                if len(text.text.split()) > 3 or re.search(r"[\u4e00-\u9fff]{4}", text.text):
                    yield f"{document.path}:{text.line}", written.day if written else None


def _spans(document: Document) -> list[tuple[int, int]]:
    """Line spans about agreements, by heading, title or file name."""
    title = document.headings[0] if document.headings else None
    stem = document.path.rpartition("/")[2].partition(".")[0].replace("-", " ").replace("_", " ")
    if is_any(stem, _AGREEMENT) or (title is not None and title.level == 1 and is_any(title.text, _AGREEMENT)):
        return [(1, 1 << 30)]
    spans = []
    for place, heading in enumerate(document.headings):
        if is_any(heading.text, _AGREEMENT):
            following = (one.line for one in document.headings[place + 1 :] if one.level <= heading.level)
            spans.append((heading.line, next(following, 1 << 30)))
    return spans


def _end_in_row(cells: Sequence[str], head: Sequence[str]) -> date | None:
    for title, cell in zip(head, cells, strict=False):
        if _END.fullmatch(title.strip()):
            written = first_date(cell)
            return written.day if written else None
    return None
