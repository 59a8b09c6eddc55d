"""Subjects in JSON that scanners, registries, builders and AWS write."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evidence.subjects.json_forms import json_subjects

ONE, TWO = "1" * 64, "2" * 64
IMAGE = f"registry.example.com/shop@sha256:{ONE}"
COMMIT = "42cd0e1f5b7a9c3d8e2f4a6b1c0d9e8f7a6b5c4d"
STATEMENT = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "registry.example.com/shop", "digest": {"sha256": ONE}}],
    "predicateType": "https://slsa.dev/provenance/v1",
}
ENVELOPE = {
    "payloadType": "application/vnd.in-toto+json",
    "payload": base64.b64encode(json.dumps(STATEMENT).encode()).decode(),
    "signatures": [],
}


def sarif(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [], **run} for run in runs]}


def cyclonedx(**component: Any) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": {"component": {"type": "container", **component}},
    }


def spdx(**package: Any) -> dict[str, Any]:
    packages = [
        {"SPDXID": "SPDXRef-shop", "name": "shop", **package},
        {"SPDXID": "SPDXRef-zlib", "checksums": [{"algorithm": "SHA256", "checksumValue": TWO}]},
    ]
    return {"spdxVersion": "SPDX-2.3", "documentDescribes": ["SPDXRef-shop"], "packages": packages}


def asff(resource: dict[str, Any]) -> dict[str, Any]:
    return {"Findings": [{"SchemaVersion": "2018-10-08", "ProductArn": "arn", "Resources": [resource]}]}


FORMS = [
    pytest.param(
        sarif({"versionControlProvenance": [{"repositoryUri": "https://example.com/shop", "revisionId": COMMIT}]}),
        [("commit", COMMIT)],
        id="SARIF of a commit",
    ),
    pytest.param(
        sarif({"properties": {"repoDigests": [IMAGE], "imageID": f"sha256:{TWO}", "repoTags": ["shop:2"]}}),
        [("image", IMAGE)],
        id="SARIF of an image, by Trivy",
    ),
    pytest.param(
        {
            "SchemaVersion": 2,
            "ArtifactName": "shop:2",
            "Metadata": {"RepoDigests": [IMAGE], "ImageID": f"sha256:{TWO}"},
        },
        [("image", IMAGE)],
        id="Trivy",
    ),
    pytest.param(
        {"SchemaVersion": 2, "ArtifactName": "shop:2", "Metadata": {"ImageID": f"sha256:{TWO}"}},
        [("artifact", f"sha256:{TWO}")],
        id="Trivy of an image that was never pushed",
    ),
    pytest.param(
        {"SchemaVersion": 2, "ArtifactName": ".", "Metadata": {"Commit": COMMIT}},
        [("commit", COMMIT)],
        id="Trivy of a repository",
    ),
    pytest.param(
        {
            "matches": [],
            "source": {"type": "image", "target": {"manifestDigest": f"sha256:{ONE}", "repoDigests": [IMAGE]}},
        },
        [("image", IMAGE), ("image", f"sha256:{ONE}")],
        id="Grype",
    ),
    pytest.param(STATEMENT, [("image", IMAGE)], id="an in-toto statement"),
    pytest.param(ENVELOPE, [("image", IMAGE)], id="in an envelope"),
    pytest.param(
        {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": ENVELOPE},
        [("image", IMAGE)],
        id="in a bundle",
    ),
    pytest.param(
        {**STATEMENT, "subject": [{"name": "shop.tar.gz", "digest": {"sha256": ONE}}]},
        [("artifact", f"sha256:{ONE}")],
        id="an in-toto statement of a file",
    ),
    pytest.param(
        {**STATEMENT, "subject": [{"name": "git+https://example.com/shop", "digest": {"gitCommit": COMMIT}}]},
        [("commit", COMMIT)],
        id="an in-toto statement of a commit",
    ),
    pytest.param(
        {**STATEMENT, "subject": [{"name": "pkg:oci/shop", "digest": {"sha256": ONE}}]},
        [("image", f"pkg:oci/shop@sha256:{ONE}")],
        id="an in-toto statement of a package URL",
    ),
    pytest.param(
        cyclonedx(purl=f"pkg:oci/shop@sha256%3A{ONE}?repository_url=registry.example.com/shop"),
        [("image", f"sha256:{ONE}")],
        id="CycloneDX by package URL",
    ),
    pytest.param(
        cyclonedx(hashes=[{"alg": "SHA-256", "content": ONE}, {"alg": "SHA-1", "content": "1" * 40}]),
        [("artifact", f"sha256:{ONE}")],
        id="CycloneDX by hash",
    ),
    pytest.param(
        cyclonedx(properties=[{"name": "aquasecurity:trivy:RepoDigest", "value": IMAGE}]),
        [("image", IMAGE)],
        id="CycloneDX by property",
    ),
    pytest.param(
        spdx(externalRefs=[{"referenceType": "purl", "referenceLocator": f"pkg:oci/shop@sha256:{ONE}"}]),
        [("image", f"sha256:{ONE}")],
        id="SPDX by package URL",
    ),
    pytest.param(
        spdx(checksums=[{"algorithm": "SHA256", "checksumValue": ONE}]),
        [("artifact", f"sha256:{ONE}")],
        id="SPDX by checksum",
    ),
    pytest.param(
        {
            **{key: value for key, value in spdx(versionInfo=f"sha256:{ONE}").items() if key != "documentDescribes"},
            "relationships": [{"relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-shop"}],
        },
        [("image", f"sha256:{ONE}")],
        id="SPDX by relationship",
    ),
    pytest.param(
        asff(
            {"Type": "AwsEcrContainerImage", "Id": f"arn:aws:ecr:eu-west-1:123456789012:repository/shop/sha256:{ONE}"}
        ),
        [("image", f"sha256:{ONE}")],
        id="ASFF by resource",
    ),
    pytest.param(
        asff(
            {
                "Type": "AwsEcrContainerImage",
                "Id": "x",
                "Details": {"AwsEcrContainerImage": {"ImageDigest": f"sha256:{ONE}"}},
            }
        ),
        [("image", f"sha256:{ONE}")],
        id="ASFF by details",
    ),
    pytest.param(asff({"Type": "AwsS3Bucket", "Id": "arn:aws:s3:::shop"}), [], id="ASFF of a bucket"),
    pytest.param(
        [{"class_uid": 2002, "metadata": {}, "resources": [{"uid": IMAGE}]}], [("image", f"sha256:{ONE}")], id="OCSF"
    ),
    pytest.param(
        {"imageDetails": [{"repositoryName": "shop", "imageDigest": f"sha256:{ONE}"}]},
        [("image", f"sha256:{ONE}")],
        id="ECR images",
    ),
    pytest.param(
        {"imageId": {"imageDigest": f"sha256:{ONE}"}, "imageScanFindings": {}},
        [("image", f"sha256:{ONE}")],
        id="ECR findings",
    ),
    pytest.param(
        {"deploymentInfo": {"revision": {"gitHubLocation": {"repository": "shop", "commitId": COMMIT}}}},
        [("commit", COMMIT)],
        id="CodeDeploy",
    ),
    pytest.param({"anything": "else"}, [], id="another format"),
    pytest.param([], [], id="an empty list"),
    pytest.param(5, [], id="a number"),
]


@pytest.mark.parametrize(("data", "named"), FORMS)
def test_a_document_names_its_subjects(data: Any, named: list[tuple[str, str]]) -> None:
    assert [(one.kind.value, one.value) for one in json_subjects(data)] == named


def test_each_run_of_a_log_is_apart() -> None:
    runs = [{"versionControlProvenance": [{"revisionId": commit}]} for commit in (COMMIT, "41ab0e1")]
    assert [one.part for one in json_subjects(sarif(*runs))] == ["runs[0]", "runs[1]"]


@pytest.mark.parametrize("payload", ["%%%", base64.b64encode(b"{").decode(), base64.b64encode(b"[1]").decode()])
def test_an_envelope_that_cannot_be_opened_names_nothing(payload: str) -> None:
    assert list(json_subjects({**ENVELOPE, "payload": payload})) == []


KEYS = [
    "runs",
    "properties",
    "repoDigests",
    "Findings",
    "ProductArn",
    "Resources",
    "Id",
    "source",
    "target",
    "subject",
    "digest",
    "sha256",
    "payload",
    "payloadType",
    "_type",
    "metadata",
    "component",
    "bomFormat",
    "hashes",
    "packages",
    "documentDescribes",
    "SPDXID",
    "imageDetails",
    "imageDigest",
]
JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.just(IMAGE) | st.just(f"sha256:{ONE}"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_whatever_its_shape_a_document_is_read_to_its_end(data: Any) -> None:
    for one in json_subjects(data):
        assert one.value.strip() == one.value != ""
