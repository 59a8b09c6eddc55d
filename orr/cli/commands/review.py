"""`orr review`: the form of a workload in JupyterLab."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from datetime import date
from pathlib import Path

import click

from orr.cli import completion, frame
from orr.cli.language import words
from orr.cli.options import check_items
from orr.form.asked import REVIEW_AT
from orr.lab import EXTENSION, EXTENSIONS
from orr.messages import say
from orr.system import processes
from orr.system.paths import exists, shown_as

ALLOW_ROOT = "--allow-root"


@frame.command("review")
@click.argument("workload", required=False, metavar="[WORKLOAD[#ITEM]]", shell_complete=completion.workloads)
@click.argument("options", nargs=-1, metavar="[-- OPTION…]")
@frame.option("--no-browser", is_flag=True, help="review.no-browser")
def command(workload: str | None, options: tuple[str, ...], today: date | None, no_browser: bool) -> int:
    """Open the form of a workload in a tab, without a notebook."""
    import subprocess

    if workload is not None and workload.startswith("-"):
        options = (workload, *options)
        workload = None
    if options and not options[0].startswith("-"):
        raise click.UsageError(words("review.option", option=options[0]))
    workspace = frame.open_workspace(today)
    workload, _, item = (workload or "").partition("#")
    workload = workload or None
    if workload is None and len(workspace.workloads) == 1:
        workload = workspace.workloads[0]
    if workload is None:
        raise click.UsageError(words("review.which", names=list(workspace.workloads) or say("words.none")))
    workspace.case(workload)
    check_items(workspace, [item] if item else [])
    review = workspace.folder(workload) / "review.yaml"
    click.echo(words("review.opening", path=shown_as(review)), err=True)
    # What is not written yet has no address; the server leads its first page there.
    page = f"/lab/tree/{_quoted(review.relative_to(workspace.root).as_posix())}" if exists(review) else "/lab"
    program = [sys.executable, "-P", "-m", "jupyterlab", f"--ServerApp.root_dir={workspace.root}"]
    # Ours as it comes with this package, where that was installed without the files for Jupyter too.
    program += [f"--LabApp.extra_labextensions_path={EXTENSIONS}", f"--ServerApp.jpserver_extensions={EXTENSION}=True"]
    program += ["--no-browser"] if no_browser else []
    program += [f"--LabApp.default_url={page}", *options]
    with processes.temporary_folder() as folder:
        environment = os.environ | _places(Path(folder)) | _kernel(Path(folder)) | {REVIEW_AT: f"{workload}#{item}"}
        # Not in the current folder, where extensions of Jupyter look for settings, which are programs.
        done = subprocess.run(program, check=False, env=environment, cwd=folder)  # noqa: S603
    if done.returncode == 0:
        return frame.Status.GOOD
    if hasattr(os, "geteuid") and os.geteuid() == 0 and ALLOW_ROOT not in options:
        click.echo(words("review.root", command=f"orr review {workload} -- {ALLOW_ROOT}"), err=True)
    return frame.Status.NOT_ASSESSED


def _places(folder: Path) -> dict[str, str]:
    """Environment variables for users whose home is missing or read-only."""
    instead = processes.home_instead(folder)
    if instead:
        return instead
    with contextlib.suppress(OSError), tempfile.TemporaryFile(dir=Path.home()):
        return {}
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    return {name: str(folder / name) for name in names if name not in os.environ}


def _kernel(folder: Path) -> dict[str, str]:
    """Environment for a kernel whose cells import local modules after orr's."""
    from ipykernel.kernelspec import get_kernel_dict

    from orr.execution.run import kernel_command

    last = "--InteractiveShellApp.exec_lines=__import__('sys').path.append('')"
    specification = folder / "jupyter" / "kernels" / "python3" / "kernel.json"
    specification.parent.mkdir(parents=True)
    specification.write_text(json.dumps({**get_kernel_dict(), "argv": kernel_command(last)}), encoding="utf-8")
    return {"JUPYTER_PATH": os.pathsep.join(filter(None, [str(folder / "jupyter"), os.environ.get("JUPYTER_PATH")]))}


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path)
