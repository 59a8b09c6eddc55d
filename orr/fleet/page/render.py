"""Render pages with the report template, without a notebook."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, FileSystemLoader

from orr.fleet.page.report import FleetReport
from orr.report.page import Page


def html(report: FleetReport) -> str:
    """The fleet's page, a document without script that makes no request."""
    return lay_out(report.page())


def lay_out(page: Page) -> str:
    """Any page, with the template of reports."""
    loader = FileSystemLoader(str(files("orr.report") / "templates" / "orr"))
    template = Environment(loader=loader, autoescape=True).get_template("index.html.j2")
    return template.render(resources={"page": page}).lstrip("\r\n")
