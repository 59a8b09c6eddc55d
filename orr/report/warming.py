"""What a fork server loads for reports, so that no worker has to: import it for that alone."""

from orr.execution.engines import preload  # noqa: I001 - first, for what it holds back
import icalendar  # noqa: F401
from orr import assessing  # noqa: F401
from orr.evidence import collect  # noqa: F401
from orr.evidence.kinds.registry import kind_named
from orr.formats import ics, record  # noqa: F401
from orr.report import layout, publish, report, run  # noqa: F401
from orr.workspace import workspace  # noqa: F401

for kind in ("alerts", "document", "files", "results", "roster"):
    kind_named(kind)
layout.template()
run.own_notebook()
preload.finish()
