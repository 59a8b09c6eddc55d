"""Modules that a fork server preloads for reports."""

from orr.system.held import held_back

# papermill loads what it reads and writes elsewhere with, and jsonschema what checks formats of addresses and spans of
# time. Our notebook has no use for either, and together they take a quarter of all.
STORES = ("papermill.abs", "papermill.adl", "papermill.s3", "gcsfs", "github", "pyarrow")
FORMATS = ("fqdn", "isoduration", "rfc3339_validator", "rfc3986_validator", "uri_template", "webcolors")
with held_back(*STORES, *FORMATS):
    from orr.execution.engines import preload  # noqa: I001 - first, for what it holds back
    import icalendar  # noqa: F401
    from orr import assessing  # noqa: F401
    from orr.evidence import collect  # noqa: F401
    from orr.formats import ics, record  # noqa: F401
    from orr.report import layout, publish, report, run  # noqa: F401
    from orr.workspace import workspace  # noqa: F401

layout.template()
run.own_notebook()
preload.finish()
