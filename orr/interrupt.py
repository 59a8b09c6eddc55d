"""What a signal does that ends a process in order."""

from __future__ import annotations

import signal
from typing import NoReturn


def once(number: int, *_: object) -> NoReturn:
    """Handle a signal as an interrupt; not twice, for a second one would disturb the cleaning up after the first."""
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
