"""Whether a file of a build server builds, tests or deploys something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from orr.evidence.checks.contents.tools import TESTER, is_linter
from orr.evidence.documents.yamlstream import read_stream
from orr.evidence.errors import Undetermined
from orr.messages import Message, say

_KEYS = frozenset(
    (
        "run",
        "script",
        "before_script",
        "after_script",
        "command",
        "commands",
        "task",
        "sh",
        "bash",
        "pwsh",
        "powershell",
    )
).union(("args", "template", "include", "trigger", "plugins", "buildcommand", "entrypoint"))
"""The keys under which build servers find what they execute."""
_DOES = re.compile(
    r"^(?:\S+[ \t]+){0,4}?(?:re)?(?:build\w*|build-[\w-]+|tests?|deploy|deployment|publish|release|compile"
    r"|package|verify|assemble)(?![\w/]*=)(?![\w/.]*[/.])"
    r"|^(?:\S+[ \t]+){0,4}?(?:\./)?(?:pytest|tox|nox|rspec|ctest|gradlew?|mvnw?|bazel|msbuild|xcodebuild|goreleaser"
    r"|kaniko|skaffold|helmfile|ansible-playbook|twine)(?![\w/.-])"
    r"|^(?:sudo[ \t]+)?(?:kubectl[ \t]+(?:apply|set|rollout)|helm[ \t]+(?:upgrade|install|push)|terraform[ \t]+apply"
    r"|docker[ \t]+push|(?:docker[ \t-])?compose[ \t]+up|make(?:[ \t]+(?:all|ci|check|dist)|$)|rake$|cargo[ \t]+nextest"
    r"|go[ \t]+generate|cdk[ \t]+deploy|pulumi[ \t]+up|gcloud[ \t]+\w+[ \t]+deploy)\b"
    r"|^(?:(?:ba|z)?sh[ \t]+)?[\w@/.-]*[/_-](?:build|tests?|deploy|publish|release|releaser|rspec|e2e)"
    r"(?:[-_.@][\w@./-]*)?(?=[ \t]|$)",
    re.IGNORECASE,
)
_SETS_UP = re.compile(
    r"^(?:\S*/)?(?:npm|yarn|pnpm|bun|pip3?|pipx|uv|poetry|apt(?:-get)?|apk|dnf|yum|brew|gem|bundle|go|cargo|choco|sudo)\b"
    r".*\b(?:install|ci|add|sync|update|upgrade|get|tool)\b"
    r"|^(?:\S*/)?(?:curl|wget|cd|echo|mkdir|export|set|git|ls|cat|chmod|cp|mv|rm|tar|if|for|test|then)(?![\w/.-])"
    r"|^actions/(?:checkout|setup-|cache|upload-|download-|labeler|stale|github-script|add-)|/setup-",
    re.IGNORECASE,
)
"""What fetches tools and sources, or belongs to the shell."""
_STEP = re.compile(r"^[ \t]*(?:-[ \t]+)?(?:sh|bat|run|script|powershell|command)\b[ \t:(]*['\"|>]*(.*)$", re.MULTILINE)

_CONTINUED = re.compile(r"\\[ \t]*\n[ \t]*")
_ITEM = re.compile(r"^[ \t]*-[ \t]+([^:{}\n]+)$", re.MULTILINE)
_GROOVY = re.compile(r"\b(?:pipeline|node)\b[ \t]*(?:\([^)]*\)[ \t]*)?\{")
_BLOCK = re.compile(r"(?:'''|\"\"\")(.*?)(?:'''|\"\"\")", re.DOTALL)


def commands(text: str, path: str) -> list[str]:
    """What a build server's file has it execute: commands, actions and templates.

    Parameters
    ----------
    text, path
        The file's content and name; what is not YAML is taken line by line.
    """
    if re.search(r"\.ya?ml$", path, re.IGNORECASE):
        try:
            found = [one for document in read_stream(text, path) for one in _executed(document.data)]
        except Undetermined:  # tags of its own, as `!reference` in GitLab's
            found = [step[1] for step in _STEP.finditer(text)] + _ITEM.findall(text)
    elif _GROOVY.search(text):  # stages have names, steps do something
        found = [step[1] for step in _STEP.finditer(text)] + _BLOCK.findall(text)
    else:
        found = [line for line in text.split("\n") if not re.match(r"[ \t]*(?:#|//|/?\*|$)", line)]
    split = (part.strip() for one in found for part in re.split(r"\n|&&|\|\||;", _CONTINUED.sub(" ", one)))
    return [part for part in split if part and not part.startswith("#")]


def no_pipeline(path: str, text: str) -> Message | None:
    """Why a build server's file is no pipeline; None where it builds, tests or deploys."""
    executed = commands(text, path)
    working = (one for one in executed if not is_linter(one) and not _SETS_UP.search(one))
    if any(_DOES.search(one) or TESTER.search(one) for one in working):
        return None
    return say("contents.only-lint" if any(map(is_linter, executed)) else "contents.no-step")


def _executed(data: Any, key: str = "") -> Iterator[str]:
    if isinstance(data, dict):
        if key.casefold() == "orbs":
            return
        if isinstance(data.get("uses"), str):  # an action; beside it are its inputs, such as a `script` in JavaScript
            yield data["uses"]
            return
        joined = data.get("args")
        if isinstance(joined, list):  # `name: …/docker`, `args: [build, …]`
            yield " ".join([str(data.get("name", "")), *map(str, joined)])
        for name, value in data.items():
            yield from _executed(value, str(name))
    elif isinstance(data, list):
        if key.casefold() in _KEYS or key == "steps":
            yield from (str(one) for one in data if not isinstance(one, dict | list))
        for one in data:
            if isinstance(one, dict | list):
                yield from _executed(one, key)
    elif isinstance(data, str) and key.casefold() in _KEYS:
        yield data
