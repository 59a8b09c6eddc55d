"""A report notebook as it looks after it was run, made without running it."""

from __future__ import annotations

from typing import Any

import nbformat

from orr.report.fragment import Fragment
from orr.report.report import Report


def cell_of(part: Fragment) -> Any:
    data, metadata = part._repr_mimebundle_()
    output = nbformat.v4.new_output("execute_result", data=data, metadata=metadata)
    return nbformat.v4.new_code_cell(f"r.{part.name}()  # secret source", outputs=[output])


def notebook_of(report: Report) -> Any:
    return nbformat.v4.new_notebook(cells=[cell_of(part) for part in report.parts()])
