"""What git holds of what votes were given on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path, PurePosixPath

from orr.evaluate import Evaluation
from orr.evaluate.ballot import Part, part_of_answer, parts_of_review
from orr.evaluate.ballot_changes import Known, OldBallot, OldPart
from orr.evaluate.votes import changes_of, normal_digest
from orr.evidence.documents.claims import text_beside_review
from orr.evidence.documents.reading import read_text
from orr.evidence.errors import Undetermined
from orr.evidence.masking import masked
from orr.model.content import Content
from orr.model.review import Review, SignOff
from orr.source.faults import FaultyInput
from orr.source.file import InputFile
from orr.workspace.git import NoRevision, Outside, Revision
from orr.workspace.workspace import Workspace

_DOCUMENTS = (".md", ".rst", ".ipynb")
MAX_READ = 200
"""How many documents are read again at most."""


def known_from_git(workspace: Workspace, assessment: Evaluation) -> Known:
    """What the commits of votes on other assessments hold of what those were given on.

    That is the review, and the documents of a repository in the same work tree. Where git cannot be asked, nothing.
    """
    earlier = {normal_digest(one.digest): one for one in assessment.case.review.sign_offs}
    earlier.pop(assessment.digest, None)
    known = {}
    with suppress(NoRevision):
        for digest, sign_off in earlier.items():
            known[digest] = OldBallot(dict(_parts(workspace, assessment, sign_off)))
    return {digest: old for digest, old in known.items() if old.parts}


def _parts(workspace: Workspace, assessment: Evaluation, sign_off: SignOff) -> Iterator[tuple[str, OldPart]]:
    root, name = workspace.root, assessment.case.workload.workload
    review = PurePosixPath(workspace.review_path(name).relative_to(root))
    with closing(Revision(root, "HEAD")) as head:
        commit = head.wrote(sign_off.digest.rpartition(":")[2], review)
    with closing(Revision(root, commit or "HEAD")) as at:
        changed = {f"{one.kind}:{one.about}" for one in changes_of(sign_off, assessment.ballot, {})}
        for part in (*_of_review(at, review), *_of_documents(workspace, assessment, at, changed)):
            # Without its commit a vote's own list alone tells whether a text is the one that was voted on.
            if commit is not None or part.name in changed:
                yield part.name, OldPart(part.digest, masked(part.text))


def _of_review(at: Revision, place: PurePosixPath) -> Iterator[Part]:
    raw = _content(at, place)
    if raw is None:
        return
    try:
        review = InputFile(Path(place), str(place), raw).read_as(Review)
    except FaultyInput:
        return
    yield from parts_of_review(review)
    for item, answer in review.answers.items():
        yield part_of_answer(item, answer)


def _of_documents(workspace: Workspace, assessment: Evaluation, at: Revision, changed: set[str]) -> Iterator[Part]:
    repository = workspace.places(assessment.case).repository.resolve()
    if not repository.is_relative_to(workspace.root.resolve()):
        return
    folder = repository.relative_to(workspace.root.resolve())
    by_file: dict[str, list[str]] = {}
    for part in assessment.ballot.values():
        path, _, heading = part.about.partition("#")
        if part.kind == "content" and path.endswith(_DOCUMENTS) and (not changed or part.name in changed):
            by_file.setdefault(path, []).append(heading)
    for path, headings in list(by_file.items())[:MAX_READ]:
        raw = _content(at, PurePosixPath(folder, path))
        if raw is not None:
            with suppress(Undetermined, UnicodeDecodeError):
                for content in _sections(raw.decode("utf-8-sig"), path, headings):
                    yield Part("content", content.about, content.digest, content.text)


def _sections(text: str, path: str, headings: list[str]) -> Iterator[Content]:
    document = read_text(text, path)
    if "" in headings:
        yield Content.of(path, text_beside_review(document, None))
    for heading in document.sections():
        if heading.text in headings:
            yield Content.of(f"{path}#{heading.text}", text_beside_review(document, heading))


def _content(at: Revision, place: PurePosixPath) -> bytes | None:
    with suppress(Outside):
        for _, blob in at.blobs(place):
            return at.content(blob)
    return None
