"""Modules that a fork server preloads for checks of other packages."""

from orr.evidence import collect  # noqa: F401
from orr.evidence.kinds import foreign, signature  # noqa: F401
