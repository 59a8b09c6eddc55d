"""The extension of the page: what a browser reads, as it lies in the package."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from support import ROOT

from orr.lab import EXTENSIONS, NAME, _jupyter_labextension_paths, _jupyter_server_extension_points
from orr.messages import LANGUAGES, texts

PLACE = EXTENSIONS / NAME
STATIC = PLACE / "static"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MODULES = sorted(path.name for path in STATIC.glob("*.js"))
IMPORT = re.compile(r'(?:from |import\()"\./([\w-]+\.js)"')


def test_it_is_of_the_version_of_the_package_and_loads_a_file_that_is_there() -> None:
    about = json.loads((PLACE / "package.json").read_text(encoding="utf-8"))
    assert (about["name"], about["version"]) == (NAME, PROJECT["project"]["version"])
    assert (PLACE / about["jupyterlab"]["_build"]["load"]).is_file()


def test_the_wheel_puts_it_and_the_server_s_switch_where_jupyter_looks() -> None:
    assert PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"] == {
        f"orr/lab/extensions/{NAME}": f"share/jupyter/labextensions/{NAME}",
        "orr/lab/server.json": "etc/jupyter/jupyter_server_config.d/orr.json",
    }
    assert [{"src": f"extensions/{NAME}", "dest": NAME}] == _jupyter_labextension_paths()
    (point,) = _jupyter_server_extension_points()
    switch = json.loads((ROOT / "orr/lab/server.json").read_text(encoding="utf-8"))
    assert switch == {"ServerApp": {"jpserver_extensions": {point["module"]: True}}}


def test_it_is_small_and_every_module_of_it_is_used() -> None:
    assert sum(path.stat().st_size for path in PLACE.rglob("*") if path.is_file()) <= 30_000
    used = {name for module in MODULES for name in IMPORT.findall((STATIC / module).read_text(encoding="utf-8"))}
    assert used | {"remoteEntry.js"} == set(MODULES)


def test_nothing_of_it_asks_another_host() -> None:
    for path in STATIC.iterdir():
        addresses = re.findall(r"https?://[^\"'`\s]+", path.read_text(encoding="utf-8"))
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}, path.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_it_says_is_there(language: str) -> None:
    texts_of = [(STATIC / module).read_text(encoding="utf-8") for module in MODULES]
    said = {key for text in texts_of for key in re.findall(r'\bsay\("([\w.-]+)"', text)}
    assert said
    assert said <= set(texts("lab", language))
