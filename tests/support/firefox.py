"""Firefox for tests, over WebDriver BiDi, which it speaks by itself: Playwright drives only a build of its own."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websocket

PROGRAMS = ("firefox-esr", "firefox")
SECONDS = 120
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
# What it would else ask of hosts elsewhere, on every start.
PREFERENCES = """\
user_pref("app.normandy.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("browser.search.update", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("remote.active-protocols", 1);
user_pref("services.settings.server", "data:,");
"""


class Firefox:
    """One window of Firefox.

    Attributes
    ----------
    requests
        The addresses of all that its pages fetched.
    """

    def __init__(self, address: str) -> None:
        self.requests: list[str] = []
        self._socket = websocket.create_connection(f"{address}/session", timeout=SECONDS, suppress_origin=True)
        self._asked = 0
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["network.beforeRequestSent"])
        self._context = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def before_pages(self, program: str) -> None:
        """Run a program in every page before its own."""
        self._ask("script.addPreloadScript", functionDeclaration=f"() => {{ {program} }}")

    def goto(self, address: str) -> None:
        """Open a page."""
        self._ask("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def evaluate(self, function: str, argument: Any = None) -> Any:
        """What a function of JavaScript gives, as JSON."""
        found = self._ask(
            "script.callFunction",
            functionDeclaration=f"async (given) => JSON.stringify(await ({function})(JSON.parse(given)) ?? null)",
            arguments=[{"type": "string", "value": json.dumps(argument)}],
            target={"context": self._context},
            awaitPromise=True,
        )
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return json.loads(found["result"]["value"])

    def close(self) -> None:
        """End the session."""
        self._ask("browser.close")
        self._socket.close()

    def _ask(self, method: str, **parameters: Any) -> Any:
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": parameters}))
        while True:
            said = json.loads(self._socket.recv())
            if said.get("method") == "network.beforeRequestSent":
                self.requests.append(said["params"]["request"]["url"])
            elif said.get("id") == self._asked:
                assert said["type"] == "success", said
                return said["result"]


@contextmanager
def running(program: str) -> Iterator[Firefox]:
    """Firefox for as long as the block runs, with a profile of its own."""
    with tempfile.TemporaryDirectory(prefix="orr-firefox-", ignore_cleanup_errors=True) as folder:
        Path(folder, "user.js").write_text(PREFERENCES, encoding="utf-8")
        words = [program, "--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", folder]
        log = Path(folder, "log")
        with log.open("wb") as output:
            process = subprocess.Popen([*words, "about:blank"], stdout=output, stderr=output)
        try:
            end = time.monotonic() + SECONDS
            while (found := LISTENING.search(log.read_text(errors="replace"))) is None:
                assert process.poll() is None, log.read_text(errors="replace")
                assert time.monotonic() < end, log.read_text(errors="replace")
                time.sleep(0.05)
            firefox = Firefox(found[1])
            yield firefox
            firefox.close()
            process.wait(SECONDS)
        finally:
            process.kill()
            process.wait()
