"""Review form in JupyterLab and Notebook 7: extensions of server and page.

What the page loads lies in `extensions/`, as it is: modules that a browser reads without a build.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

EXTENSIONS = Path(__file__).parent / "extensions"
"""The folder that JupyterLab looks through for extensions of the page."""

EXTENSION = "orr.lab"
"""The extension of the server."""

NAME = "orr-review"
"""The extension of the page."""


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where `jupyter-builder develop` finds the extension of the page."""
    return [{"src": f"extensions/{NAME}", "dest": NAME}]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Name the module that the server loads."""
    return [{"module": EXTENSION}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Add the handlers to a server."""
    from orr.lab.handlers import handlers

    server.web_app.add_handlers(".*$", handlers(server.web_app.settings["base_url"], Path(server.root_dir)))
