"""Laying the fleet's page out with the template of reports, without a notebook and without nbconvert."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, FileSystemLoader

from orr.report.fleet.report import FleetReport


def html(report: FleetReport) -> str:
    """The page, a document without script that makes no request."""
    loader = FileSystemLoader(str(files("orr.report") / "templates" / "orr"))
    template = Environment(loader=loader, autoescape=True).get_template("index.html.j2")
    return template.render(resources={"page": report.page()}).lstrip("\r\n")
