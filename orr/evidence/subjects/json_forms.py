"""Subjects in JSON that scanners, registries, builders and AWS write.

What is of another shape than its format asks names no subject; whoever needs one then has none.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from orr.model.release import SubjectKind, is_digest

_PURL = re.compile(r"pkg:(oci|docker)/[^?#]*@(sha256:[0-9a-f]{64})", re.IGNORECASE)
_DIGEST = re.compile(r"(?:([\w./:-]+)[@/])?(sha256:[0-9a-f]{64})(?![0-9a-f])", re.IGNORECASE)
_REGISTRY = re.compile(r"(?:[\w-]+\.[\w.-]+|localhost)(?::\d+)?/\S+|\S+:\d+/\S+")
_IN_TOTO = "https://in-toto.io/Statement/"
_COMMITS = ("gitCommit", "gitcommit", "sha1")


class Named(NamedTuple):
    """Subject and the part of the file that names it.

    Where one part names several, any of them may be meant.
    """

    part: str
    kind: SubjectKind
    value: str


def json_subjects(data: Any) -> Iterator[Named]:
    """What a JSON document names as its subject; nothing where its format is not known."""
    for form in _FORMS:
        yield from form(data)


def parts(data: Any, *keys: str) -> list[Any]:
    """Values under nested keys of a document; of lists, in each entry."""
    found = [data]
    for key in keys:
        below = [one.get(key) for one in found if isinstance(one, dict)]
        found = [each for one in below for each in (one if isinstance(one, list) else [one])]
    return [one for one in found if one is not None]


def words(data: Any, *keys: str) -> list[str]:
    """The texts among `parts`."""
    return [one.strip() for one in parts(data, *keys) if isinstance(one, str) and one.strip()]


def _sarif(data: Any) -> Iterator[Named]:
    """https://docs.oasis-open.org/sarif/sarif/v2.1.0/ 3.14.16; images as Trivy writes them."""
    for number, run in enumerate(parts(data, "runs")):
        part = f"runs[{number}]"
        for commit in words(run, "versionControlProvenance", "revisionId"):
            yield Named(part, SubjectKind.COMMIT, commit)
        yield from _image(part, words(run, "properties", "repoDigests"), words(run, "properties", "imageID"))


def _trivy(data: Any) -> Iterator[Named]:
    if parts(data, "ArtifactName"):
        yield from _image("Metadata", words(data, "Metadata", "RepoDigests"), words(data, "Metadata", "ImageID"))
        for commit in words(data, "Metadata", "Commit"):
            yield Named("Metadata", SubjectKind.COMMIT, commit)


def _grype(data: Any) -> Iterator[Named]:
    listed = words(data, "source", "target", "repoDigests") + words(data, "source", "target", "manifestDigest")
    yield from _image("source", listed, words(data, "source", "target", "imageID"))


def _image(part: str, digests: list[str], ids: list[str]) -> Iterator[Named]:
    """An image by what the registry calls it; its id is the digest of something else."""
    found = [one for one in digests if is_digest(one.rpartition("@")[2])]
    yield from (Named(part, SubjectKind.IMAGE, one) for one in found)
    if not found:
        yield from (Named(part, SubjectKind.ARTIFACT, one) for one in ids if is_digest(one))


def _in_toto(data: Any) -> Iterator[Named]:
    """https://github.com/in-toto/attestation, bare, in an envelope or in a bundle of Sigstore."""
    for envelope in (*parts(data, "dsseEnvelope"), data):
        for payload in words(envelope, "payload") if parts(envelope, "payloadType") else ():
            try:
                yield from _in_toto(json.loads(base64.b64decode(payload)))
            except (binascii.Error, ValueError, RecursionError):
                continue
    if not any(one.startswith(_IN_TOTO) for one in words(data, "_type")):
        return
    for subject in parts(data, "subject"):
        for digest in words(subject, "digest", "sha256"):
            name = next(iter(words(subject, "name")), "")
            is_image = _PURL.match(unquote(name)) or re.match(r"pkg:(oci|docker)/", name) or _REGISTRY.fullmatch(name)
            kind = SubjectKind.IMAGE if is_image else SubjectKind.ARTIFACT
            yield Named("subject", kind, f"{name}@sha256:{digest}" if is_image else f"sha256:{digest}")
        for key in _COMMITS:
            for commit in words(subject, "digest", key):
                yield Named("subject", SubjectKind.COMMIT, commit)


def _cyclonedx(data: Any) -> Iterator[Named]:
    """https://cyclonedx.org/docs/1.6/json/: the component that the document is about."""
    for component in parts(data, "metadata", "component") if parts(data, "bomFormat") else ():
        found = _by_purl(words(component, "purl") + words(component, "bom-ref"))
        found += [one for one in words(component, "version") if is_digest(one)]
        for entry in parts(component, "properties"):
            if any(name.endswith("RepoDigest") for name in words(entry, "name")):
                found += words(entry, "value")
        hashes = [
            f"sha256:{content}"
            for entry in parts(component, "hashes")
            if "SHA-256" in words(entry, "alg")
            for content in words(entry, "content")
        ]
        yield from _image("metadata.component", found, hashes)


def _spdx(data: Any) -> Iterator[Named]:
    """https://spdx.github.io/spdx-spec/v2.3/: the packages that the document describes."""
    described = set(words(data, "documentDescribes"))
    for one in parts(data, "relationships") if parts(data, "spdxVersion") else ():
        if "DESCRIBES" in words(one, "relationshipType"):
            described.update(words(one, "relatedSpdxElement"))
    for package in parts(data, "packages") if described else ():
        if described.isdisjoint(words(package, "SPDXID")):
            continue
        found = _by_purl(words(package, "externalRefs", "referenceLocator"))
        found += [one for one in words(package, "versionInfo") if is_digest(one)]
        hashes = [
            f"sha256:{content}"
            for entry in parts(package, "checksums")
            if "SHA256" in words(entry, "algorithm")
            for content in words(entry, "checksumValue")
        ]
        yield from _image("packages", found, hashes)


def _by_purl(purls: list[str]) -> list[str]:
    return [match[2] for one in purls if (match := _PURL.match(unquote(one)))]


def _security_hub(data: Any) -> Iterator[Named]:
    """Container images among the resources of ASFF and OCSF findings."""
    listed = parts(data, "Findings") or (data if isinstance(data, list) else [data])
    for finding in listed:
        if not isinstance(finding, dict) or not ({"ProductArn", "class_uid"} & finding.keys()):
            continue
        for key in ("Resources", "resources"):
            for resource in parts(finding, key):
                texts = words(resource, "Id") + words(resource, "uid") + words(resource, "name")
                for kind in ("AwsEcrContainerImage", "Container"):
                    texts += words(resource, "Details", kind, "ImageDigest")
                    texts += words(resource, "Details", kind, "ImageId") + words(resource, "Details", kind, "ImageName")
                for match in filter(None, map(_DIGEST.search, texts)):
                    yield Named("resources", SubjectKind.IMAGE, match[2])


def _ecr(data: Any) -> Iterator[Named]:
    """What `aws ecr describe-images` and `describe-image-scan-findings` answer."""
    for digest in words(data, "imageDetails", "imageDigest") + words(data, "imageId", "imageDigest"):
        if is_digest(digest):
            yield Named("image", SubjectKind.IMAGE, digest)


def _codedeploy(data: Any) -> Iterator[Named]:
    """What `aws deploy get-deployment` answers."""
    for commit in words(data, "deploymentInfo", "revision", "gitHubLocation", "commitId"):
        yield Named("deploymentInfo", SubjectKind.COMMIT, commit)


_FORMS: tuple[Callable[[Any], Iterator[Named]], ...] = (
    _sarif, _trivy, _grype, _in_toto, _cyclonedx, _spdx, _security_hub, _ecr, _codedeploy,
)  # fmt: skip
