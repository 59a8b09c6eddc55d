"""What the gate costs, in ratio to `orr --version` in the same rounds.

Run it as `python benchmarks/bench_gate.py`. Times are CPU seconds (user and system, children included), the least of
several runs, over a small workspace with a history in SQLite. What orr remembers of the files is there, as it is for
whoever runs a command again; one line is without it, as in a fresh container.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.gate_stage import IMAGE, orr, record, stage  # noqa: E402
from support.keys import pem, ssh  # noqa: E402

ROUNDS = 7
LIMIT = 0.3
RUN = "from orr.cli import run; run()"
GATE = ("gate", "shop", "--artifact", IMAGE)


def cpu(folder: Path, words: tuple[str, ...], *, forgetful: bool = False) -> float:
    """User and system time of one run."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **({"ORR_CACHE": ""} if forgetful else {})}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words], cwd=folder, env=environment, capture_output=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, (words, done.stderr)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.environ["ORR_TRUST"] = f"{folder.resolve()}/*"
        record(stage(folder))
        for key, _ in (pem(folder), ssh(folder)):
            assert (
                orr(folder, "attest", "shop", "--artifact", IMAGE, "--key", str(key), "--by", "ana", "--out", "made")
                == 0
            )
        commands = {
            "orr --version": (("--version",), False),
            "orr gate, by the workspace": (GATE, False),
            "the same, nothing remembered": (GATE, True),
            "by an attestation, an SSH key": (
                (*GATE, "--attestation", "made/decision.json", "--signers", "ana.signers"),
                False,
            ),
            "by an attestation, a PEM key": (
                (*GATE, "--attestation", "made/decision.dsse.json", "--key", "key.pub.pem"),
                False,
            ),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, (words, forgetful) in commands.items():
                times[name].append(cpu(folder, words, forgetful=forgetful))
    baseline = min(times["orr --version"])
    print(f"{'':34} {'CPU':>9} {'ratio':>7}")
    for name, found in times.items():
        print(f"{name:34} {min(found):7.3f} s {min(found) / baseline:6.1f}  {'over' if min(found) > LIMIT else ''}")


if __name__ == "__main__":
    main()
