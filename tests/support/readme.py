"""What is left out of outputs that documents show."""

from __future__ import annotations

import re

PAST = re.compile(
    r"^  (! Milder than before|! 要求比以前宽松|Not compared with|未与).*\n(    .*\n)*"
    r"| · (nothing milder|no earlier run|要求未比以前宽松|没有更早的运行)$",
    re.MULTILINE,
)
"""What depends on the commits and runs that whoever reads it has."""
