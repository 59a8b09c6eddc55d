"""Put what an auditor needs into one file, offline and the same for the same input."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from orr.history import History
from orr.history.records import unpacked
from orr.proof.belonging import evidence_files, own_files, own_paths
from orr.proof.recorded import collected_of
from orr.proof.signing import envelope, is_pem, ssh_signature
from orr.proof.store import Held, Store, held, place_of
from orr.system import zips
from orr.system.git import GitRefused
from orr.workspace.git import NoRevision, Revision
from orr.workspace.workspace import Workspace

FORMAT = "orr.pack/1"
MANIFEST, INDEX, CHAIN = "manifest.json", "index.html", "history/chain.json"
NOT_KEPT = "not kept"
SIGNED = {"manifest.json.sig", "manifest.dsse.json"}
ENVELOPED = "application/vnd.orr.pack+json"


@dataclass
class Pack:
    """What goes into a pack.

    Attributes
    ----------
    members
        Contents by their paths in the pack.
    workloads
        By workload what the manifest says of it.
    head
        The head of the history.
    """

    members: dict[str, bytes] = field(default_factory=dict)
    workloads: dict[str, Any] = field(default_factory=dict)
    head: str = ""

    def add(self, path: str, content: bytes) -> dict[str, Any]:
        """Add a file and return its manifest entry; secrets and large files stay out."""
        one = held(path, content)
        if one.left_out:
            return one.as_data()
        name = re.sub(r"[^A-Za-z0-9._-]", "_", path.rpartition("/")[2])[-80:] or "file"
        member = f"files/{one.sha256}/{name}"
        self.members[member] = content
        return {**one.as_data(), "member": member}


def packed(workspace: Workspace, names: Iterable[str], since: date | None, history: History) -> Pack:
    """Collect what belongs to workloads: their runs, and what these were made from.

    Parameters
    ----------
    names
        The workloads.
    since
        The first day of the runs whose files are wanted; None for all.

    Raises
    ------
    FaultyInput
        If a file of a workload is faulty.
    HistoryUnavailable
        If the history cannot be read.
    """
    pack, names = Pack(), sorted(names)
    chain, runs = [], dict[str, list[tuple[dict[str, Any], dict[str, Any]]]]()
    for told, document in history.exported(names):
        if document is not None:
            told["document"] = f"history/documents/{told['record']}.zlib"
            pack.members[told["document"]] = document
            runs.setdefault(told["run"]["workload"], []).append((told["run"], unpacked(document)))
        chain.append(told)
    pack.head = history.head()
    pack.members[CHAIN] = text(chain)
    for name in names:
        wanted = [one for one in runs.get(name, ()) if since is None or one[0]["today"] >= since.isoformat()]
        pack.workloads[name] = _workload(workspace, name, wanted, pack)
    _find_by_content(pack)
    return pack


def _find_by_content(pack: Pack) -> None:
    """Name members of the same content for what was not kept for a run."""
    members = {name.split("/")[1]: name for name in pack.members if name.startswith("files/")}
    for told in pack.workloads.values():
        for run in told["runs"]:
            for path, one in run["files"].items():
                if one.get("left_out") == NOT_KEPT and one["sha256"] in members:
                    run["files"][path] = {"sha256": one["sha256"], "member": members[one["sha256"]]}


def text(data: Any) -> bytes:
    """Data as JSON, always in the same way."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8", "surrogatepass") + b"\n"


def manifest_of(pack: Pack) -> bytes:
    """The manifest: every other member with its digest, and what is told of each workload."""
    files = {
        path: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for path, content in sorted(pack.members.items())
    }
    return text({"format": FORMAT, "head": pack.head, "workloads": pack.workloads, "files": files})


def zipped(pack: Pack, key: str | None) -> bytes:
    """The pack as one file, its manifest signed where there is a key.

    Raises
    ------
    CannotSign
        If it cannot be signed.
    """
    manifest = manifest_of(pack)
    members = {**pack.members, MANIFEST: manifest}
    if key is not None and is_pem(key):
        members["manifest.dsse.json"] = envelope(manifest, Path(key).expanduser(), ENVELOPED)
    elif key is not None:
        members["manifest.json.sig"] = ssh_signature(manifest, key).encode()
    return archive(members)


def archive(members: Mapping[str, bytes]) -> bytes:
    """The one zip file that holds exactly these members."""
    return zips.zipped(members, mode=0o644)


def _workload(
    workspace: Workspace, name: str, runs: list[tuple[dict[str, Any], dict[str, Any]]], pack: Pack
) -> dict[str, Any]:
    case = workspace.case(name)
    newest = runs[-1][1] if runs else None
    now = {path: pack.add(path, content) for path, content in own_files(workspace, case)}
    if newest is not None:
        for path, content in evidence_files(workspace, case, collected_of(newest)):
            now[path] = pack.add(path, content)
    store = Store(place_of(workspace.settings.history, workspace.root))
    paths = list(own_paths(workspace, case))
    told = []
    for run, document in runs:
        files, source = _as_they_were(workspace, store, run, document, paths, pack)
        about = {key: run[key] for key in ("number", "today", "recorded_at", "verdict", "decision", "digest")}
        votes = [{key: vote[key] for key in ("role", "by", "vote", "on", "valid")} for vote in document["sign_offs"]]
        told.append({**about, "votes": votes, "kept": source, "files": files})
    return {"title": case.workload.title, "runs": told, "now": now}


def _as_they_were(
    workspace: Workspace,
    store: Store,
    run: Mapping[str, Any],
    document: Mapping[str, Any],
    paths: list[str],
    pack: Pack,
) -> tuple[dict[str, Any], str]:
    """Files of a run as they were, with their source: store, git or none."""
    known = store.files(run["workload"], document["digest"])
    if known is not None:
        return {path: _from_store(store, path, one, pack) for path, one in known.items()}, "store"
    wanted = _recorded_sums(document)
    found = {}
    try:
        with closing(Revision(workspace.root, "HEAD")) as head:
            commit = head.before(run["recorded_at"])
            if commit is None:
                return _not_kept(wanted), ""
            there = head.at(commit).files(*paths, *(path for path in wanted if not path.startswith("../")))
        for path, content in sorted(there.items()):
            if wanted.get(path, hashlib.sha256(content).hexdigest()) == hashlib.sha256(content).hexdigest():
                found[path] = pack.add(path, content)
    except (NoRevision, GitRefused):
        return _not_kept(wanted), ""
    return {**_not_kept(wanted), **found}, f"git {commit}" if found else ""


def _from_store(store: Store, path: str, one: Held, pack: Pack) -> dict[str, Any]:
    content = None if one.left_out else store.content(one.sha256)
    if content is not None:
        return pack.add(path, content)
    return one.as_data() if one.left_out else {**one.as_data(), "left_out": NOT_KEPT}


def _not_kept(wanted: Mapping[str, str]) -> dict[str, Any]:
    return {path: {"sha256": digest, "left_out": NOT_KEPT} for path, digest in wanted.items()}


def _recorded_sums(document: Mapping[str, Any]) -> dict[str, str]:
    return dict(recorded_sums(document))


def recorded_sums(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Digests of the files read by a recorded run's checks, by workspace path."""
    made_from = collected_of(document)
    for folder, files in made_from.read.items() if made_from is not None else ():
        for path, digest in files.items():
            yield (path if folder == "." else f"{folder}/{path}"), digest
