"""Put a site together: a folder for a static host, or one file."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from orr.form import bundle
from orr.messages import LANGUAGES, in_language, texts
from orr.site import packed
from orr.site.facts import Facts
from orr.system.zips import zipped

ARCHIVES = ENV, WORKSPACE, STDLIB = "env.zip", "workspace.zip", "python_stdlib.zip"
EXPORT = re.compile(r"export\s*\{\s*(\w+) as loadPyodide,[^}]*\};?")
POLICY = (
    "default-src 'none'; script-src {script} 'wasm-unsafe-eval' blob:; worker-src blob:; "
    "style-src 'unsafe-inline'{own}; img-src data: blob:; connect-src {connect}; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class Parts:
    """What both forms of a site are made of.

    Attributes
    ----------
    worker
        The program that runs Python.
    loaded
        What it loads, by name.
    about
        What the page is told of itself, in JSON types.
    """

    worker: str
    loaded: Mapping[str, bytes]
    about: Mapping[str, Any]


def parts_of(
    facts: Facts, pyodide: Mapping[str, bytes], python: Mapping[str, bytes], name: str, language: str
) -> Parts:
    """Make the parts of a site.

    Parameters
    ----------
    pyodide
        The files of Pyodide.
    python
        The Python packages, file by file.
    name
        What tells this site from others in the same browser.
    language
        The one in which it opens.
    """
    page = facts.page
    given = {f"{packed.FILES}/{path}": raw for path, raw in facts.files.items()}
    folders = [f"{packed.FILES}/{path}/" for path in facts.folders]
    loaded = {
        ENV: zipped(python),
        WORKSPACE: zipped({packed.FACTS: packed.as_json(page), **given}, folders),
        **{name: pyodide[name] for name in ("pyodide.asm.wasm", STDLIB, "pyodide-lock.json")},
    }
    workloads = [
        {"name": one, "title": {lang: in_language(found.case.workload.title, lang) for lang in LANGUAGES}}
        for one, found in facts.assessments.items()
    ]
    about = {
        "id": hashlib.sha256(name.encode()).hexdigest()[:16],
        "language": language,
        "workloads": workloads,
        "root": page.root,
        "sums": page.sums,
        "commit": page.commit[:10] if page.commit else None,
        "moment": page.moment.isoformat(timespec="minutes"),
        "recorded": {
            one: sorted({key.split(" ")[1] for key in known.findings}) for one, known in page.recorded.items()
        },
        "whole": {one: known.is_whole for one, known in page.recorded.items()},
        "leftOut": sorted(facts.left_out),
        "words": {lang: {k: v for k, v in texts("site", lang).items() if k.startswith("page.")} for lang in LANGUAGES},
    }
    return Parts(_worker(pyodide), loaded, about)


def folder_of(parts: Parts) -> Mapping[str, bytes]:
    """The files of a site for a static host, by path."""
    policy = POLICY.format(script="'self'", own=" 'self'", connect="'self'")
    head = '<link rel="stylesheet" href="site.css"><link rel="stylesheet" href="form.css">'
    tail = '<script defer src="page.js"></script>'
    return {
        "index.html": _html(parts, policy, head, tail).encode(),
        "page.js": _program().encode(),
        "worker.js": parts.worker.encode(),
        "site.css": _source("site.css").encode(),
        "form.css": bundle.style().encode(),
        **{f"parts/{name}": raw for name, raw in parts.loaded.items() if name not in ARCHIVES},
        **{f"parts/{name}.packed": _packed(parts.loaded[name]) for name in ARCHIVES},
    }


def single_of(parts: Parts) -> bytes:
    """The site as one HTML file, which opens from anywhere."""
    policy = POLICY.format(script="'unsafe-inline'", own="", connect="'none'")
    head = f"<style>{_source('site.css')}</style><style>{bundle.style()}</style>"
    held = {"worker.js": parts.worker.encode(), **parts.loaded}
    given = "".join(
        f'<script type="text/x-base64" data-part="{name}">{_in_text(raw)}</script>\n' for name, raw in held.items()
    )
    program = _program().replace("</script", "<\\/script")
    return _html(parts, policy, head, f"{given}<script>{program}</script>").encode()


@lru_cache(4)  # folder and file hold the same archives
def _packed(raw: bytes) -> bytes:
    return gzip.compress(raw, 9, mtime=0)


def _in_text(raw: bytes) -> str:
    return base64.b64encode(_packed(raw)).decode("ascii")


def _program() -> str:
    """The form's program and the page's, as one classic script."""
    form = bundle.program().replace("export default { render };", "")
    return f'"use strict";\n(() => {{\n{form}\n(() => {{\n{_source("page.js")}\n}})();\n}})();\n'


def _worker(pyodide: Mapping[str, bytes]) -> str:
    """Worker script of Pyodide's modules and ours: one, as `file:` pages require."""
    loader, count = EXPORT.subn(r"return \1;", pyodide["pyodide.mjs"].decode())
    assert count == 1
    core = pyodide["pyodide.asm.mjs"].decode().replace("import.meta.url", "self.location.href")
    core = core.replace("export default _createPyodideModule;", "return _createPyodideModule;")
    return (
        f"self.loadPyodide = (() => {{{loader}\n}})();\nself.createPyodideModule = (() => {{{core}\n}})();\n"
        f"{_source('worker.js')}"
    )


def _html(parts: Parts, policy: str, head: str, tail: str) -> str:
    about = json.dumps(parts.about, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    title = " · ".join(str(one["title"][parts.about["language"]]) for one in parts.about["workloads"])
    return (
        f'<!doctype html>\n<html lang="{parts.about["language"]}"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_escaped(title)}</title>\n{head}</head>\n"
        f'<body><header id="site"></header><main id="form"></main>\n'
        f'<script type="application/json" id="about">{about}</script>\n{tail}</body></html>\n'
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _source(name: str) -> str:
    return (files("orr.site") / name).read_text(encoding="utf-8")
