"""The engine `orr-kernel`: a whole Jupyter kernel, forked.

papermill imports this module, as it does every engine, while it is imported itself: import
papermill first.
"""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine
from papermill.exceptions import PapermillException

from orr.execution.engines import can_fork
from orr.execution.engines.manager import ForkingManager


class ForkedKernel(NBClientEngine):  # type: ignore[misc]
    """Executes a notebook in a kernel of its own, as papermill does, but forks it."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **settings: Any) -> Any:
        """Execute a notebook for papermill."""
        if not can_fork():
            raise PapermillException("orr-kernel forks processes, which cannot be done here; use --engine papermill")
        settings.setdefault("kernel_manager_class", ForkingManager)
        return super().execute_managed_notebook(nb_man, kernel_name, **settings)
