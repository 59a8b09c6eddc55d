"""Whether a file of a build server builds, tests or deploys something."""

from __future__ import annotations

import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from orr.evidence.checks.contents.tools import TESTER, is_linter
from orr.evidence.documents.yamlstream import read_stream
from orr.evidence.errors import Undetermined
from orr.messages import Message, say

_KEYS = frozenset((
    "run", "script", "before_script", "after_script", "command", "commands", "task", "sh", "bash", "pwsh", "powershell",
    "args", "template", "include", "trigger", "plugins", "buildcommand", "entrypoint",
))  # fmt: skip
"""The keys under which build servers find what they execute."""
_DOES = re.compile(
    r"^(?:\S+[ \t]+){0,4}?(?:re)?(?:build\w*|build-[\w-]+|tests?|deploy|deployment|publish|release|compile"
    r"|package|verify|assemble)(?![\w/]*=)(?![\w/.]*[/.])"
    r"|^(?:\S+[ \t]+){0,4}?(?:\./)?(?:pytest|tox|nox|(?:p|parallel_)?rspec|ctest|gradlew?|mvnw?|bazel|msbuild"
    r"|xcodebuild|goreleaser|kaniko|skaffold|helmfile|ansible-playbook|twine)(?![\w/.-])"
    r"|^(?:sudo[ \t]+)?(?:kubectl[ \t]+(?:apply|set|rollout)|helm[ \t]+(?:upgrade|install|push)|terraform[ \t]+apply"
    r"|docker[ \t]+push|(?:docker[ \t-])?compose[ \t]+up|make(?:[ \t]+(?:all|ci|check|dist)|$)|rake$|cargo[ \t]+nextest"
    r"|(?:bundle[ \t]+exec[ \t]+)?rake[ \t]+[\w:]*(?:spec|verify|test)|go[ \t]+generate"
    r"|cdk[ \t]+deploy|pulumi[ \t]+up|gcloud[ \t]+\w+[ \t]+deploy)\b"
    r"|^(?:(?:ba|z)?sh[ \t]+)?[\w@/.-]*[/_-](?:build|tests?|deploy|publish|release|releaser|rspec|e2e)"
    r"(?:[-_.@][\w@./-]*)?(?=[ \t]|$)"
    r"|^(?:docker|podman)\b.{0,100}[ \t](?:run|exec)[ \t].{0,200}?[ \t]\.{0,2}/[\w@/.-]{0,100}?(?<=[/_-])"
    r"(?:build|tests?|e2e)(?:[-_.][\w./-]*)?(?=[ \t]|$)"
    r"|^[\w./-]+\.\w+\b.{0,200}[ \t]--?(?:unit|integration|e2e|system|acceptance|smoke|regression|tests?)(?![\w/=])",
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
_DRY = re.compile(
    r"[ \t]--?(?:dry-run|collect-only|just-print|list-tests)\b|^make[ \t]+-n\b"
    r"|^(?:\./)?gradlew?(?:[ \t]+[:\w]*(?:spotless|ktlint|checkstyle|detekt|spotbugs)\w*)+$",
    re.IGNORECASE,
)
"""What only shows what it would do, or looks at code."""
_NEVER = re.compile(r"(?:\$\{\{)?\s*(?:false|never)\s*(?:\}\})?", re.IGNORECASE)
_STEP = re.compile(r"^[ \t]*(?:-[ \t]+)?(?:sh|bat|run|script|powershell|command)\b[ \t:(]*['\"|>]*(.*)$", re.MULTILINE)

_MATRIX = re.compile(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}")
MAX_VALUES = 100
MAX_COMMANDS = 10_000
MAX_COMMAND = 2_000
_INPUTS = ("command", "arguments", "goals", "run")
"""Inputs of actions that are a command."""
_SETS = re.compile(r"^(?:[A-Za-z_]\w*=\S*[ \t]+)+")
_CALLS = (
    (re.compile(r"^\./(?P<path>\.github/workflows/[\w.-]+)$"), "{path}"),
    (re.compile(r"^\./(?P<path>[\w./-]+)(?=[ \t]|$)"), "{path}/action.yml"),
    (re.compile(r"^\./(?P<path>[\w./-]+)(?=[ \t]|$)"), "{path}/action.yaml"),
    (re.compile(r"^(?:(?:ba|da|z)?sh|source|\.|python3?|ruby|node|perl|pwsh)[ \t]+(?P<path>[\w./-]+)"), "{path}"),
    (re.compile(r"^(?:\./)?(?P<path>(?:[\w.-]+/)*[\w-]+(?:\.(?:sh|bash|py|rb|js|pl|ps1))?)(?=[ \t]|$)"), "{path}"),
)
"""How a command names a file of the repository that it runs, and where that lies."""
_SCRIPT = re.compile(
    r"^(?:(?:ba|da|z)?sh[ \t]+)?\./[\w./-]+|^(?:(?:ba|da|z)?sh|python3?|ruby|node|perl|pwsh)[ \t]+[\w./-]+\.\w+"
)
_NO_SHELL = (".py", ".rb", ".js", ".pl", ".ps1")
MAX_CALLS, MAX_SCRIPTS = 3, 50

_REMARK = re.compile(r"(?<=[ \t])#[ \t][^\n]*")
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
            parts = [document.data for document in read_stream(text, path)]
            if "extends" not in text:  # jobs whose name begins with a dot are GitLab's templates
                parts = [_without_hidden(one) for one in parts]
            found = [one for part in parts for one in _executed(part)]
        except Undetermined:  # tags of its own, as `!reference` in GitLab's
            found = [step[1] for step in _STEP.finditer(text)] + _ITEM.findall(text)
    elif _GROOVY.search(text):  # stages have names, steps do something
        found = [step[1] for step in _STEP.finditer(text)] + _BLOCK.findall(text)
    else:
        found = [line for line in text.split("\n") if not re.match(r"[ \t]*(?:#|//|/?\*|$)", line)]
    split = (
        _SETS.sub("", part.strip())
        for one in found
        for part in re.split(r"\n|&&|\|\||;", _REMARK.sub("", _CONTINUED.sub(" ", one)))
    )
    return [part for part in split if part and not part.startswith("#")]


def no_pipeline(path: str, text: str, read: Callable[[str], str | None]) -> Message | None:
    """Why a build server's file is no pipeline; None where it builds, tests or deploys.

    Parameters
    ----------
    path, text
        As for `commands`.
    read
        The text of a file of the repository that a command names; None where there is none.

    Raises
    ------
    Undetermined
        If nothing is known to do so, and a script is run that cannot be read.
    """
    executed = commands(text, path)
    seen = {path}
    unread: list[str] = []
    waiting = deque((one[:MAX_COMMAND], 0) for one in executed)
    number = 0
    while waiting:
        number += 1
        if number > MAX_COMMANDS:
            raise Undetermined(say("contents.too-many-commands", path=path, limit=MAX_COMMANDS))
        one, depth = waiting.popleft()
        if is_linter(one) or _SETS_UP.search(one) or _DRY.search(one):
            continue
        if _DOES.search(one) or TESTER.search(one):
            return None
        called = _called(one, read)
        if called is None or called[0].endswith(_NO_SHELL):
            unread += [one] if _SCRIPT.search(one) and not depth else []
        elif called[0] not in seen and depth < MAX_CALLS and len(seen) < MAX_SCRIPTS:
            seen.add(called[0])
            waiting += [(inner[:MAX_COMMAND], depth + 1) for inner in commands(called[1], called[0])]
    if unread:
        raise Undetermined(say("contents.unread-script", path=path, script=unread[0][:80]))
    return say("contents.only-lint" if any(map(is_linter, executed)) else "contents.no-step")


def _called(command: str, read: Callable[[str], str | None]) -> tuple[str, str] | None:
    """The file of the repository that a command runs, and its text."""
    for pattern, place in _CALLS:
        found = pattern.search(command)
        path = posixpath.normpath(place.format(path=found["path"])) if found else ""
        text = read(path) if path and not path.startswith(("..", "/")) else None
        if text is not None:
            return path, text
    return None


def _without_hidden(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    return {name: value for name, value in data.items() if not str(name).startswith(".")}


def _is_off(part: dict[str, Any]) -> bool:
    """Whether a job or step never runs: `if: false`, `when: never`."""
    rules = part.get("rules")
    first = rules[0] if isinstance(rules, list) and rules else part
    when = first.get("when") if isinstance(first, dict) and (first is part or "if" not in first) else None
    return any(_NEVER.fullmatch(str(one)) for one in (part.get("if"), when))


def _executed(data: Any, key: str = "") -> Iterator[str]:
    if isinstance(data, dict):
        if key.casefold() == "orbs" or _is_off(data):
            return
        uses, inputs, strategy = data.get("uses"), data.get("with"), data.get("strategy")
        if isinstance(uses, str):  # an action; beside it are its inputs, such as a `script` in JavaScript
            names = (*_INPUTS, "args") if uses.startswith(("./", "docker:")) else _INPUTS
            given = inputs if isinstance(inputs, dict) else {}
            yield " ".join([uses, *(str(given[name]) for name in names if isinstance(given.get(name), str))])
            return
        if isinstance(strategy, dict) and isinstance(strategy.get("matrix"), dict):
            rest = {name: value for name, value in data.items() if name != "strategy"}
            for one in _executed(rest, key):
                yield from _filled_in(one, strategy["matrix"])
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


def _filled_in(command: str, matrix: dict[str, Any]) -> Iterator[str]:
    """Command with each value of the matrix variable that it uses alone; else unchanged."""
    found = _MATRIX.search(command)
    if found is None:
        yield command
        return
    name = found[1]
    extra = matrix.get("include")
    values = [one[name] for one in extra if isinstance(one, dict) and name in one] if isinstance(extra, list) else []
    values += matrix[name] if isinstance(matrix.get(name), list) else []
    for value in values[:MAX_VALUES]:
        yield command.replace(found[0], str(value))
