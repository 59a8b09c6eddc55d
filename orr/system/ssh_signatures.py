"""Signatures by SSH keys, made and judged by `ssh-keygen -Y` in a folder of our own.

No configuration is read: neither the user's nor a repository's. Times without a zone in a file of signers are UTC.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from orr.system.paths import is_file, refusal
from orr.system.processes import find_program, temporary_folder
from orr.system.programs import Done, NotRun, run

NAMESPACE = "orr"
NEEDED = "8.8"
"""The lowest version of OpenSSH whose `ssh-keygen` judges signatures at a time."""

AGENT = "agent"
"""In place of a key's file: a key that the agent holds."""

SECONDS = 30.0
SECONDS_TO_SIGN = 300.0
"""Somebody types a passphrase, or touches a key, meanwhile."""

MAX_STATEMENT, MAX_FILE, MAX_SIGNATURE = 16_000_000, 1_000_000, 32_000
MAX_PROBLEM = 200

_VERSION = re.compile(rb"OpenSSH_(?:for_Windows_)?(\d+)\.(\d+)")
_ARMOUR = re.compile(
    r"\s*-----BEGIN SSH SIGNATURE-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END SSH SIGNATURE-----\s*", re.ASCII
)
_KEY = re.compile(rb" key (SHA256:[A-Za-z0-9+/]{43})")
_TERM = re.compile(rb"expired|not yet valid|verify time", re.IGNORECASE)
_NO_KEY = 1
"""The status of `ssh-add -L` where the agent holds none."""
_KEPT = ("HOME", "PATH", "SYSTEMROOT", "USERPROFILE", "TEMP", "TMP", "TMPDIR")
_TO_SIGN = ("DISPLAY", "SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "SSH_SK_PROVIDER", "WAYLAND_DISPLAY")


Cause = Literal["missing", "old", "failed", "signers", "revoked", "outside", "key", "gone", "agent", "agent-keys"]


class KeygenRefused(Exception):
    """`ssh-keygen` gives no answer.

    Attributes
    ----------
    kind
        Whether it is not installed, too old, or failed; a file that it needs cannot be used: that of the signers, of
        what is revoked, one of these outside the workspace, or the key, which may be gone; or no agent answers, or it
        does not hold just one fitting key.
    problem
        In its words, or the system's; its version where it is too old; how many keys the agent holds.
    """

    def __init__(self, kind: Cause, problem: str = "") -> None:
        self.kind, self.problem = kind, problem[:MAX_PROBLEM]
        super().__init__(f"ssh-keygen: {kind} {self.problem}".rstrip())


class Outcome(StrEnum):
    """What a signature is worth."""

    GOOD = "good"
    MALFORMED = "malformed"
    NAMESPACE = "namespace"
    ALTERED = "altered"
    STRANGER = "stranger"
    OUT_OF_TERM = "out-of-term"
    REVOKED = "revoked"


class Judged(NamedTuple):
    """Result of checking a signature, and its key's fingerprint, empty if malformed."""

    outcome: Outcome
    key: str = ""


def ssh_version() -> str:
    """The version of the OpenSSH that is installed, such as `9.2`.

    Raises
    ------
    KeygenRefused
        If it is missing or too old.
    """
    return _programs(os.environ.get("PATH", "")).version


def sign(statement: bytes, key: str | Path, *, namespace: str = NAMESPACE, signers: str | None = None) -> str:
    """Sign a statement; ask for a passphrase or a touch where the key needs it.

    Parameters
    ----------
    key
        The file of a private key; that of a public key whose private one the agent holds; or `agent`.
    signers
        Where the agent holds several keys: allowed signers, of whose keys it has to hold exactly one.

    Returns
    -------
    str
        The armoured signature.

    Raises
    ------
    KeygenRefused
        If the program is missing or too old, the key cannot be used, or nothing was signed.
    """
    found = _programs(os.environ.get("PATH", ""))
    if len(statement) > MAX_STATEMENT:
        raise KeygenRefused("failed", f"> {MAX_STATEMENT} bytes")
    with temporary_folder() as folder:
        (told := Path(folder, "statement")).write_bytes(statement)
        if key == AGENT:
            (path := Path(folder, "key.pub")).write_text(_agents_key(found, signers or "", Path(folder)), "ascii")
        else:
            path = Path(key).expanduser().absolute()
            if not is_file(path):
                raise KeygenRefused("gone", str(key))
        words = ("-q", "-Y", "sign", "-f", str(path), "-n", namespace)
        done = _run(found.keygen, words, Path(folder), SECONDS_TO_SIGN, reads=told, asks=True)
    text = done.output.decode("ascii", "replace")
    if done.status or _read(text) is None:
        raise KeygenRefused("key", str(key))
    return text


def verify(
    statement: bytes,
    signature: str,
    signers: bytes,
    principal: str,
    at: datetime,
    revoked: bytes | None = None,
    *,
    namespace: str = NAMESPACE,
) -> Judged:
    """Judge a signature.

    Parameters
    ----------
    statement
        What should be signed, byte for byte.
    signature
        Armoured.
    signers
        The lines of a file of allowed signers (ssh-keygen(1)).
    principal
        Who should have signed.
    at
        The moment, with a zone, at which the key had to be valid.
    revoked
        A list of revoked keys (KRL), whose signatures count no more, whenever they were made.

    Raises
    ------
    KeygenRefused
        If the program is missing or too old, fails, or a file cannot be used.
    """
    found = _programs(os.environ.get("PATH", ""))
    if len(statement) > MAX_STATEMENT:
        raise KeygenRefused("failed", f"> {MAX_STATEMENT} bytes")
    then = at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    return _judged(found.keygen, statement, signature, signers, principal, then, revoked, namespace)


def read_bounded(path: Path, kind: Literal["signers", "revoked"], within: Path | None = None) -> bytes:
    """Read a file of signers or of revoked keys.

    Parameters
    ----------
    within
        A folder out of which no link may lead.

    Raises
    ------
    KeygenRefused
        If it is no file, leads out, cannot be read or is too large, or if a list of revoked keys is empty, as one that
        was lost.
    """
    try:
        if within is not None:
            named, path = path, Path(os.path.realpath(path))
            if not path.is_relative_to(os.path.realpath(within)):
                raise KeygenRefused("outside", os.path.relpath(named, within))
        if not is_file(path):
            raise KeygenRefused(kind, os.strerror(2))
        with path.open("rb") as opened:
            content = opened.read(MAX_FILE + 1)
    except OSError as error:
        raise KeygenRefused(kind, refusal(error)) from None
    if len(content) > MAX_FILE:
        raise KeygenRefused(kind, f"> {MAX_FILE} bytes")
    if kind == "revoked" and not content.strip():
        raise KeygenRefused(kind, "0 bytes")
    return content


class _Programs(NamedTuple):
    keygen: str
    add: str | None
    version: str


@lru_cache(maxsize=8)
def _programs(path: str) -> _Programs:
    """The programs, as `PATH` has them, if they are new enough."""
    keygen = find_program("ssh-keygen", path)
    if keygen is None:
        raise KeygenRefused("missing")
    beside = str(Path(keygen).parent)  # it does not tell its own version
    ssh = find_program("ssh", beside) or find_program("ssh", path)
    if ssh is None:
        raise KeygenRefused("old", "?")
    with temporary_folder() as folder:
        told = _run(ssh, ("-V",), Path(folder), SECONDS)
    read = _VERSION.search(told.errors or told.output)
    if read is None or [int(read[1]), int(read[2])] < [int(part) for part in NEEDED.split(".")]:
        said = (told.errors or told.output).decode("utf-8", "replace").strip()
        raise KeygenRefused("old", said.partition(",")[0] or "?")
    return _Programs(keygen, find_program("ssh-add", beside), f"{int(read[1])}.{int(read[2])}")


@lru_cache(maxsize=4096)
def _judged(
    keygen: str,
    statement: bytes,
    signature: str,
    signers: bytes,
    principal: str,
    then: str,
    revoked: bytes | None,
    namespace: str,
) -> Judged:
    read = _read(signature)
    if read is None:
        return Judged(Outcome.MALFORMED)
    if read.namespace != namespace.encode():
        return Judged(Outcome.NAMESPACE)
    with temporary_folder() as temporary:
        folder = Path(temporary)
        for name, content in (("statement", statement), ("signature", signature.encode()), ("signers", signers)):
            (folder / name).write_bytes(content)

        def ask(*words: str) -> Done:
            return _run(keygen, words, folder, SECONDS, reads=folder / "statement")

        of_whom = ("-n", namespace, "-s", "signature", f"-Overify-time={then}")
        verifying = ("-Y", "verify", "-f", "signers", "-I", principal, *of_whom)
        dead: tuple[str, ...] = ()
        if revoked is not None:
            (folder / "revoked").write_bytes(revoked)
            dead = ("-r", "revoked")
        done = ask(*verifying, *dead)
        if done.status == 0:
            return Judged(Outcome.GOOD, _key(done))
        fits = ask("-Y", "check-novalidate", "-n", namespace, "-s", "signature")
        if fits.status:
            return Judged(Outcome.ALTERED)
        if revoked is not None and base64.b64encode(read.key) in revoked.split():
            return Judged(Outcome.REVOKED, _key(fits))  # in a list of public keys, of which -Q knows nothing
        if dead:
            (folder / "key.pub").write_bytes(_line(read.key))
            listed = ask("-Q", "-f", "revoked", "key.pub")
            if b"REVOKED" in listed.output:
                return Judged(Outcome.REVOKED, _key(fits))
            if listed.status:  # it cannot be read, so that nothing is known of any key
                raise KeygenRefused("revoked", listed.errors.decode("utf-8", "replace").strip())
        out = _TERM.search(done.errors) is not None
        return Judged(Outcome.OUT_OF_TERM if out else Outcome.STRANGER, _key(fits))


class _Signature(NamedTuple):
    key: bytes
    namespace: bytes


def _read(armoured: str) -> _Signature | None:
    """The key and the namespace of a signature (PROTOCOL.sshsig); None if it is none."""
    found = _ARMOUR.fullmatch(armoured) if len(armoured) <= MAX_SIGNATURE else None
    if found is None:
        return None
    try:
        content = base64.b64decode("".join(found[1].split()), validate=True)
    except binascii.Error:
        return None
    if content[:10] != b"SSHSIG\0\0\0\1":
        return None
    key, rest = _string(content[10:])
    namespace, rest = _string(rest)
    return _Signature(key, namespace) if key and namespace and rest else None


def _string(content: bytes) -> tuple[bytes, bytes]:
    """A text with its length before it, and what follows."""
    end = 4 + int.from_bytes(content[:4], "big")
    return (content[4:end], content[end:]) if len(content) >= end > 4 else (b"", b"")


def _line(key: bytes) -> bytes:
    """A key as files of public keys have it."""
    return _string(key)[0] + b" " + base64.b64encode(key) + b"\n"


def _key(done: Done) -> str:
    found = _KEY.search(done.output)
    return found[1].decode() if found else ""


def _agents_key(found: _Programs, signers: str, folder: Path) -> str:
    """The key of the agent to sign with, as a line of a file."""
    if found.add is None:
        raise KeygenRefused("missing", "ssh-add")
    held = _run(found.add, ("-L",), folder, SECONDS, to_sign=True)
    if held.status not in (0, _NO_KEY):
        raise KeygenRefused("agent")
    lines = held.output.decode("ascii", "replace").splitlines() if held.status == 0 else []
    listed = set(signers.split())
    fitting = [line for line in lines if line.split()[1:2] and line.split()[1] in listed] or lines
    if len(fitting) != 1:
        raise KeygenRefused("agent-keys", str(len(lines)))
    return fitting[0] + "\n"


def _run(
    program: str,
    words: tuple[str, ...],
    folder: Path,
    seconds: float,
    *,
    reads: Path | None = None,
    asks: bool = False,
    to_sign: bool = False,
) -> Done:
    names = (*_KEPT, *_TO_SIGN) if asks or to_sign else _KEPT
    kept = {name: os.environ[name] for name in names if name in os.environ}
    try:
        return run([program, *words], folder, {**kept, "LC_ALL": "C", "TZ": "UTC0"}, seconds, reads=reads, asks=asks)
    except NotRun as failed:
        raise KeygenRefused("failed", str(failed)) from None
