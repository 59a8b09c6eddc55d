"""The provisioner `orr-forked` of jupyter_client: a kernel is a child of a warm process."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from orr.execution.engines import can_fork
from orr.execution.engines.client import Running, shared

NAME = "orr-forked"
LAUNCHER = "ipykernel_launcher"


class ForkedProvisioner(LocalProvisioner):
    """Forks a Python kernel where it would be started anew, and hears at once of its end.

    A kernel of another Python, or of another language, is started anew as ever.
    """

    running: Running | None = None

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel."""
        return self.running is not None or super().has_process

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel; give what is known of how to reach it."""
        if not can_fork() or cmd[0] != sys.executable or LAUNCHER not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        log = kwargs.get("stdout")
        self.running = shared("kernel").begin(
            run_kernel,
            cmd[cmd.index(LAUNCHER) + 1 :],
            "-P" in cmd,
            str(Path(f"/proc/self/fd/{log}").readlink()) if isinstance(log, int) else None,
            environment=dict(kwargs.get("env") or os.environ),
            stand=kwargs.get("cwd") or os.getcwd(),  # noqa: PTH109 - as text
        )
        for number in {kwargs.get("stdout"), kwargs.get("stderr")}:
            if isinstance(number, int):
                os.close(number)
        return self.connection_info

    async def poll(self) -> int | None:
        """Give the exit code, or None while it lives."""
        if self.running is None:
            return await super().poll()
        return self.running.exitcode()

    async def wait(self) -> int | None:
        """Wait for its end."""
        if self.running is None:
            return await super().wait()
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self.running.fileno(), ended.set)
        try:
            while (code := self.running.exitcode()) is None:
                await ended.wait()
                ended.clear()
        finally:
            loop.remove_reader(self.running.fileno())
        self.running.close()
        self.running = None
        return code

    async def send_signal(self, signum: int) -> None:
        """Interrupt it, or end it."""
        if self.running is None:
            await super().send_signal(signum)
        elif signum == signal.SIGINT:
            self.running.interrupt()
        elif signum:
            self.running.kill()


def run_kernel(arguments: list[str], safe_path: bool, log: str | None) -> None:
    """Be a kernel until it is shut down: the job of a child.

    Parameters
    ----------
    arguments
        Of `ipykernel_launcher`.
    safe_path
        Whether it imports nothing from where it stands.
    log
        Where it writes what is not for its notebook.
    """
    from ipykernel.kernelapp import IPKernelApp

    if log is not None:
        number = os.open(log, os.O_WRONLY | os.O_APPEND)
        os.dup2(number, 1)
        os.dup2(number, 2)
        os.close(number)
    if not safe_path:
        sys.path.insert(0, "")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    kernel = IPKernelApp.instance()
    # It ends with its parent, and has not to look whether there is one.
    kernel.initialize([*arguments, "--IPKernelApp.parent_handle=1"])  # type: ignore[no-untyped-call]
    kernel.start()  # type: ignore[no-untyped-call]
