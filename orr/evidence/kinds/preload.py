"""What a fork server loads for checks of other packages, so that no process has to: import it for that alone."""

from orr.evidence import collect  # noqa: F401
from orr.evidence.kinds import foreign, signature  # noqa: F401
