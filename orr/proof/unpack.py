"""Verify a pack: that it is whole, that its history is, and where it comes from."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from orr.history.hashes import START, hash_of_exported, shown
from orr.history.records import HistoryUnavailable, unpacked
from orr.messages import Message, say
from orr.proof.pack import CHAIN, ENVELOPED, FORMAT, MANIFEST, SIGNED, archive, recorded_sums, text
from orr.proof.signing import Signers, ssh_problem, unwrapped

MAX_MEMBERS, MAX_TOTAL = 100_000, 4_000_000_000
_PATH = re.compile(r"(?!(?:.*/)?\.\.?(?:/|\Z))[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*")
"""A member's path, none of whose steps leads upwards."""


@dataclass(frozen=True)
class Unpacked:
    """What a look at a pack brought.

    Attributes
    ----------
    findings
        What is not as it was packed.
    proven
        What proves where it comes from; None where nothing does.
    unproven
        Why a signature that is there is not believed.
    unbound
        How many files the history does not name, where only its head proves anything.
    """

    findings: tuple[Message, ...]
    proven: Message | None = None
    unproven: Message | None = None
    unbound: int = 0


def is_pack(path: Path) -> bool:
    """Whether a file begins as a zip file does, be it whole or cut."""
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def verify_pack(path: Path, by: Signers, head: str | None, now: datetime) -> Unpacked:
    """Verify a pack against its manifest, its history, a signature and a head.

    Parameters
    ----------
    by
        Whose signatures count; `identity` has to be given for one by an SSH key.
    head
        A head of the history that was noted elsewhere.

    Raises
    ------
    CannotSign
        If a signature cannot be judged.
    """
    try:
        members = _members(path)
        manifest = json.loads(members[MANIFEST])
        listed: dict[str, Any] = manifest["files"]
        if manifest["format"] != FORMAT:
            raise ValueError(str(manifest["format"]))
        findings = [
            *_differing(members, listed),
            *_chain(members, manifest),
            *_evidence(members, manifest),
            *_misshapen(path.read_bytes(), members),
        ]
    except (
        zipfile.BadZipFile, KeyError, TypeError, ValueError, AttributeError, RecursionError, EOFError, OSError,
        NotImplementedError, RuntimeError, HistoryUnavailable,
    ) as error:  # fmt: skip
        return Unpacked((say("proof.pack.form", problem=f"{type(error).__name__}: {error}"[:200]),))
    proven, unproven = _signature(members, by, now)
    unbound = 0
    if head is not None:
        if head.lower() not in _heads(members):
            findings.append(say("proof.pack.other-head", head=head[:80]))
        elif proven is None and (unproven is None or not (by.keys or by.signers)):
            unproven = None  # nobody asked whose the signature is
            proven, unbound = say("proof.pack.by-head", head=head.lower()), _unbound(members, manifest)
    return Unpacked(tuple(findings), proven, unproven, unbound)


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        entries = file.infolist()
        names = [entry.filename for entry in entries]
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
            raise ValueError("compressed")
        most = min(MAX_TOTAL, path.stat().st_size)  # nothing is compressed, so that no part lies in two members
        if len(names) > MAX_MEMBERS or sum(entry.file_size for entry in entries) > most:
            raise ValueError("too large")
        if len(set(names)) != len(names) or not all(map(_PATH.fullmatch, names)):
            raise ValueError("names")
        return {entry.filename: file.read(entry) for entry in entries}


def _misshapen(raw: bytes, members: Mapping[str, bytes]) -> Iterator[Message]:
    """What a zip file holds beside its members, and names and JSON of two readings."""
    written = archive(members)
    if raw != written and raw.startswith(written):
        yield say("proof.pack.after", n=len(raw) - len(written))
    elif raw != written and raw.endswith(written):
        yield say("proof.pack.before", n=len(raw) - len(written))
    elif raw != written:
        yield say("proof.pack.zip")
    for name in (MANIFEST, CHAIN):
        if text(json.loads(members[name])) != members[name]:  # such as a key that stands twice
            yield say("proof.pack.json", name=name)
    folded: dict[str, bytes] = {}
    for name, content in members.items():
        if folded.setdefault(name.lower(), content) != content:
            yield say("proof.pack.case", name=name)


def _differing(members: Mapping[str, bytes], listed: Mapping[str, Any]) -> Iterator[Message]:
    for name in sorted({*listed, *members} - {MANIFEST, *SIGNED}):
        if name not in members:
            yield say("proof.pack.missing", name=name)
        elif name not in listed:
            yield say("proof.pack.added", name=name)
        elif hashlib.sha256(members[name]).hexdigest() != listed[name]["sha256"]:
            yield say("proof.pack.altered", name=name)


def _chain(members: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[Message]:
    """Breaks in the history: links between records, hashes of whole ones, the head."""
    last, previous = 0, START
    for told in json.loads(members[CHAIN]):
        record, digest = told["record"], bytes.fromhex(told["hash"])
        if record != last + 1 or bytes.fromhex(told["previous"]) != previous:
            yield say("proof.pack.chain", record=record)
        if "run" in told:
            document = members[told["document"]] if told.get("document") else None
            if hash_of_exported(told, document) != digest:
                yield say("proof.pack.record", record=record)
        last, previous = record, digest
    if shown(previous) != manifest["head"]:
        yield say("proof.pack.head", head=manifest["head"])


def _evidence(members: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[Message]:
    """What the manifest says of a run that its record in the history does not."""
    recorded = {}
    for told in json.loads(members[CHAIN]):
        if told.get("document"):
            recorded[told["run"]["workload"], told["run"]["number"]] = (
                told["run"],
                unpacked(members[told["document"]]),
            )
    for name, about in manifest["workloads"].items():
        for one in about["runs"]:
            run, document = recorded.get((name, one["number"]), ({}, {}))
            if any(one[key] != run.get(key) for key in ("today", "recorded_at", "verdict", "decision", "digest")):
                yield say("proof.pack.run", workload=name, number=one["number"])
                continue
            votes = [[vote[key] for key in ("role", "by", "vote", "on", "valid")] for vote in document["sign_offs"]]
            if votes != [[vote[key] for key in ("role", "by", "vote", "on", "valid")] for vote in one["votes"]]:
                yield say("proof.pack.run", workload=name, number=one["number"])
            for path, digest in recorded_sums(document):
                if one["files"].get(path, {}).get("sha256", digest) != digest:
                    yield say("proof.pack.evidence", path=path, workload=name, number=one["number"])
            for path, file in one["files"].items():
                member = file.get("member")
                if member is not None and manifest["files"].get(member, {}).get("sha256") != file["sha256"]:
                    yield say("proof.pack.altered", name=path)


def _signature(members: Mapping[str, bytes], by: Signers, now: datetime) -> tuple[Message | None, Message | None]:
    """What proves the manifest, and why its signature does not."""
    if "manifest.dsse.json" in members:
        try:
            told = json.loads(members["manifest.dsse.json"])
        except (ValueError, RecursionError):
            return None, say("proof.verify.json")
        payload, signing = unwrapped(told, by.keys, ENVELOPED)
        why = signing if isinstance(signing, Message) else None
        if why is None and payload != members[MANIFEST]:
            why = say("proof.pack.other-manifest")
        return (say("proof.pack.by-key"), None) if why is None else (None, why)
    if "manifest.json.sig" in members:
        if by.identity is None:
            return None, say("proof.pack.identity")
        armoured = members["manifest.json.sig"].decode("ascii", "replace")
        why = ssh_problem(members[MANIFEST], armoured, by, by.identity, now)
        return (say("proof.pack.by-ssh", by=by.identity), None) if why is None else (None, why)
    return None, None


def _heads(members: Mapping[str, bytes]) -> set[str]:
    return {f"sha256:{told['hash']}" for told in json.loads(members[CHAIN])}


def _unbound(members: Mapping[str, bytes], manifest: Mapping[str, Any]) -> int:
    """How many files neither are of the history nor are named in it by their digests."""
    named = set()
    for told in json.loads(members[CHAIN]):
        if told.get("document"):
            named |= {digest for _, digest in recorded_sums(unpacked(members[told["document"]]))}
    return sum(
        not name.startswith("history/") and one["sha256"] not in named for name, one in manifest["files"].items()
    )
