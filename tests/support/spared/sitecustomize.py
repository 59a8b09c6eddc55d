"""Set the clock of the tests: Python imports this first, in every process that they start.

`ORR_TEST_CLOCK` is the present day, or `any`: then every day that is asked about is the present one,
as it was when the files of a test were written; or `system`, whose clock it is without the variable too.
A process that starts without it stays with that clock, and all that it forks.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import date, tzinfo


def set_clock() -> None:
    """Have the clock show what the variable says, from now on."""
    from orr.system import clock

    shown = clock.today

    def today(zone: tzinfo) -> date:
        asked = os.environ.get("ORR_TEST_CLOCK", "any")
        return shown(zone) if asked in ("any", "system") else date.fromisoformat(asked)

    def is_today(day: date, zone: tzinfo) -> bool:
        return os.environ.get("ORR_TEST_CLOCK") == "any" or day == today(zone)

    clock.today, clock.is_today = today, is_today


if "ORR_TEST_CLOCK" in os.environ:
    with suppress(ImportError):  # another Python than the one that has orr
        set_clock()
