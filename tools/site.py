"""Build the documentation site: `python -m tools.site [FOLDER]`, by default into `site/`.

The pages are the Markdown files that GitHub shows as well. Zensical builds them once for each language: a Chinese
page is `NAME.zh-CN.md` beside `NAME.md`; where there is none, the Chinese site shows the English page and says so.
A heading has the same address in both languages, that of the English one, so links hold whichever page is shown.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SITE = DOCS / "site"
LANGUAGES = {"en": "English", "zh-CN": "简体中文"}
AT_TOP = {"README": "index", "CHANGELOG": "changelog", "CONTRIBUTING": "contributing", "SECURITY": "security"}
"""Files of the repository's top folder that are pages too, and their names there."""
UNTRANSLATED = '\n!!! note ""\n    本页还没有中文版，以下是英文原文。\n'
_LINK = re.compile(r"(\]\()(?!https?:|mailto:)([^)\s#]*)(#[^)\s]*)?")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FENCED = re.compile(r"^(```.*?^```$)", re.MULTILINE | re.DOTALL)
_ROW, _CODE = re.compile(r"^\|.*$", re.MULTILINE), re.compile(r"`[^`\n]+`")
_BETWEEN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n *(?=[\u3001-\u9fff\uff01-\uffef])")
"""The end of a line between two characters of Chinese, which would become a space."""
_SWITCH = re.compile(r"^\[[^\]]+\]\(README(\.zh-CN)?\.md\)\n", re.MULTILINE)


@cache
def sources(language: str) -> dict[str, Path]:
    """The pages of a language: their names on the site, and the files that they are made from."""
    chosen: dict[str, Path] = {}
    top = ((ROOT / f"{name}{end}", f"{page}{end}") for name, page in AT_TOP.items() for end in (".md", ".zh-CN.md"))
    below = ((path, path.relative_to(DOCS).as_posix()) for path in DOCS.rglob("*.md"))
    for path, name in sorted((*top, *below)):
        stem, _, tongue = name.removesuffix(".md").partition(".")
        if path.exists() and (tongue == language or not (tongue or f"{stem}.md" in chosen)):
            chosen[f"{stem}.md"] = path
    return chosen


def page(language: str, name: str) -> str:
    """The text of a page, its links as they are on the site."""
    path = sources(language)[name]
    text = _SWITCH.sub("", path.read_text(encoding="utf-8"))
    ids = iter(headings(original(path)))
    text = "".join(
        part if part.startswith("```") else _with_ids(_as_on_github(part), ids, own=path == original(path))
        for part in _FENCED.split(text)
    )
    if language not in ("en", *path.name.split(".")):
        title, _, rest = text.partition("\n")
        text = f"{title}\n{UNTRANSLATED}{rest}"
    return _LINK.sub(lambda link: link[1] + _on_the_site(path, name, link[2], (link[3] or "")[1:]), text)


def original(path: Path) -> Path:
    """The English file of a page."""
    return path.with_name(path.name.replace(".zh-CN", ""))


@cache
def headings(path: Path) -> tuple[str, ...]:
    """What GitHub names the headings of a file, in their order."""
    titles = _HEADING.findall(_FENCED.sub("", path.read_text(encoding="utf-8")))
    return tuple(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles)


def _with_ids(text: str, ids: Iterator[str], *, own: bool) -> str:
    """Give the headings of a translated page the addresses of the English ones."""
    return text if own else _HEADING.sub(lambda heading: f"{heading[0]} {{#{next(ids)}}}", text)


def _as_on_github(text: str) -> str:
    """Write prose so that Python-Markdown reads it as GitHub does: bars in tables, lines of Chinese."""
    text = _ROW.sub(lambda row: _CODE.sub(lambda code: code[0].replace("\\|", "|"), row[0]), text)
    return _BETWEEN.sub("", text)


def _on_the_site(path: Path, name: str, target: str, place: str) -> str:
    """Where a link of a file leads on the site; what has no place there stays, and is found as dead."""
    led = Path(os.path.normpath(path.parent / target)) if target else path
    if place and led.suffix == ".md" and led.exists():
        place = dict(zip(headings(led), headings(original(led)), strict=False)).get(place, place)
    end = f"#{place}" if place else ""
    if not target:
        return end
    for language in LANGUAGES:
        for there, source in sources(language).items():
            if source == led:
                return _from(name, there) + end
    return (_from(name, led.relative_to(DOCS).as_posix()) if led.is_relative_to(DOCS) else target) + end


def _from(name: str, there: str) -> str:
    up = "../" * (len(PurePosixPath(name).parts) - 1)
    return up + there


def navigation(language: str, entries: Any = None) -> list[dict[str, Any]]:
    """The navigation in a language, as Zensical takes it."""
    read = yaml.safe_load((SITE / "nav.yaml").read_text(encoding="utf-8")) if entries is None else entries
    return [
        {entry[language]: entry["page"] if "page" in entry else navigation(language, entry["pages"])} for entry in read
    ]


def listed(entries: Any) -> Iterator[str]:
    """The pages that a navigation leads to, in its order."""
    for entry in entries:
        for value in entry.values():
            yield from [value] if isinstance(value, str) else listed(value)


def configuration(language: str) -> dict[str, Any]:
    """The configuration of Zensical: nothing comes from another host, and search works from a disk."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    up = "" if language == "en" else "../"
    languages = [
        {"name": title, "lang": one, "link": up + ("" if one == "en" else f"{one}/")}
        for one, title in LANGUAGES.items()
    ]
    modes = (("default", "light", "weather-night", "dark"), ("slate", "dark", "weather-sunny", "light"))
    palette = [
        {
            "media": f"(prefers-color-scheme: {mode})",
            "scheme": scheme,
            "toggle": {"icon": f"material/{icon}", "name": other},
        }
        for scheme, mode, icon, other in modes
    ]
    return {
        "site_name": "orr",
        "site_description": project["description"],
        "docs_dir": "pages",
        "use_directory_urls": False,
        "copyright": f"orr {project['version']}",
        "nav": navigation(language),
        "theme": {
            "language": language.partition("-")[0],
            "font": False,
            "custom_dir": "theme",
            "palette": palette,
            "features": ["navigation.tabs", "navigation.footer", "navigation.top", "content.code.copy", "toc.follow"],
        },
        "extra": {"alternate": True, "languages": languages, "generator": False},
        "extra_css": ["assets/extra.css"],
        "plugins": [
            {"search": {}},
            {"offline": {}},
            {"mkdocstrings": {"handlers": {"python": {"paths": [str(ROOT)], "options": API}}}},
        ],
        "markdown_extensions": [
            "admonition",
            "attr_list",
            "tables",
            {"toc": {"permalink": True, "slugify": "SLUGIFY"}},
            {"pymdownx.highlight": {"pygments_lang_class": True}},
            "pymdownx.superfences",
        ],
    }


API = {
    "docstring_style": "numpy",
    "allow_inspection": False,  # nothing is imported: the source is read
    "filters": "public",
    "members_order": "__all__",
    "show_source": False,
    "show_root_heading": True,
    "show_object_full_path": True,
    "group_by_category": False,
    "line_length": 80,
    "heading_level": 3,
    "separate_signature": True,
    "show_signature_annotations": True,
    "merge_init_into_class": True,
}
"""How docstrings become the reference; the options of mkdocstrings-python."""


def build(out: Path) -> None:
    """Build the site into a folder, which is emptied first.

    Raises
    ------
    subprocess.CalledProcessError
        If Zensical warns of anything.
    """
    shutil.rmtree(out, ignore_errors=True)
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as folder:
            stage(language, Path(folder))
            command = [sys.executable, "-P", "-m", "zensical", "build", "--strict", "-f", "mkdocs.yml"]
            subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - fixed arguments
            Path(folder, "site", "404.html").unlink()  # its links hold only at the root of a host
            shutil.move(Path(folder, "site"), out if language == "en" else out / language)


def stage(language: str, folder: Path) -> None:
    """Lay out what Zensical reads to build the site of a language."""
    pages = folder / "pages"
    shutil.copytree(DOCS, pages, ignore=shutil.ignore_patterns("*.md", "site"))
    shutil.copytree(SITE / "assets", pages / "assets")
    shutil.copytree(SITE / "theme", folder / "theme")
    for name in sources(language):
        (pages / name).parent.mkdir(exist_ok=True)
        (pages / name).write_text(page(language, name), encoding="utf-8")
    slugify = "!!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}"
    text = yaml.safe_dump(configuration(language), allow_unicode=True, sort_keys=False)
    (folder / "mkdocs.yml").write_text(text.replace("SLUGIFY", slugify), encoding="utf-8")


if __name__ == "__main__":
    build(Path(*sys.argv[1:2] or ["site"]))
