"""What is left out of outputs that documents show."""

from __future__ import annotations

import re

PAST = re.compile(
    r"^(Milder than before|要求比以前宽松)\n(  .*\n)+\n|^  (Whether less is asked|要求是否比以前宽松).*\n", re.MULTILINE
)
"""What depends on the commits and runs that whoever reads it has."""
