"""Keys for tests, made anew each time: of SSH by ssh-keygen, of PEM by cryptography."""

from __future__ import annotations

import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_curve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


def pem(folder: Path, name: str = "key", *, curve: bool = False, password: str | None = None) -> tuple[Path, Path]:
    """A private key in PEM, and its public one."""
    private = new_curve(SECP256R1()) if curve else Ed25519PrivateKey.generate()
    locked = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    paths = folder / f"{name}.pem", folder / f"{name}.pub.pem"
    paths[0].write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))
    paths[1].write_bytes(private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return paths


def ssh(folder: Path, name: str = "ana", options: str = "") -> tuple[Path, Path]:
    """A private SSH key, and a file of allowed signers with its owner."""
    key, signers = folder / f"{name}.key", folder / f"{name}.signers"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key], check=True)
    public = " ".join(key.with_name(f"{key.name}.pub").read_text().split()[:2])
    signers.write_text(f"{name} {options}{public}\n", encoding="utf-8")
    return key, signers


def revoked(folder: Path, *keys: Path) -> Path:
    """A list of revoked keys (KRL)."""
    made = folder / "revoked.krl"
    public = [key.with_name(f"{key.name}.pub") for key in keys]
    subprocess.run(["ssh-keygen", "-q", "-k", "-f", made, *public], check=True)
    return made
