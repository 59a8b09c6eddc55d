"""A manager whose kernels are forked, and a client that waits no longer than it has to."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type, default

from orr.execution.engines.client import shared
from orr.execution.engines.provisioner import NAME

FORKED = {"kernel_provisioner": {"provisioner_name": NAME, "config": {}}}


class PromptClient(AsyncKernelClient):
    """A client that is ready when the kernel is, and not a while after."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers on both of its channels."""
        until = None if timeout is None else asyncio.get_running_loop().time() + timeout
        while True:
            asked = self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=1)
                # What it publishes about this request was published after all that came before.
                while reply["msg_type"] == "kernel_info_reply":
                    told = await self.iopub_channel.get_msg(timeout=0.2)
                    idle = told["msg_type"] == "status" and told["content"]["execution_state"] == "idle"
                    if idle and told["parent_header"].get("msg_id") == asked:
                        self._handle_kernel_info_reply(reply)
                        return
            except Empty:
                pass
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if until is not None and asyncio.get_running_loop().time() > until:
                raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds")

    wait_for_ready = _async_wait_for_ready


class ForkingManager(AsyncKernelManager):
    """Has its kernels forked, whatever their specification says of how to start them.

    It speaks with them through sockets in a folder of its own: a free TCP port that one process
    finds may be another's by the time that the kernel takes it.
    """

    client_class = "orr.execution.engines.manager.PromptClient"
    client_factory = Type(klass=PromptClient)
    _sockets: Path | None = None

    @default("transport")
    def _transport_default(self) -> str:
        return "ipc"

    @default("ip")
    def _ip_default(self) -> str:
        if self.transport != "ipc":
            return str(super()._ip_default())
        self._sockets = Path(tempfile.mkdtemp(prefix="orr-", dir=shared("kernel").scratch()))
        return str(self._sockets / "kernel")

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart=restart)
        if self._sockets is not None and not restart:
            shutil.rmtree(self._sockets, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources

    @property
    def kernel_spec(self) -> Any:
        """The specification, with our provisioner."""
        specification = super().kernel_spec
        if specification is not None:
            specification.metadata = {**specification.metadata, **FORKED}
        return specification
