"""Keys of SSH, files of signers and signatures, made by the real programs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

assert shutil.which("ssh-keygen"), "the tests need OpenSSH: make tools"


def keygen(*words: str | Path, folder: Path | None = None) -> None:
    """Run `ssh-keygen`, which has to succeed."""
    subprocess.run(["ssh-keygen", "-q", *map(str, words)], cwd=folder, check=True, capture_output=True)


def make_key(folder: Path, name: str, kind: str = "ed25519") -> Path:
    """Make a key without a passphrase."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    keygen("-t", kind, "-N", "", "-C", name, "-f", path)
    return path


def public(key: Path) -> str:
    """Its line without the comment."""
    return " ".join(key.with_name(f"{key.name}.pub").read_text().split()[:2])


def signer(principal: str, key: Path, options: str = "") -> str:
    """A line of a file of allowed signers."""
    return f"{principal} {options} {public(key)}\n".replace("  ", " ")


def revocation_list(path: Path, *keys: Path) -> Path:
    """Make a KRL that holds some keys."""
    keygen("-k", "-f", path, *(key.with_name(f"{key.name}.pub") for key in keys))
    return path


@contextmanager
def agent(*keys: Path) -> Iterator[dict[str, str]]:
    """An agent that holds some keys, and the variables by which it is found."""
    started = subprocess.run(["ssh-agent", "-s"], check=True, capture_output=True, text=True).stdout
    told = dict(re.findall(r"(SSH_\w+)=([^;]+);", started))
    try:
        for key in keys:
            subprocess.run(["ssh-add", "-q", str(key)], check=True, env={**os.environ, **told}, capture_output=True)
        yield told
    finally:
        subprocess.run(["ssh-agent", "-k"], check=True, env={**os.environ, **told}, capture_output=True)
