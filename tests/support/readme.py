"""What is left out of outputs that documents show."""

from __future__ import annotations

import re

PAST = re.compile(
    r"^  (! Milder than before|Not compared with|Compared with|Nothing is milder"
    r"|! 要求比以前宽松|未与|已与|要求未比以前宽松).*\n(    .*\n)*"
    r"| · (no run of this name|没有此名称的运行)$",
    re.MULTILINE,
)
"""What depends on the commits and runs that whoever reads it has."""
