"""Build pandas frames with fixed column types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame

DAY, MOMENT = "datetime64[ns]", "datetime64[ns, UTC]"


def frame(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> DataFrame:
    """A frame of rows.

    Parameters
    ----------
    rows
        What each holds by column; what it does not hold is missing.
    columns
        The columns and their types.
    """
    import pandas as pd

    data = {}
    kind: Any  # pandas' stubs know no type by a name that is a variable
    for name, kind in columns.items():
        values = pd.Series([row.get(name) for row in rows], dtype="object")
        if kind == MOMENT:
            data[name] = pd.to_datetime(values, utc=True).astype(kind)
        elif kind == DAY:
            data[name] = pd.to_datetime(values).astype(kind)
        else:
            data[name] = values.astype(kind)
    return pd.DataFrame(data)
