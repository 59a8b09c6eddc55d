"""What is read after it was made: attestations, packs, badges; the decision-safety table has a row for each."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, time, timedelta
from functools import cache
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from orr.evaluate import Evaluation
from orr.formats.badge import badge
from orr.messages import Said, render, say
from orr.proof.attestation import read_attestation
from orr.proof.passage import NOT_ASSESSED, Passage, by_attestation
from orr.proof.signing import Signers, envelope, ssh_signature
from orr.proof.statements import statements, text_of
from orr.proof.unpack import verify_pack
from support.builders import TODAY, answer, assess, case, item
from support.decision_rows import BOTH, MET, voted
from support.gate_stage import decided, orr
from support.keys import pem, revoked, ssh

GROUP = "What is read after it was made"
_IMAGE = "sha256:" + "1" * 64
_MADE = datetime.combine(TODAY, time(12), UTC)
_LAST = datetime.combine(TODAY + timedelta(days=6), time(), UTC) - timedelta(seconds=1)
"""The last second of the last day on which the decision holds."""
_END = _LAST + timedelta(seconds=1)
_YEAR = timedelta(days=365)
_HEAD = "sha256:" + "0" * 64


class Reading(NamedTuple):
    """One situation: in words, what a reader gets, and that in English."""

    situation: str
    answers: Callable[[str], str]
    says: str


def _decided() -> Evaluation:
    """A decided go that lapses after five days."""
    asked = item("a", valid_for="5d"), item("b", valid_for="5d")
    of = case(*asked, answers={"a": answer(on=_day()), "b": answer(on=_day())}, release={"images": [_IMAGE]},
              policy={"sign_offs": [role for role, _ in BOTH]})  # fmt: skip
    return voted(*BOTH, of=of)()


def _day() -> str:
    return TODAY.isoformat()


@cache
def _folder() -> Path:
    """One attestation by a PEM key and by an SSH key each, whose term ends in a month, and a pack signed by that."""
    folder = Path(tempfile.mkdtemp(prefix="orr-readings-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    private, _ = pem(folder)
    ends = (TODAY + timedelta(days=60)).strftime("%Y%m%d")
    key, _ = ssh(folder, "ana", f'namespaces="orr",valid-before="{ends}" ')
    statement = text_of(
        dict(statements(_decided(), {"number": 1, "day": _day(), "head": _HEAD}, _MADE, "ana"))["decision"]
    )
    (folder / "decision.dsse.json").write_bytes(envelope(statement, private))
    (folder / "decision.json").write_bytes(statement)
    (folder / "decision.json.sig").write_text(ssh_signature(statement, str(key)), "ascii")
    revoked(folder, key)
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        assert orr(decided(folder / "w"), "audit", "shop", "--out", str(folder / "pack.zip"), "--key", str(key)) == 0
    return folder


def _by(**how: Path | None) -> Signers:
    folder = _folder()
    return Signers((folder / "key.pub.pem",), folder / "ana.signers", how.get("revoked"), "ana")


def _gate(at: datetime) -> Said:
    from orr.model.release import Release

    found = read_attestation(_folder() / "decision.dsse.json", _by(), at)
    blank = Passage("shop", Release(images=(_IMAGE,)), at, NOT_ASSESSED)
    answer = by_attestation(found, blank, strict=False, max_age=None)
    return answer.because[0] if answer.status else found.decision


def _verify(at: datetime, file: str = "decision.json", **how: Path | None) -> Said:
    found = read_attestation(_folder() / file, _by(**how), at)
    problems = [*([found.unproven] if found.unproven is not None else []), *found.problems]
    return problems[0] if problems else found.decision


def _attest(days: int) -> Said:
    found = _decided()
    later = assess(found.case, MET, days)
    kinds = dict(statements(later, {"number": 1, "day": _day(), "head": _HEAD}, _MADE + timedelta(days=days), "ana"))
    assert ("svr" in kinds) is (kinds["decision"]["predicate"]["expires"] is not None)
    return later.decision


def _audit(at: datetime) -> Said:
    found = verify_pack(_folder() / "pack.zip", _by(), None, at)
    assert found.findings == ()
    return found.unproven or found.proven or say("proof.verify.unsigned")


def _badge(days: int) -> Callable[[str], str]:
    def drawn(language: str) -> str:
        found = _decided()
        made = badge([assess(found.case, MET, days)], TODAY + timedelta(days=days), language)
        told = re.search('aria-label="([^"]*)"', made)
        assert told is not None
        return told[1]

    return drawn


def _row(situation: str, answers: Callable[[], Said], says: str) -> Reading:
    return Reading(situation, lambda language: render(answers(), language), says)


_ENDED = "it is past its time, which ended at 2026-11-28 00:00 (UTC)"
READINGS = (
    _row("The gate reads an attestation in its last second", lambda: _gate(_LAST), "go"),
    _row("The gate reads an attestation a second later", lambda: _gate(_END), _ENDED),
    _row("`orr verify` reads an attestation in its last second", lambda: _verify(_LAST), "go"),
    _row("`orr verify` reads an attestation a second later", lambda: _verify(_END), _ENDED),
    _row("`orr verify` reads an attestation before it was made", lambda: _verify(_MADE - timedelta(seconds=1)),
         "it bears a moment that has not come, 2026-11-22 12:00 (UTC)"),
    _row("The term of the key that signed an attestation ended since", lambda: _verify(_END + _YEAR),
         "it is signed by a key of ana whose term has ended or not begun"),
    _row("The key that signed an attestation was revoked since",
         lambda: _verify(_MADE, revoked=_folder() / "revoked.krl"),
         "it is signed by a key that was revoked, in the name of ana"),
    _row("`orr attest` on the last day of a verdict", lambda: _attest(5), "go"),
    _row("`orr attest` on the day after", lambda: _attest(6), "no-go"),
    _row("An audit pack is read while the key that signed it is valid", lambda: _audit(_MADE), "signed by ana"),
    _row("The term of the key that signed an audit pack ended since", lambda: _audit(_MADE + _YEAR),
         "it is signed by a key of ana whose term has ended or not begun"),
    Reading("A badge is drawn on the last day of a verdict", _badge(5), "readiness: go until 2026-11-27"),
    Reading("A badge is drawn on the day after", _badge(6), "readiness: no-go"),
)  # fmt: skip
"""All situations."""
