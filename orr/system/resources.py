"""Find the checklists and notebooks that come with the package."""

from __future__ import annotations

from pathlib import Path

from orr.system.paths import is_folder


def shipped(folder: str) -> Path:
    """Find `checklists` or `notebooks`: in the installed package, else in the source tree.

    Raises
    ------
    FileNotFoundError
        If the installation is not whole.
    """
    package = Path(__file__).parent.parent
    for place in (package / "data" / folder, package.parent / folder):
        if is_folder(place):
            return place
    raise FileNotFoundError(f"{folder} is missing from the installation of orr; install it again")
