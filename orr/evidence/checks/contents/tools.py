"""Names of tools that look at code or try it, and build nothing."""

from __future__ import annotations

import re

_LINTERS = (
    r"[\w-]*lint(?:er|ers|ing|s)?|eslint[\w-]*|prettier[\w-]*|stylelint[\w-]*|flake8|ruff|black|isort|mypy|pyright|bandit"
    r"|rubocop[\w-]*|brakeman|reek|standardrb|shellcheck|shfmt|checkstyle|spotbugs|pmd|detekt|clippy|rustfmt|gofmt|gofumpt"
    r"|goimports|staticcheck|golangci[\w-]*|vet|fmt|format|codespell|typos|pre-commit|husky|lint-staged|zizmor|sqlfluff"
    r"|phpcs|phpstan|psalm|devcontainer|danger|semantic-release|spell(?:ing|check)?|licen[cs]e-?(?:check|header)s?"
    r"|header-?checker"
)
_TESTERS = (
    r"(?:@playwright/)?playwright[\w-]*|cypress|puppeteer|jest[\w-]*|mocha|chai|vitest|jasmine|karma|testcafe|nightwatch"
    r"|webdriverio|selenium[\w-]*|phpunit"
)
_LINTER = re.compile(rf"(?<![\w-])(?:{_LINTERS})(?![a-z])", re.IGNORECASE)
TESTER = re.compile(rf"(?<![\w-])(?:{_TESTERS})(?![a-z])", re.IGNORECASE)
"""A framework for tests."""


def is_linter(text: str) -> bool:
    """Whether a command, package, image or folder is one that only looks at code."""
    return _LINTER.search(text) is not None


def is_tool(text: str) -> bool:
    """Whether it is a linter's or a test framework's: neither is part of what is built."""
    return is_linter(text) or TESTER.search(text) is not None
