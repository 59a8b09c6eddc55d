"""Deprecated aliases, to go with the next release: engine `orr-kernel`, provisioner `orr-forked`."""

from __future__ import annotations

import warnings
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from papermill.engines import NBClientEngine

from orr.messages import say


class ForkedKernel(NBClientEngine):  # type: ignore[misc]
    """papermill's own engine."""

    @classmethod
    def execute_managed_notebook(cls, *arguments: Any, **settings: Any) -> Any:
        """Execute a notebook for papermill."""
        warnings.warn(str(say("report.engine.renamed", old="orr-kernel", new="papermill")), FutureWarning, 2)
        return super().execute_managed_notebook(*arguments, **settings)


class ForkedProvisioner(LocalProvisioner):
    """jupyter_client's own provisioner."""

    def __init__(self, **settings: Any) -> None:
        warnings.warn(str(say("report.engine.renamed", old="orr-forked", new="local-provisioner")), FutureWarning, 2)
        super().__init__(**settings)
