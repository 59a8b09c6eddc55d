"""The process that runs a notebook: this very Python, apart from everything else."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import sysconfig
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from orr.execution.engines.manager import FORKED, ForkingManager
from orr.execution.engines.provisioner import ForkedProvisioner

LONGEST_SOCKET = 90
LOG = "kernel.log"


def kernel_class(folder: Path, *, forked: bool = False) -> type[AsyncKernelManager]:
    """Make the kernel manager of one run.

    The kernel runs in this interpreter and its environment whatever kernels are
    installed, imports nothing from the folder it stands in, reads no one's start-up
    files, and talks over sockets in a private folder, so that runs side by side never
    fight for a port.

    Parameters
    ----------
    folder
        A private folder, which the run removes at its end.
    forked
        Whether it is forked from a warm process, instead of started anew.
    """
    specification = KernelSpec(
        argv=[
            sys.executable,
            "-P",
            "-m",
            "ipykernel_launcher",
            "-f",
            "{connection_file}",
            "--InteractiveShellApp.ignore_cwd=True",
            "--HistoryManager.enabled=False",
        ],
        display_name="orr",
        language="python",
        env=_environment(folder),
        metadata=FORKED if forked else {},
    )
    base = ForkingManager if forked else AsyncKernelManager

    class RunKernel(base):  # type: ignore[misc, valid-type]
        running: RunKernel | None = None

        def __init__(self, **kw: Any) -> None:
            super().__init__(**kw)
            type(self).running = self
            self.connection_file = str(folder / "kernel.json")
            if os.name == "posix" and len(str(folder)) <= LONGEST_SOCKET:
                self.transport = "ipc"

        @property
        def kernel_spec(self) -> KernelSpec:
            return specification

        def start_kernel(self, **kw: Any) -> Any:
            with (folder / LOG).open("ab") as log:
                # The process keeps the file open for itself.
                number = os.dup(log.fileno())
            return super().start_kernel(**{"stdout": number, "stderr": number, **kw})

    return RunKernel


def end(kernels: type[AsyncKernelManager]) -> None:
    """End the process of a run at once, from whatever thread."""
    running = getattr(kernels, "running", None)
    provisioner = getattr(running, "provisioner", None)
    if isinstance(provisioner, ForkedProvisioner) and provisioner.running is not None:
        provisioner.running.kill()
        return
    process = getattr(provisioner, "process", None)
    if process is None:
        return
    with contextlib.suppress(OSError):
        if os.name == "posix":
            # It leads a group of its own: what it started goes with it.
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def last_words(folder: Path) -> str:
    """The end of what a kernel wrote outside the notebook."""
    try:
        lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-5:])


def home_instead(folder: Path) -> dict[str, str]:
    """The variable that gives Jupyter a home, without which it starts nowhere; none for whoever has one."""
    try:
        Path.home()
    except RuntimeError:  # of a number without a name, as in a container
        return {"HOME": str(folder)}
    return {}


def _environment(folder: Path) -> dict[str, str]:
    environment = {"IPYTHONDIR": str(folder / "ipython"), **home_instead(folder)}
    source = str(Path(__file__).parents[2])
    if source not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        # Run from its sources: the kernel must find the same ones.
        before = os.environ.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([source, before] if before else [source])
    return environment
