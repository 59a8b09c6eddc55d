"""The checks of the shipped checklists."""

from __future__ import annotations

from orr.model.checklist import Checklist, CheckSpec
from orr.source.file import InputFile
from orr.system.resources import shipped


def specs() -> list[CheckSpec]:
    """The checks of the shipped checklists, the optional ones among them."""
    files = sorted(shipped("checklists").glob("**/*.yaml"))
    lists = [InputFile(path, path.name, path.read_bytes()).read_as(Checklist) for path in files]
    return [spec for one in lists for section in one.sections for item in section.items for spec in item.sources]
