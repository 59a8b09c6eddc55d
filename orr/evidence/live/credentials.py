"""Secrets by name: taken from the environment when they are sent, and never shown.

A header may hold `$NAME` or `${NAME}`; `$$` is a dollar sign. `Basic $USER:$PASSWORD` is
encoded as that scheme wants it.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_plus

from orr.evidence.errors import Undetermined
from orr.evidence.masking import MASK, changed, changed_finding
from orr.messages import say
from orr.model.finding import Finding

_NAME = re.compile(r"\$(?:\$|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})")
_TELLING = re.compile(r"TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|(?:API|ACCESS|PRIVATE|APP|APPLICATION)_?KEY", re.I)
SHORTEST_TOLD = 8


def names_in(text: str) -> list[str]:
    """The environment variables that a text names, each once."""
    return list(dict.fromkeys(name[1] or name[2] for name in _NAME.finditer(text) if name[0] != "$$"))


class Tokens:
    """The secrets of one check.

    Parameters
    ----------
    environment
        Where they stand; this process's environment by default.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment
        self._known: set[str] = set()

    def header(self, template: str) -> str:
        """A header's value with its secrets filled in.

        Raises
        ------
        Undetermined
            If the environment does not have one, or it cannot stand in a header.
        """
        filled = _NAME.sub(lambda name: "$" if name[0] == "$$" else self._secret(name[1] or name[2]), template)
        if names_in(template) and filled.startswith("Basic ") and ":" in filled:
            filled = "Basic " + base64.b64encode(filled[len("Basic ") :].encode()).decode()
            self._known.add(filled[len("Basic ") :])
        return filled

    def add_secret_names(self) -> None:
        """Hide also what stands under a telling name (`…_TOKEN`, `…_PASSWORD`) in the environment."""
        for name, value in self._environment.items():
            if len(value) >= SHORTEST_TOLD and _TELLING.search(name):
                self._known.add(value)

    def hide(self, text: str) -> str:
        """A text without the secrets, in whatever form they usually come."""
        for form in sorted(self._forms(), key=len, reverse=True):
            text = text.replace(form, MASK)
        return text

    def hidden(self, data: Any) -> Any:
        """Nested data without the secrets."""
        return changed(data, self.hide) if self._known else data

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Let nothing be raised from within that holds a secret."""
        try:
            yield
        except Undetermined as cannot:
            raise Undetermined(self.hidden(cannot.why)) from None
        except Exception as error:
            told = say("evidence.crashed", error=type(error).__name__, says=self.hide(str(error)))
            raise Undetermined(told) from None

    def hidden_finding(self, finding: Finding) -> Finding:
        """The same finding without the secrets."""
        return changed_finding(finding, self.hide) if self._known else finding

    def _secret(self, name: str) -> str:
        value = self._environment.get(name, "").strip()
        if not value:
            raise Undetermined(say("act.token.missing", name=name))
        if not value.isprintable() or not value.isascii():
            raise Undetermined(say("act.token.unfit", name=name))
        self._known.add(value)
        return value

    def _forms(self) -> set[str]:
        forms: set[str] = set()
        for value in self._known:
            encoded = base64.b64encode(value.encode("utf-8", "surrogateescape")).decode()
            plain = value.encode("utf-8", "replace").decode()
            forms |= {value, quote(plain, safe=""), quote_plus(plain), json.dumps(plain)[1:-1], encoded}
        return forms
