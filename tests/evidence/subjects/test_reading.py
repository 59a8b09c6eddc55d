"""Subjects that a file names, by its content."""

from __future__ import annotations

import json

import pytest

from orr.evidence.errors import Undetermined
from orr.evidence.subjects.reading import MAX_SUBJECTS, subjects_of

DIGEST = "sha256:" + "1" * 64
COMMIT = "42cd0e1f5b7a9c3d8e2f4a6b1c0d9e8f7a6b5c4d"


def named(text: str, path: str = "drill.md") -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.value, str(one.place)) for one in subjects_of(text.encode(), path)]


def kinds(text: str, path: str = "drill.md") -> dict[str, str]:
    return {kind: value for kind, value, _ in named(text, path)}


def front(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", "# Drill", "We rolled back."])


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        pytest.param([f"commit: {COMMIT}"], {"commit": COMMIT}, id="a commit"),
        pytest.param(["commit: 41ab"], {"commit": "41ab"}, id="a commit that is too short"),
        pytest.param(["commit: 4123456"], {"commit": "4123456"}, id="a commit of digits"),
        pytest.param(["Git-Commit: main"], {"commit": "main"}, id="a branch"),
        pytest.param(["environment: staging"], {"environment": "staging"}, id="an environment"),
        pytest.param([f"image: shop@{DIGEST}"], {"image": f"shop@{DIGEST}"}, id="an image"),
        pytest.param([f"images: {{shop: '{DIGEST}'}}"], {"image": f"shop@{DIGEST}"}, id="a mapping of images"),
        pytest.param(["image: shop:2.4.1"], {}, id="a tag, which may be moved"),
        pytest.param(
            ["version: 2.4.1", "environment: production"],
            {"version": "2.4.1", "environment": "production"},
            id="a version beside",
        ),
        pytest.param(["version: 3"], {}, id="the version of the document"),
        pytest.param(["revision: 7"], {}, id="the revision of the document"),
        pytest.param(["revision: 42cd0e1f"], {"commit": "42cd0e1f"}, id="a revision that is a commit"),
        pytest.param(["release: 2.4.1"], {"version": "2.4.1"}, id="a release"),
        pytest.param(
            ["release: {version: 2.4.1, commit: 42cd0e1}"],
            {"version": "2.4.1", "commit": "42cd0e1"},
            id="a release with its parts",
        ),
        pytest.param(["owner: payments", "commit:"], {}, id="none"),
        pytest.param(["commit: [unclosed"], {}, id="front matter that cannot be read"),
    ],
)
def test_a_document_names_its_subjects_in_its_front_matter(lines: list[str], found: dict[str, str]) -> None:
    assert kinds(front(*lines)) == found


def test_toml_names_them_as_well() -> None:
    assert kinds('+++\nenvironment = "staging"\n+++\n') == {"environment": "staging"}


def test_words_of_a_document_name_nothing() -> None:
    assert named("# Drill\n\ncommit: 42cd0e1\n") == []


SUITE = '<testsuite name="x"><properties>{}</properties><testcase name="a"/></testsuite>'


def prop(name: str, value: str) -> str:
    return f'<property name="{name}" value="{value}"/>'


@pytest.mark.parametrize(
    ("properties", "found"),
    [
        (prop("git.commit", COMMIT), {"commit": COMMIT}),
        (prop("GITHUB_SHA", COMMIT), {"commit": COMMIT}),
        (prop("environment", "staging") + prop("version", "2.4"), {"environment": "staging", "version": "2.4"}),
        (prop("java.version", "21") + prop("version", "1"), {}),
        (prop("commit", ""), {}),
    ],
)
def test_a_test_report_names_them_in_its_properties(properties: str, found: dict[str, str]) -> None:
    assert kinds(SUITE.format(properties), "tests.xml") == found
    assert kinds(f"<testsuites><properties>{properties}</properties></testsuites>", "tests.xml") == found


def test_properties_of_a_single_test_name_nothing() -> None:
    inner = f"<testsuite><testcase name='a'><properties>{prop('commit', COMMIT)}</properties></testcase></testsuite>"
    assert named(inner, "tests.xml") == []


def test_suites_of_several_commits_are_apart() -> None:
    suites = "\n".join(SUITE.format(prop("commit", commit)) for commit in (COMMIT, "41ab0e1"))
    assert named(f"<testsuites>\n{suites}\n</testsuites>", "tests.xml") == [
        ("commit", COMMIT, "tests.xml: 2"),
        ("commit", "41ab0e1", "tests.xml: 3"),
    ]


def test_suites_of_one_commit_are_one_place() -> None:
    suites = "\n".join(SUITE.format(prop("commit", COMMIT)) for _ in range(3))
    assert named(f"<testsuites>{suites}</testsuites>", "tests.xml") == [("commit", COMMIT, "tests.xml")]


MANIFEST = f"""
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: shop
          image: registry.example.com/shop@{DIGEST}
        - image: registry.example.com/proxy:1.2
"""


def test_a_kubernetes_manifest_names_its_images() -> None:
    assert named(MANIFEST, "deploy.yaml") == [("image", f"registry.example.com/shop@{DIGEST}", "deploy.yaml")]


def test_what_runs_in_kubernetes_names_its_images() -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "status": {"containerStatuses": [{"imageID": f"docker-pullable://shop@{DIGEST}"}]},
    }
    assert kinds(json.dumps(pod, indent=2), "pods.json") == {"image": f"shop@{DIGEST}"}


def test_other_yaml_names_no_image() -> None:
    assert named(f"services:\n  shop:\n    image: shop@{DIGEST}\n", "compose.yaml") == []


def test_each_line_of_json_lines_is_a_document() -> None:
    lines = "\n".join(
        json.dumps({"SchemaVersion": 2, "ArtifactName": ".", "Metadata": {"Commit": commit}})
        for commit in (COMMIT, "41ab0e1")
    )
    assert named(lines, "scan.jsonl") == [
        ("commit", COMMIT, "scan.jsonl: 1: Metadata"),
        ("commit", "41ab0e1", "scan.jsonl: 2: Metadata"),
    ]


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"%PDF-1.7", b"plain words"])
def test_a_file_of_another_format_names_nothing(raw: bytes) -> None:
    assert subjects_of(raw, "x") == ()


@pytest.mark.parametrize("raw", [b"{", b"<testsuite>", b'{"a": 1, "a": 2}'])
def test_a_file_that_cannot_be_read_tells_nothing(raw: bytes) -> None:
    with pytest.raises(Undetermined):
        subjects_of(raw, "x")


def test_so_many_subjects_are_read() -> None:
    many = {"imageDetails": [{"imageDigest": f"sha256:{number:064x}"} for number in range(MAX_SUBJECTS + 1)]}
    assert len(subjects_of(json.dumps(many).encode(), "x.json")) == MAX_SUBJECTS
