"""Whether a file describes how something of the repository is built or set up."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from typing import Any

from orr.evidence.checks.contents.tools import is_tool
from orr.messages import Message, say

_CONTENT: tuple[tuple[str, str], ...] = (
    (r".*\.tf", r"^[ \t]*(?:resource|module|data)[ \t]+\""),
    (r".*\.bicep", r"^[ \t]*(?:resource|module)[ \t]"),
    (r"pyproject\.toml", r"^\[(?:project|build-system|tool\.poetry)\]"),
    (r"setup\.py", r"\bsetup[ \t]*\("),
    (r"go\.mod", r"^module[ \t]"),
    (r"pom\.xml", r"<artifactId\b"),
    (r"build\.gradle.*", r"^[ \t]*(?:plugins|apply|dependencies|allprojects|subprojects|tasks|buildscript)\b"),
    (r"cargo\.toml", r"^\[(?:package|workspace)\]"),
    (r"mix\.exs", r"\bdefmodule\b"),
    (r".*\.sln", r"^Project\("),
    (r".*\.slnx", r"<Project\b"),
    (r"settings\.json", r"\"appHostPath\"[ \t]*:[ \t]*\"[^\"]"),
    (r"flake\.nix", r"\boutputs\b"),
    (r"(?:build|module|workspace)(?:\.bazel)?", r"^[a-z_]+\("),
    (r"makefile", r"^[\w./-]+[ \t]*:(?!=)[^\n]*\n\t[ \t]*\S"),
    (r"chart\.yaml", r"^name:[ \t]*\S"),
    (r"kustomization\.ya?ml", r"^(?:resources|components|bases|helmCharts):"),
    (r"(?:docker-)?compose.*\.ya?ml", r"^services:[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]+[^\s#]"),
    (r".*\.ya?ml", r"^(?:-[ \t]+)?hosts:[ \t]*\S|^Resources:|^kind:[ \t]*\S[\s\S]*?^apiVersion:[ \t]*\S|"
     r"^apiVersion:[ \t]*\S[\s\S]*?^kind:[ \t]*\S"),
    (r".*\.json", r"\"Resources\"[ \t]*:|\"kind\"[ \t]*:[ \t]*\""),
    (r".*\.(?:jsonnet|libsonnet|cue|nix|hcl|pp|tfvars)", r"^[ \t]*[^\s#/]"),
    (r".*\.(?:sh|bash|ps1)", r"^[ \t]*(?!#)\S"),
)  # fmt: skip
_RULES = tuple((re.compile(name, re.IGNORECASE), re.compile(content, re.MULTILINE)) for name, content in _CONTENT)
_DOCKERFILE = re.compile(r"(?:dockerfile|containerfile)(?:\..*)?|.*\.dockerfile", re.IGNORECASE)
_PROJECT = re.compile(r".*\.(?:cs|fs|vb)proj", re.IGNORECASE)
_TESTS = re.compile(
    r"<IsTestProject>\s*true|Microsoft\.NET\.Test\.Sdk|Include=[\"'](?:xunit|nunit|mstest)\b", re.IGNORECASE
)
_BUILDS = re.compile(r"(?:pre)?(?:build|start|compile|bundle|pack|package|deploy|prepare|dist|serve)(?::.*)?")
_IDLE = re.compile(r"(?:(?:echo|exit|true|:)\b[^&|;]*)?")
_GEM = re.compile(r"^[ \t]*gem[ \t(]+[\"']([\w.-]+)[\"']|^[ \t]*(gemspec)\b", re.MULTILINE)


def no_build(path: str, text: str) -> Message | None:
    """Why a file rebuilds nothing of the repository; None where it does."""
    name = posixpath.basename(path)
    if _DOCKERFILE.fullmatch(name):
        return _no_image(path, text)
    if _PROJECT.fullmatch(name):
        return say("contents.only-tools") if _TESTS.search(text) or "<Project" not in text else None
    lowered = name.casefold()
    if lowered in ("package.json", "composer.json"):
        return _no_package(text, "require" if lowered == "composer.json" else "dependencies")
    if lowered == "gemfile":
        gems = [found[1] or found[2] for found in _GEM.finditer(text)]
        return say("contents.only-tools") if all(map(is_tool, gems)) else None
    for named, content in _RULES:
        if named.fullmatch(name):
            return None if content.search(text) else say("contents.no-build")
    return say("contents.no-build")


def _no_package(text: str, key: str) -> Message | None:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return say("contents.no-json")
    if not isinstance(data, dict):
        return say("contents.no-json")
    needed = [name for name in _of(data, key) if not is_tool(name) and name != "php"]
    named = [str(run).strip() for name, run in _of(data, "scripts").items() if _BUILDS.fullmatch(name)]
    scripts = [run for run in named if not is_tool(run) and not _IDLE.fullmatch(run)]
    return None if needed or scripts or data.get("workspaces") else say("contents.only-tools")


def _of(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _no_image(path: str, text: str) -> Message | None:
    joined = re.sub(r"\\[ \t]*\n", " ", re.sub(r"^[ \t]*#.*\n?", "", text, flags=re.MULTILINE))
    steps = [
        (word.upper(), rest.strip()) for word, _, rest in (line.strip().partition(" ") for line in joined.split("\n"))
    ]
    if not any(word == "FROM" for word, _ in steps):
        return say("contents.no-build")
    last = max(place for place, (word, _) in enumerate(steps) if word == "FROM")
    ends = [steps[last][1], *(rest for word, rest in steps[last:] if word in ("ENTRYPOINT", "CMD"))]
    if any(map(is_tool, ends)) or any(map(is_tool, path.split("/")[:-1])):
        return say("contents.only-tools")
    takes = any(word in ("COPY", "ADD") and "--from=" not in rest for word, rest in steps)
    return None if takes or "--mount=type=bind" in joined else say("contents.no-copy")
