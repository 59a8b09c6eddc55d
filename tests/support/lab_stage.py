"""A real JupyterLab on a folder of its own, and notebooks in it driven through its own application object."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from orr.lab import EXTENSIONS
from support import ROOT

NOTEBOOK = ROOT / "notebooks" / "review.ipynb"
READY_SECONDS = 90
# After so long without a kernel JupyterLab is loaded anew: now and then it misses the first word of one.
AGAIN_SECONDS = 30
QUIET = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
# What jupyter-collaboration puts into every server of an environment.
TOGETHER = {"server": ("jupyter_server_ydoc", "jupyter_server_fileid"), "page": ("collaboration", "docprovider")}


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


NAMING = """
from jupyter_server.auth.identity import IdentityProvider, User

class Named(IdentityProvider):
    # As a hub does: whoever comes with a token of their own has a name.
    async def get_user_token(self, handler):
        token, _, person = (self.get_token(handler) or "").partition("-")
        return User(username=person) if person and token == TOKEN else await super().get_user_token(handler)

c.ServerApp.identity_provider_class = Named
"""


class Lab:
    """A running server.

    Attributes
    ----------
    address
        Where it answers.
    token
        What lets one in.
    folder
        What it serves.
    """

    def __init__(
        self, home: Path, folder: Path, application: str = "jupyterlab", prefix: str = "", together: bool = False
    ) -> None:
        self.folder, self.token = folder, secrets.token_hex(16)
        self.runtime = tempfile.mkdtemp(prefix="orr-lab-")  # sockets have short names
        port = free_port()
        self.address = f"http://127.0.0.1:{port}{prefix}"
        settings = home / "settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True)
        (settings / "notification.jupyterlab-settings").write_text(json.dumps(QUIET), encoding="utf-8")
        places = {
            "HOME": "home",
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        for place in places.values():
            (home / place).mkdir(exist_ok=True)
        environment = {
            **{name: value for name, value in os.environ.items() if name not in ("ORR_BY", "JUPYTERHUB_USER")},
            **{name: str(home / place) for name, place in places.items()},
            "JUPYTER_PREFER_ENV_PATH": "1",
            "JUPYTER_RUNTIME_DIR": self.runtime,
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        command = [sys.executable, "-m", application, "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={self.token}"]
        command += [f"--ServerApp.root_dir={folder}", f"--ServerApp.base_url={prefix}/"]
        # Beside so many other tests, a port that is found free may be taken before the kernel takes it.
        command += ["--KernelManager.transport=ipc"]
        command += ["--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"]
        # Ours as it lies here, whatever was installed.
        command += [f"--LabApp.extra_labextensions_path={EXTENSIONS}", "--ServerApp.jpserver_extensions=orr.lab=True"]
        command += [f"--ServerApp.jpserver_extensions={name}={together}" for name in TOGETHER["server"]]
        disabled = {f"@jupyter/{name}-extension": not together for name in TOGETHER["page"]}
        (home / "config" / "labconfig").mkdir()
        (home / "config" / "labconfig" / "page_config.json").write_text(json.dumps({"disabledExtensions": disabled}))
        if application == "notebook":
            command.append("--JupyterNotebookApp.expose_app_in_browser=True")
            command.append(f"--JupyterNotebookApp.extra_labextensions_path={EXTENSIONS}")
        self.log = home / "log"
        self._command, self._environment = command, environment
        (home / "config" / "jupyter_server_config.py").write_text(f"TOKEN = {self.token!r}\n{NAMING}", encoding="utf-8")
        self.start()

    def start(self) -> None:
        """Start it, or start it again at the same address."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log, cwd=self.folder, start_new_session=True
            )
        self._wait()

    def token_of(self, person: str) -> str:
        """What lets a person in whom the server then knows by name."""
        return f"{self.token}-{person}"

    def _wait(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.address}/api/status?token={self.token}", timeout=2).close()
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        raise RuntimeError(f"the server did not come up:\n{self.log.read_text()[-3000:]}")

    def ask(self, path: str, method: str = "GET") -> Any:
        request = urllib.request.Request(
            f"{self.address}{path}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def kernel_process(self) -> int:
        """The process of the only session's kernel; one that was shut down may take its time to end."""
        (session,) = self.ask("/api/sessions")
        file = f"kernel-{session['kernel']['id']}.json"
        children = psutil.Process(self.process.pid).children()
        (kernel,) = (child for child in children if any(word.endswith(file) for word in child.cmdline()))
        return kernel.pid

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(5)

    def end(self) -> None:
        self.stop()
        shutil.rmtree(self.runtime, ignore_errors=True)


@contextlib.contextmanager
def lab(
    home: Path, folder: Path, application: str = "jupyterlab", prefix: str = "", together: bool = False
) -> Iterator[Lab]:
    """A server for as long as the block lasts.

    Parameters
    ----------
    home, folder
        Where it keeps what is its own, and what it serves.
    application
        Also `notebook`.
    prefix
        With what all its addresses begin, as a hub's do.
    together
        Whether people work on the same documents in it, with jupyter-collaboration; else that is off.
    """
    server = Lab(home, folder, application, prefix, together)
    try:
        yield server
    finally:
        server.end()


@contextlib.contextmanager
def voila(root: Path) -> Iterator[str]:
    """The address of a workspace's review notebook under Voilà, for as long as the block lasts."""
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "JUPYTER_PREFER_ENV_PATH": "1"}
    command = [sys.executable, "-m", "voila", "--no-browser", f"--port={port}", "notebooks/review.ipynb"]
    with (root / "voila.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log, start_new_session=True)
    address = f"http://127.0.0.1:{port}/"
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}voila/static/", timeout=2):
                break
            with contextlib.suppress(OSError):
                urllib.request.urlopen(address, timeout=30).close()
                break
            time.sleep(0.3)
        yield address.replace("127.0.0.1", "localhost")
    finally:
        process.terminate()
        process.wait(15)


def notebook_in(folder: Path, workload: str = "shop", name: str = "review.ipynb", arguments: str = "") -> Path:
    """Put the review notebook into a workspace's `notebooks/`, for one of its workloads."""
    target = folder / "notebooks" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    text = NOTEBOOK.read_text(encoding="utf-8").replace('\\"checkout\\"', f'\\"{workload}\\"{arguments}')
    target.write_text(text, encoding="utf-8")
    return target


CHECKED = """() => document.querySelector('.orr-form .facts')?.childElementCount
&& !document.querySelector('.orr-form .busy').textContent"""


class Notebook:
    """A notebook that is open in a page of JupyterLab."""

    def __init__(self, page: Any, server: Lab, path: str) -> None:
        self.page, self.server, self.path = page, server, path
        self.open()

    def open(self) -> None:
        """Go to the notebook, wait until its kernel is idle."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.server.address}/lab/tree/{self.path}?token={self.server.token}&reset")
        self.ready()

    def turn_to(self, path: str) -> None:
        """Open another notebook in the JupyterLab that is there: to load it anew takes seconds."""
        from playwright.sync_api import TimeoutError as Late

        self.path = path
        self.page.evaluate(
            """async (path) => { const app = window.jupyterapp;
            const opened = await app.commands.execute('docmanager:open', {path});
            app.shell.activateById(opened.id); }""",
            path,
        )
        try:
            self.ready(AGAIN_SECONDS)
        except Late:
            for session in self.server.ask("/api/sessions"):
                if session["path"] == path:
                    self.server.ask(f"/api/sessions/{session['id']}", "DELETE")
            self.open()

    def put_away(self) -> bool:
        """Close all that is open, unsaved; whether the page is then as one that nobody used."""
        left = self.page.evaluate(
            """() => { for (const one of [...window.jupyterapp.shell.widgets('main')]) one.dispose();
            const who = localStorage.getItem('orr:who'); localStorage.clear(); sessionStorage.clear();
            if (who !== null) localStorage.setItem('orr:who', who);
            return document.querySelectorAll('.jp-Dialog, .orr-form').length; }"""
        )
        return left == 0

    def ready(self, seconds: float = 60) -> None:
        """Wait until the notebook is there and its kernel is idle."""
        self.page.wait_for_function(
            """(path) => { const w = window.jupyterapp?.shell?.currentWidget; return w?.context?.isReady &&
            w.isVisible && w.context.path === path && w.sessionContext?.session?.kernel?.status === 'idle'; }""",
            arg=self.path,
            timeout=seconds * 1000,
        )

    def run(self) -> None:
        """Run the cell, without going near the keyboard."""
        self.page.evaluate(
            """() => { const app = window.jupyterapp; const w = app.shell.currentWidget;
            w.content.activeCellIndex = 0; return app.commands.execute('notebook:run-cell'); }"""
        )

    def form(self) -> Any:
        """Run the cell and wait for the form, and until its first checks have moved what they move."""
        self.run()
        self.page.locator(".orr-form").wait_for(timeout=30_000)
        self.page.locator(".orr-form .verdict-word").wait_for(
            timeout=30_000, state="attached"
        )  # a scrolled head hides it
        self.page.wait_for_function(CHECKED, timeout=30_000)
        return self.page.locator(".orr-form")

    def form_anew(self) -> Any:
        """Put away the form that is shown, if one is, and run the cell for another."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
        self.page.locator(".orr-form").wait_for(state="detached")
        return self.form()

    def save_once_it_shows(self, text: str) -> None:
        """Wait until the cell has a picture with a text in it, and save the notebook."""
        self.page.wait_for_function(
            """(text) => window.jupyterapp.shell.currentWidget.content.widgets[0].model.outputs.toJSON()
            .some((one) => [one.data?.['text/html'] ?? ''].flat().join('').includes(text))""",
            arg=text,
            timeout=30_000,
            polling=100,
        )
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")

    def execute(self, command: str) -> None:
        self.page.evaluate("(command) => { window.jupyterapp.commands.execute(command); }", command)

    def cells(self) -> int:
        return int(self.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length"))


def copy_of(notebook: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(notebook, target))
