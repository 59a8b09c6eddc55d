"""Sign statements, and judge their signatures: envelopes (DSSE) by PEM keys, detached signatures by SSH keys."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from orr.messages import Message, say
from orr.messages.errors import OrrError
from orr.proof.statements import PAYLOAD
from orr.system.held import held_back
from orr.system.paths import is_file

if TYPE_CHECKING:
    from orr.system.ssh_signatures import KeygenRefused

MAX_BYTES = 4_000_000
"""The longest statement, envelope or key that is read."""
UNJUDGED = {"proof.verify.no-key", "proof.verify.no-signers", "proof.pack.identity"}
"""Keys of why nothing is known of a signature: nobody gave what to judge it by."""
PASSWORD = "ORR_KEY_PASSWORD"  # noqa: S105 - the name of a variable
"""The variable of the environment that holds the password of a PEM key."""

_PEM = ("-----BEGIN PRIVATE KEY", "-----BEGIN ENCRYPTED PRIVATE KEY", "-----BEGIN EC PRIVATE", "-----BEGIN RSA PRIVATE")


class CannotSign(OrrError):
    """Missing key, program or package, so that nothing can be signed or verified."""


class Signers(NamedTuple):
    """Whose signatures count.

    Attributes
    ----------
    keys
        Files of public keys in PEM, for envelopes.
    signers
        A file of allowed signers, for signatures by SSH keys.
    revoked
        A list of revoked SSH keys (KRL).
    identity
        Who should have signed by an SSH key; whom the statement names where it is None.
    """

    keys: Sequence[Path] = ()
    signers: Path | None = None
    revoked: Path | None = None
    identity: str | None = None


def is_pem(key: str) -> bool:
    """Whether a private key is in PEM form, rather than SSH's or its agent's."""
    path = Path(key).expanduser()
    return is_file(path) and _read(path).lstrip().startswith(tuple(one.encode() for one in _PEM))


def envelope(statement: bytes, key: Path, kind: str = PAYLOAD) -> bytes:
    """Sign a statement by a PEM key.

    Parameters
    ----------
    kind
        What the envelope says that it holds.

    Returns
    -------
    bytes
        A DSSE envelope in JSON.

    Raises
    ------
    CannotSign
        If the key cannot be used, or securesystemslib is not installed.
    """
    crypto, dsse = _library()
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    content, password = _read(key), os.environ.get(PASSWORD)
    made = dsse.Envelope(statement, kind, {})
    try:
        private = load_pem_private_key(content, password.encode() if password else None)
    except TypeError:
        raise _unusable(key, say(f"proof.key.{'unneeded' if password else 'no'}-password")) from None
    except Exception:
        raise _unusable(key, say("proof.key.form")) from None
    try:
        made.sign(crypto.CryptoSigner(private))
    except Exception:  # whatever the library makes of a kind of key or a curve that it does not know
        raise _unusable(key, say("proof.key.kind")) from None
    return json.dumps(made.to_dict(), sort_keys=True).encode() + b"\n"


def unwrapped(told: dict[str, Any], keys: Sequence[Path], kind: str = PAYLOAD) -> tuple[bytes, Path | Message]:
    """Content of an envelope, and its signing key or why it is rejected.

    Raises
    ------
    CannotSign
        If a key cannot be read, or securesystemslib is not installed.
    """
    crypto, dsse = _library()
    try:
        found = dsse.Envelope.from_dict(told)
    except Exception:  # whatever the library makes of an envelope that is none
        return b"", say("proof.verify.form")
    if found.payload_type != kind:
        return b"", say("proof.verify.payload", kind=str(found.payload_type)[:80])
    if not keys:
        return found.payload, say("proof.verify.no-key")
    for path, public in [(path, _public(path)) for path in keys]:
        for keyid in found.signatures:  # whoever signed may call the key what they like
            try:
                found.verify([crypto.SSlibKey.from_crypto(public, keyid=keyid)], 1)
            except Exception:  # noqa: S112 - another key, another algorithm, or altered: none of them proves anything
                continue
            return found.payload, path
    return found.payload, say("proof.verify.not-signed", n=len(keys))


def ssh_problem(statement: bytes, signature: str | None, by: Signers, principal: str, now: datetime) -> Message | None:
    """Why the detached signature of a statement is not believed; None where it is.

    Raises
    ------
    CannotSign
        If `ssh-keygen` is missing, too old, or cannot use a file.
    """
    from orr.system.ssh_signatures import KeygenRefused, Outcome, read_bounded, verify
    from orr.workspace.signers import read_signers

    if signature is None:
        return say("proof.verify.unsigned")
    if by.signers is None:
        return say("proof.verify.no-signers")
    try:
        lines = read_signers(read_bounded(by.signers, "signers")).lines
        revoked = read_bounded(by.revoked, "revoked") if by.revoked is not None else None
        judged = verify(statement, signature, lines, by.identity or principal, now, revoked)
    except KeygenRefused as refused:
        raise _cannot(refused) from None
    if judged.outcome is Outcome.GOOD:
        return None
    return say(f"proof.ssh.{judged.outcome.value}", by=by.identity or principal)


def ssh_signature(statement: bytes, key: str) -> str:
    """Sign a statement by an SSH key, or by one that the agent holds.

    Raises
    ------
    CannotSign
        If it cannot be signed.
    """
    from orr.system.ssh_signatures import KeygenRefused, sign

    try:
        return sign(statement, key)
    except KeygenRefused as refused:
        raise _cannot(refused) from None


def _cannot(refused: KeygenRefused) -> CannotSign:
    from orr.workspace.proofs import why_not  # only who fails pays for it

    return CannotSign(say("proof.sign.ssh", why=why_not(refused)))


def _library() -> tuple[Any, Any]:
    try:
        with held_back(
            "boto3"
        ):  # for signers that ask AWS, of which there is none here; it takes twice as long as all else
            from securesystemslib import dsse, signer
    except ImportError:
        raise CannotSign(say("proof.sign.library")) from None
    return signer, dsse


def _public(path: Path) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    content = _read(path)
    try:
        return load_pem_public_key(content)
    except Exception:
        raise _unusable(path, say("proof.key.public")) from None


def _unusable(key: Path, why: Message) -> CannotSign:
    return CannotSign(say("proof.sign.key", path=str(key), why=why))


def _read(path: Path) -> bytes:
    with path.expanduser().open("rb") as file:
        return file.read(MAX_BYTES)
