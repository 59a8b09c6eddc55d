"""Import SQLAlchemy, or explain that it is missing."""

from __future__ import annotations

try:
    import sqlalchemy as sa
except ModuleNotFoundError:  # told in words when somebody asks for history
    sa = None  # type: ignore[assignment]

__all__ = ["sa"]
