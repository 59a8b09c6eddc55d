"""What a recipe's braces name: values of the workload, the item and a row, and moments.

`{workload}`, `{team}`, `{account}`, `{region}`, `{places}` (the regions and `global`, where
AWS Health puts what has no region), `{tags}`, a need of the recipe by its name,
`{row.InstanceId}`, and moments: `{now}`, `{now-1h}`, `{launch}`, `{launch+2h}`. Of a
workload only what a tag of AWS may hold is taken, so that no `*` widens a filter and no
quote ends a query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from orr.evidence.calendars.clock import within_reach
from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.evidence.live.templates import fill
from orr.messages import say

_MOMENT = re.compile(r"(now|launch)(?:([+-])(\w+))?")
_PLAIN = re.compile(r"[\w .:/=+@-]{1,256}")
_LENGTH = re.compile(r"(\d{1,4})([dhm])", re.ASCII)
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


class Scope:
    """The values for one workload in one account and region.

    Parameters
    ----------
    context
        What the check was given.
    using
        What the item says.
    account, region
        Where AWS is asked.
    regions
        All the regions that are asked.

    Raises
    ------
    Undetermined
        If the workload's name, team or tags hold what no tag of AWS may.
    """

    def __init__(
        self, context: Context, using: Mapping[str, Any], account: str, region: str, regions: Sequence[str] = ()
    ) -> None:
        workload = context.workload
        in_aws = workload.aws
        self.tags: dict[str, str] = dict(in_aws.tags if in_aws else {}) or {"workload": workload.workload}
        for value in (workload.workload, workload.owner.team, *self.tags, *self.tags.values()):
            if not _PLAIN.fullmatch(value):
                raise Undetermined(say("aws.not-plain", value=value))
        self._launch = workload.launch
        self._timezone = context.timezone
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.values: dict[str, Any] = {
            **using,
            "workload": workload.workload,
            "team": workload.owner.team,
            "account": account,
            "region": region,
            "places": [*regions, "global"],
            "tags": self.tags,
            "today": context.today.isoformat(),
        }

    def fill(self, template: Any, row: Mapping[str, Any]) -> Any:
        """Fill in a template: a text, or any structure of them.

        Raises
        ------
        Undetermined
            If a value is asked for that is not there, such as a launch without an hour.
        """
        return fill(template, lambda name: self._value(name, row))

    def using(self) -> dict[str, Any]:
        """What expressions see as `using`."""
        found = dict(self.values)
        if isinstance(self._launch, datetime):
            found["launch"] = self._moment("launch").isoformat()
        return found

    def _value(self, name: str, row: Mapping[str, Any]) -> Any:
        if moment := _MOMENT.fullmatch(name):
            origin, sign, length = moment.groups()
            apart = self._length(str(self.values.get(length, length))) if sign else timedelta()
            return (self._moment(origin) + (-apart if sign == "-" else apart)).isoformat()
        value: Any = {"row": row, **self.values}
        for step in name.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        if value is None:
            raise Undetermined(say("aws.no-value", name=f"{{{name}}}"))
        return value

    def _moment(self, name: str) -> datetime:
        if name == "now":
            return self.now
        if self._launch is None:
            raise Undetermined(say("aws.no-launch"))
        if isinstance(self._launch, date) and not isinstance(self._launch, datetime):
            raise Undetermined(say("aws.no-hour", day=self._launch))
        within_reach(self._launch)
        launch = self._launch if self._launch.tzinfo else self._launch.replace(tzinfo=self._timezone)
        return launch.astimezone(UTC)

    def _length(self, text: str) -> timedelta:
        read = _LENGTH.fullmatch(text)
        if read is None:
            raise Undetermined(say("aws.no-length", value=text))
        return timedelta(**{_UNITS[read[2]]: int(read[1])})
