"""Writing a review so that nothing said is lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, TESTS
from support.builders import DIGEST, answer, day, plan, sign_off, waiver
from support.strategies import answers, texts

from orr.model.nobody import unfit_name
from orr.model.review import Review
from orr.model.validation import read
from orr.source.file import InputFile
from orr.source.yaml import parse
from orr.system.atomic import write_atomically
from orr.workspace import saving
from orr.workspace.saving import NotSaved, ReviewOnDisk, canonical, read_review, save_review


def review(**keys: Any) -> Review:
    return read(Review, {"review": "shop", **keys})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    return tmp_path / "shop" / "review.yaml"


def save(path: Path, base: ReviewOnDisk, mine: Review) -> ReviewOnDisk:
    return save_review(path, "review.yaml", base, mine)


def load(path: Path) -> ReviewOnDisk:
    return read_review(path, "review.yaml")


def others(path: Path) -> set[str]:
    """What lies beside the review, but for its lock."""
    return {file.name for file in path.parent.iterdir()} - {"review.yaml", "review.yaml.lock"}


# The one text of a review

words = texts.filter(lambda text: text.strip() and text == text.strip())
names = words.filter(lambda text: unfit_name(text) is None)


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    said = {}
    for name in draw(st.lists(words, max_size=3, unique=True)):
        said[name] = draw(answers()) | {"note": draw(words), "by": draw(names)}
    held = [waiver("c/a", name=f"W-{n}", reason=draw(words)) for n in range(draw(st.integers(0, 2)))]
    return review(
        occasion=draw(st.sampled_from(["launch", "change"])),
        release=draw(st.sampled_from([{}, NEW, {"images": ["shop@sha256:" + "1" * 64], "version": "2.4.1"}])),
        answers=said,
        waivers=held,
        sign_offs=[sign_off(by=draw(names)) for _ in range(draw(st.integers(0, 2)))],
        pre_mortem=[{"scenario": draw(words), "impact": "high"} for _ in range(draw(st.integers(0, 2)))],
        benefits=draw(st.one_of(st.none(), words)),
    )


@given(reviews())
def test_what_is_written_reads_back_the_same(written: Review) -> None:
    text = canonical(written)
    read = InputFile(Path("review.yaml"), "review.yaml", text.encode()).read_as(Review)
    assert read == written
    assert canonical(read) == text


def test_the_text_depends_on_nothing_but_what_it_says() -> None:
    one = review(answers={"b": answer(), "a": answer()}, waivers=[waiver("c/a", name="Z"), waiver("c/a", name="A")])
    two = review(waivers=[waiver("c/a", name="A"), waiver("c/a", name="Z")], answers={"a": answer(), "b": answer()})
    assert canonical(one) == canonical(two)


def test_the_text_is_one_that_a_person_would_write() -> None:
    said = {"c/a": answer("no", plan=plan(), note="two\nlines"), "c/b": answer("yes", on="2026-11-20T09:00+08:00")}
    assert canonical(review(answers=said)) == textwrap.dedent("""\
        review: shop
        occasion: launch
        answers:
          c/a:
            answer: no
            note: |-
              two
              lines
            plan:
              action: do it
              owner: payments
              due: 2026-11-27
            by: wei
            on: 2026-11-22
          c/b:
            answer: yes
            by: wei
            on: 2026-11-20T09:00:00+08:00
        """)


# Saving


def test_a_first_review_makes_the_file(path: Path) -> None:
    base = load(path)
    assert (base.raw, base.review.review) == (None, "shop")
    saved = save(path, base, review(answers={"c/a": answer()}))
    assert load(path) == saved
    assert others(path) == set()


def test_saving_the_same_again_touches_nothing(path: Path) -> None:
    saved = save(path, load(path), review(answers={"c/a": answer()}))
    before = path.stat()
    save(path, saved, saved.review)
    assert path.stat().st_ino == before.st_ino


def test_the_permissions_of_the_file_stay(path: Path) -> None:
    saved = save(path, load(path), review())
    path.chmod(0o640)
    save(path, saved, review(benefits="money"))
    assert path.stat().st_mode & 0o777 == 0o640


BASE = {"answers": {"c/a": answer("no"), "c/b": answer("no")}, "waivers": [waiver("c/a")], "benefits": "old"}
YES, PARTIAL = answer("yes"), answer("partial")


def but(**changes: Any) -> Review:
    """The base with some answers or keys otherwise; None takes an answer out."""
    said = {**BASE["answers"], **{f"c/{name}": one for name, one in changes.items() if len(name) == 1}}  # type: ignore[dict-item]
    keys = {name: value for name, value in changes.items() if len(name) > 1}
    return review(**{**BASE, **keys, "answers": {name: one for name, one in said.items() if one is not None}})


SCENE = {"scenario": "fire"}
NEW = {"commit": "42cd0e1", "environment": "production"}


@pytest.mark.parametrize(
    ("theirs", "mine", "merged"),
    [
        pytest.param(but(a=YES), but(b=YES), but(a=YES, b=YES), id="different answers"),
        pytest.param(but(d=YES), but(e=YES), but(d=YES, e=YES), id="new answers"),
        pytest.param(but(a=YES), but(a=YES), but(a=YES), id="the same change"),
        pytest.param(but(a=None), but(b=YES), but(a=None, b=YES), id="one taken out, another changed"),
        pytest.param(but(a=None), but(a=None), but(a=None), id="both took it out"),
        pytest.param(but(), but(a=YES), but(a=YES), id="only mine"),
        pytest.param(but(a=YES), but(), but(a=YES), id="only theirs"),
        pytest.param(but(benefits="new"), but(a=YES), but(a=YES, benefits="new"), id="benefits and an answer"),
        pytest.param(but(occasion="change"), but(a=YES), but(a=YES, occasion="change"), id="occasion and an answer"),
        pytest.param(but(release=NEW), but(a=YES), but(a=YES, release=NEW), id="release and an answer"),
        pytest.param(but(a=YES), but(release=NEW), but(a=YES, release=NEW), id="an answer and release"),
        pytest.param(
            but(waivers=[waiver("c/a"), waiver("c/b", name="W-2")]),
            but(waivers=[waiver("c/a"), waiver("c/b", name="W-3")]),
            but(waivers=[waiver("c/a"), waiver("c/b", name="W-2"), waiver("c/b", name="W-3")]),
            id="new waivers",
        ),
        pytest.param(but(waivers=[]), but(a=YES), but(a=YES, waivers=[]), id="a waiver taken out"),
        pytest.param(
            but(sign_offs=[sign_off()]),
            but(sign_offs=[sign_off("operations")]),
            but(sign_offs=[sign_off(), sign_off("operations")]),
            id="votes of two roles",
        ),
        pytest.param(
            but(sign_offs=[sign_off()]),
            but(sign_offs=[sign_off(digest=DIGEST[:-1] + "1")]),
            but(sign_offs=[sign_off(), sign_off(digest=DIGEST[:-1] + "1")]),
            id="votes on two digests on one day",
        ),
        pytest.param(
            but(sign_offs=[sign_off()]),
            but(sign_offs=[sign_off(vote="no-go")]),
            but(sign_offs=[sign_off(), sign_off(vote="no-go")]),
            id="two votes of one role",
        ),
        pytest.param(
            but(a=YES), but(pre_mortem=[SCENE, SCENE]), but(a=YES, pre_mortem=[SCENE, SCENE]), id="equal scenarios"
        ),
    ],
)
def test_changes_of_different_parts_merge(path: Path, theirs: Review, mine: Review, merged: Review) -> None:
    base = save(path, load(path), but())
    save(path, base, theirs)
    assert save(path, base, mine).review == merged == load(path).review


@pytest.mark.parametrize(
    ("theirs", "mine", "part", "sides"),
    [
        pytest.param(but(a=YES), but(a=PARTIAL), ("answers", "c/a"), ("partial", "yes"), id="one answer"),
        pytest.param(but(d=YES), but(d=PARTIAL), ("answers", "c/d"), ("partial", "yes"), id="one new answer"),
        pytest.param(but(a=None), but(a=YES), ("answers", "c/a"), ("yes", None), id="taken out there, changed here"),
        pytest.param(but(a=YES), but(a=None), ("answers", "c/a"), (None, "yes"), id="taken out here, changed there"),
        pytest.param(but(benefits="x"), but(benefits="y"), ("benefits", ""), ("y", "x"), id="the benefits"),
        pytest.param(
            but(occasion="change"),
            but(occasion="recurring"),
            ("occasion", ""),
            ("recurring", "change"),
            id="the occasion",
        ),
        pytest.param(
            but(waivers=[waiver("c/a", expires=1)]),
            but(waivers=[waiver("c/a", expires=2)]),
            ("waivers", "W-1"),
            (day(2), day(1)),
            id="one waiver",
        ),
    ],
)
def test_changes_of_the_same_part_are_refused_and_both_sides_kept(
    path: Path, theirs: Review, mine: Review, part: tuple[str, str], sides: tuple[Any, Any]
) -> None:
    def gist(side: Any) -> Any:
        return (
            next((side[key] for key in ("answer", "expires") if key in side), side) if isinstance(side, dict) else side
        )

    base = save(path, load(path), but())
    save(path, base, theirs)
    before = path.read_bytes()
    with pytest.raises(NotSaved) as caught:
        save(path, base, mine)
    assert {part: tuple(map(gist, both)) for part, both in caught.value.conflicts.items()} == {part: sides}
    assert path.read_bytes() == before
    kept = caught.value.kept
    assert kept is not None
    assert InputFile(kept, "kept", kept.read_bytes()).read_as(Review) == mine
    assert others(path) == {kept.name}


def test_a_refused_save_takes_nothing_in_part(path: Path) -> None:
    base = save(path, load(path), but())
    save(path, base, but(a=YES))
    with pytest.raises(NotSaved, match="somebody else changed c/a meanwhile"):
        save(path, base, but(a=PARTIAL, b=YES))
    assert load(path).review == but(a=YES)


def test_a_file_that_became_unreadable_is_left_as_it_is(path: Path) -> None:
    base = save(path, load(path), but())
    path.write_text("review: [")
    with pytest.raises(NotSaved, match="it has become unreadable meanwhile") as caught:
        save(path, base, but(a=YES))
    assert path.read_text() == "review: ["
    assert caught.value.kept is not None
    assert caught.value.kept.read_text() == canonical(but(a=YES))


def test_a_file_that_appeared_meanwhile_is_merged_with(path: Path) -> None:
    base = load(path)
    save(path, base, review(answers={"c/a": YES}))
    assert set(save(path, base, review(answers={"c/b": YES})).review.answers) == {"c/a", "c/b"}


def test_what_cannot_be_written_leaves_what_is_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = save(path, load(path), but())
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save(path, base, but(a=YES))
    assert path.read_bytes() == before
    assert others(path) == set()


def test_who_waits_too_long_for_the_lock_keeps_their_side(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = save(path, load(path), but())
    monkeypatch.setattr(saving, "LOCK_SECONDS", 0.05)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, filelock\nwith filelock.FileLock(sys.argv[1]):\n print(flush=True)\n input()",
            str(path) + ".lock",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(NotSaved, match="another program has been writing it") as caught:
            save(path, base, but(a=YES))
    finally:
        holder.kill()
        holder.communicate()
    assert caught.value.kept is not None
    assert load(path).review == but()
    assert save(path, base, but(a=YES)).review == but(a=YES)  # its holder is dead, so the lock is free


def test_what_killed_writers_left_is_swept_by_the_next(path: Path) -> None:
    base = save(path, load(path), but())
    (path.parent / ".review.yaml.1-ab.tmp").write_text("half")
    (path.parent / "mine.tmp").write_text("not ours")
    save(path, base, but(a=YES))
    assert others(path) == {"mine.tmp"}


# Several processes


def fork(work: Any) -> int:
    """Run something in a process of its own, which never comes back into the test."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return child


def test_processes_that_answer_different_items_at_once_lose_nothing(path: Path) -> None:
    writers, rounds = 4, 12

    def write(writer: int) -> None:
        for number in range(rounds):
            base = load(path)
            said = {
                **base.review.answers,
                f"c/w{writer}-{number}": read(Review, {"review": "x", "answers": {"a": YES}}).answers["a"],
            }
            save(path, base, replace(base.review, answers=said))

    children = [fork(lambda writer=writer: write(writer)) for writer in range(writers)]
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * writers
    assert set(load(path).review.answers) == {
        f"c/w{writer}-{number}" for writer in range(writers) for number in range(rounds)
    }
    assert others(path) == set()


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_leaves_the_old_file_or_the_new(path: Path) -> None:
    """A hundred processes are killed while they write; each time the file is whole, and can be written."""
    command = [sys.executable, "-m", "support.killed_writers", str(path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(TESTS)])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0  # some were caught in the very act, so that the test does show what it says
    base = load(path)
    save(path, base, review(answers={"c/after": answer()}))
    assert set(load(path).review.answers) == {"c/after"}
    assert others(path) == set()


def test_a_reader_never_sees_a_part(path: Path) -> None:
    one, two = b"a" * 200_000, b"b" * 200_000
    write_atomically(path, one)

    def write() -> None:
        for number in range(60):
            write_atomically(path, (one, two)[number % 2])

    child = fork(write)
    seen = set()
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        seen.add(path.read_bytes())
    assert seen <= {one, two}
    assert path.read_bytes() == two


def test_the_lock_is_that_of_the_file(path: Path) -> None:
    with FileLock(str(path) + ".lock"):
        assert re.search("lock", " ".join(file.name for file in path.parent.iterdir()))
    assert parse(canonical(review()), "f") == {"review": "shop", "occasion": "launch"}
