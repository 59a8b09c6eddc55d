"""Render a page with the template, without nbconvert.

The template is the one that nbconvert's exporter uses; here it is laid out without nbconvert,
which takes longer to load than a report to make.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from orr.report.page import Page

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE = "index.html.j2"


def folder() -> str:
    """The folder of the template."""
    return str(files("orr.report") / "templates" / "orr")


def laid_out(page: Page) -> str:
    """Lay out a page."""
    return template().render(resources={"page": page}).lstrip("\r\n")


@cache
def template() -> Template:
    """Load the template of pages."""
    from jinja2 import Environment, FileSystemLoader

    # The template turns escaping on by itself, since nbconvert would not.
    return Environment(loader=FileSystemLoader(folder())).get_template(TEMPLATE)  # noqa: S701
