"""How the parts of a site are put together: the same for the same input, and with nothing that it does not need."""

from __future__ import annotations

import ast
import base64
import gzip
import html.parser
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.site_stage import PYODIDE, workspace_in

from orr.model.person import patterns
from orr.site import build, packages
from orr.site.facts import facts_of
from orr.workspace.workspace import Workspace


@pytest.fixture
def parts(tmp_path: Path) -> build.Parts:
    root = workspace_in(tmp_path / "shop")
    facts = facts_of(Workspace(root), ["shop"], datetime(2026, 11, 22, tzinfo=UTC))
    return build.parts_of(facts, PYODIDE, {"orr/__init__.py": b""}, "shop", "en")


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    root = workspace_in(tmp_path / "shop")
    made = []
    for _ in range(2):
        facts = facts_of(Workspace(root), ["shop"], datetime(2026, 11, 22, tzinfo=UTC))
        parts = build.parts_of(facts, PYODIDE, {"b.py": b"", "a.py": b""}, "shop", "en")
        made.append((build.folder_of(parts), build.single_of(parts)))
    assert made[0] == made[1]


def test_one_file_holds_what_the_folder_does_and_names_no_other(parts: build.Parts) -> None:
    text = build.single_of(parts).decode()
    held = {
        name: gzip.decompress(base64.b64decode(content))
        for name, content in re.findall(r'data-part="([^"]+)">([^<]+)</script>', text)
    }
    folder = build.folder_of(parts)
    assert {name: raw for name, raw in held.items() if name != "worker.js"} == {
        name.removeprefix("parts/").removesuffix(".packed"): gzip.decompress(raw) if name.endswith(".packed") else raw
        for name, raw in folder.items()
        if name.startswith("parts/")
    }
    assert held["worker.js"] == folder["worker.js"]
    assert b"import.meta" not in held["worker.js"]
    assert b"export" not in held["worker.js"]
    loading: list[tuple[str, str]] = []

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            loading.extend((tag, name) for name, _ in attributes if name in ("src", "href"))

    Reader().feed(text)
    assert loading == []
    assert "connect-src 'none'" in text


def test_an_archive_bears_no_times_and_its_folders_are_there(parts: build.Parts) -> None:
    with zipfile.ZipFile(io.BytesIO(parts.loaded["workspace.zip"])) as archive:
        entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert "files/workloads/shop/" in [entry.filename for entry in entries]


def test_what_the_page_is_told_of_itself_ends_no_script(parts: build.Parts) -> None:
    evil = build.Parts(parts.worker, parts.loaded, {**parts.about, "leftOut": ["</script><b>"]})
    page = build.folder_of(evil)["index.html"].decode()
    assert "</script><b>" not in page
    about = re.search(r'id="about">(.*?)</script>', page, re.DOTALL)
    assert about is not None
    assert json.loads(about[1])["leftOut"] == ["</script><b>"]


@pytest.fixture(scope="module")
def python() -> Mapping[str, bytes]:
    return packages.packages()


def test_the_packages_are_python_alone_without_what_a_page_never_runs(python: Mapping[str, bytes]) -> None:
    assert {"orr/site/browser.py", "orr/form/conversation.py", "pydantic/main.py", "yaml/__init__.py"} <= python.keys()
    assert not [name for name in python if name.endswith((".so", ".pyc")) or "/tests/" in name]
    assert not [name for name in python if name.startswith(("orr/cli/", "orr/fleet/", "pydantic/v1/"))]
    assert json.loads(python["orr/messages/locales/site.en.yaml"])["page.title"] == "Review without a server"


def test_every_module_of_orr_that_is_packed_has_those_that_it_imports(python: Mapping[str, bytes]) -> None:
    imported = {
        (path, name)
        for path, raw in python.items()
        if path.startswith("orr/") and path.endswith(".py")
        for name in _imported(ast.parse(raw).body)
    }
    source = Path(packages.__file__).parents[2]
    missing = [
        (path, name)
        for path, name in imported
        for file in (f"{name.replace('.', '/')}.py", f"{name.replace('.', '/')}/__init__.py")
        if (source / file).is_file() and file not in python
    ]
    assert missing == []
    assert ("orr/history/past_runs.py", "orr.history.altered") in imported


def _imported(body: list[ast.stmt]) -> Iterator[str]:
    """The modules that statements import at once, and what may be modules of them."""
    for one in body:
        if isinstance(one, ast.Import):
            yield from (alias.name for alias in one.names)
        elif isinstance(one, ast.ImportFrom):
            yield str(one.module)
            yield from (f"{one.module}.{alias.name}" for alias in one.names)


@pytest.mark.parametrize("name", ["Ана", "Ana", "陈伟", "Аna", "Wei €", "Åsa"])
def test_the_module_in_place_of_regex_finds_what_regex_does(python: Mapping[str, bytes], name: str) -> None:
    module: dict[str, object] = {}
    exec(python["regex.py"].decode(), module)
    no_letter, writings = patterns()
    for one in (no_letter, *writings):
        compiled = module["compile"](one.pattern)  # type: ignore[operator]
        assert compiled.findall(name) == one.findall(name)
