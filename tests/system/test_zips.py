"""ZIP archives that are the same for the same contents."""

from __future__ import annotations

import io
import zipfile

import hypothesis.strategies as st
from hypothesis import given

from orr.system.zips import unzipped, zipped

CONTENTS = st.dictionaries(st.text("ab/c", min_size=1).filter(lambda name: not name.endswith("/")), st.binary())


@given(CONTENTS)
def test_what_was_written_is_read_and_the_order_makes_no_difference(contents: dict[str, bytes]) -> None:
    raw = zipped(contents)
    assert unzipped(raw) == contents
    assert zipped(dict(reversed(contents.items()))) == raw


def test_folders_stand_in_it_and_are_no_files() -> None:
    raw = zipped({"a/b": b"x"}, ["a/", "c/", "a/"], mode=0o644)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        found = {entry.filename: (entry.create_system, entry.external_attr >> 16) for entry in archive.infolist()}
    assert found == {"a/": (3, 0o40755), "a/b": (3, 0o644), "c/": (3, 0o40755)}
    assert unzipped(raw) == {"a/b": b"x"}
