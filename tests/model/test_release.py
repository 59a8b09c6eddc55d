"""What a release is, and which subjects are of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.model.release import MEETS, Release, Subject, SubjectKind, release_given, stated
from orr.model.validation import ValidationError, read

ONE, TWO = "sha256:" + "1" * 64, "sha256:" + "2" * 64
COMMIT = "42cd" + "0" * 36
FULL = {"commit": COMMIT, "images": [f"registry.example.com/shop@{ONE}"], "version": "2.4.1", "environment": "live"}


@pytest.mark.parametrize(
    ("written", "images"),
    [
        pytest.param(f"shop@{ONE}", (f"shop@{ONE}",), id="one alone"),
        pytest.param([f"shop@{ONE}", TWO], (f"shop@{ONE}", TWO), id="a list"),
        pytest.param({"shop": ONE, "cart": TWO}, (f"shop@{ONE}", f"cart@{TWO}"), id="names and digests"),
        pytest.param([ONE.upper().replace("SHA", "sha")], (ONE,), id="capitals"),
    ],
)
def test_images_are_named_by_their_digests(written: object, images: tuple[str, ...]) -> None:
    assert read(Release, {"images": written}).images == images


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"commit": "42cd"}, id="a commit that is too short"),
        pytest.param({"commit": "main"}, id="a branch"),
        pytest.param({"commit": 4200001}, id="a commit without quotes"),
        pytest.param({"images": ["shop:2.4.1"]}, id="a tag"),
        pytest.param({"images": [f"shop@{ONE}0"]}, id="a digest that is too long"),
        pytest.param({"images": {"shop": "latest"}}, id="a name with a tag"),
        pytest.param({"images": 5}, id="a number"),
        pytest.param({"version": " "}, id="an empty version"),
        pytest.param({"tag": "2.4.1"}, id="an unknown key"),
    ],
)
def test_what_names_no_artifact_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(Release, wrong)


def subject(kind: str, value: str) -> Subject:
    return Subject(SubjectKind(kind), value, "scan.json")


@pytest.mark.parametrize(
    ("kind", "value", "is_its"),
    [
        pytest.param("commit", COMMIT, True, id="its commit"),
        pytest.param("commit", "42CD000", True, id="its commit abbreviated and in capitals"),
        pytest.param("commit", COMMIT + "0" * 24, True, id="a longer hash that begins with it"),
        pytest.param("commit", "42cd", False, id="a commit that is too short to tell"),
        pytest.param("commit", "41ab000", False, id="another commit"),
        pytest.param("commit", "main", False, id="a branch"),
        pytest.param("image", ONE, True, id="its image without a name"),
        pytest.param("image", f"mirror.example.com/shop@{ONE}", True, id="its image in another registry"),
        pytest.param("image", f"registry.example.com/shop@{TWO}", False, id="another image of its name"),
        pytest.param("artifact", ONE, True, id="an artifact of its digest"),
        pytest.param("version", "v2.4.1", True, id="its version with a v"),
        pytest.param("version", "2.4.10", False, id="another version"),
        pytest.param("environment", "Live", True, id="its environment in capitals"),
        pytest.param("environment", "staging", False, id="another environment"),
    ],
)
def test_a_subject_is_of_a_release_by_its_own_kind(kind: str, value: str, is_its: bool) -> None:
    assert read(Release, FULL).is_about(subject(kind, value)) is is_its


@pytest.mark.parametrize("kind", SubjectKind)
def test_nothing_is_of_a_release_that_does_not_give_its_kind(kind: SubjectKind) -> None:
    assert not Release().gives(kind)
    assert not any(Release().is_about(one) for one in stated(read(Release, FULL), "here") if one.kind is kind)


def test_an_artifact_is_compared_where_a_digest_stands_without_a_name() -> None:
    assert not read(Release, FULL).gives(SubjectKind.ARTIFACT)
    assert read(Release, {"images": [TWO]}).gives(SubjectKind.ARTIFACT)


def test_every_part_of_a_release_is_of_it() -> None:
    release = read(Release, FULL)
    assert {one.kind for one in stated(release, "here")} == set(SubjectKind) - {SubjectKind.ARTIFACT}
    assert all(release.is_about(one) for one in stated(release, "here"))


def test_every_kind_but_the_version_meets_a_demand() -> None:
    assert {kind for kinds in MEETS.values() for kind in kinds} == set(SubjectKind) - {SubjectKind.VERSION}


def test_a_command_line_names_commits_and_images() -> None:
    made = release_given([f"git:{COMMIT}", f"shop@{ONE}", TWO], "live", "2.4.1")
    assert made == Release(commit=COMMIT, images=(f"shop@{ONE}", TWO), version="2.4.1", environment="live")
    assert release_given() == Release()


@pytest.mark.parametrize("wrong", ["", "shop", "shop:2.4.1", "git:42cd", "git:main", "sha256:12", ONE[:-1]])
def test_what_a_command_line_names_wrongly_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="^" + wrong):
        release_given([wrong])


def test_a_release_has_one_commit() -> None:
    with pytest.raises(ValueError, match="git:42cd001"):
        release_given(["git:42cd000", "git:42cd001"])


@given(st.builds(Release, commit=st.sampled_from([None, COMMIT]), environment=st.sampled_from([None, "live"])))
def test_a_release_over_another_keeps_what_it_gives(release: Release) -> None:
    other = read(Release, FULL)
    assert release.over(Release()) == Release().over(release) == release
    assert release.over(other).environment == (release.environment or "live")
    assert bool(release) == (release != Release())
