"""SQLAlchemy where it is installed: the one place that asks, since history is an extra."""

from __future__ import annotations

try:
    import sqlalchemy as sa
except ModuleNotFoundError:  # told in words when somebody asks for history
    sa = None  # type: ignore[assignment]

__all__ = ["sa"]
