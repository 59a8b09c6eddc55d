"""A web hook on this machine that keeps what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class Receiver(ThreadingHTTPServer):
    """Keeps what it was sent; answers as the path says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[tuple[str, str, Any]] = []
        self.go_on = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(("POST", self.headers["Content-Type"], json.loads(raw)))
        if self.path.startswith("/slow"):
            self.server.go_on.wait(20)
        if self.path.startswith("/bits"):
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not self.server.go_on.wait(0.05):
                self.wfile.write(b"X-More: x\r\n" if "head" in self.path else b"\r\n")
            return
        status = int(self.path.strip("/").split("/")[0]) if self.path.strip("/")[:3].isdigit() else 200
        self.send_response(status)
        if status in (301, 302, 307):
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.server.received.append(("GET", "", None))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.go_on.set()
    server.shutdown()
    thread.join()
    server.server_close()
