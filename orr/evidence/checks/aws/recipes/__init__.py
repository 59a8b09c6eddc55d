"""Schema and loader of the AWS recipes."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from orr.evidence.checks.aws.reads import action, only_reads
from orr.model.fields import Days, KebabId, Names, Text, Words
from orr.model.release import SubjectKind
from orr.model.validation import Form

ENABLED_REGIONS = ("ec2", "DescribeRegions")
"""What tells which regions are enabled for an account."""

Expression = Annotated[str, StringConstraints(min_length=1)]
"""A JMESPath."""


class Need(Form):
    """A value that an item passes to a recipe under `using`."""

    says: Text
    kind: Literal["text", "list", "number"] = "text"
    default: Any = None


class Step(Form):
    """One operation, called once for each row that there is so far.

    Attributes
    ----------
    service, operation, parameters
        The client's name, the operation as the service's reference writes it, and its
        parameters, in which `{…}` is filled in.
    rows
        The rows in the answer, all pages taken together. Each is laid over the row that it
        was asked for.
    csv
        A member of the answer that is a file of comma-separated values, to be read as rows.
    follow
        Which of the rows found are asked about in turn by the same call, such as the parents of parents.
    keep
        Which rows count; all, where it is not given.
    tagged
        Where a row has its tags: only rows with the workload's tags count.
    latest
        A date in each row: of the rows of one call only the one of the latest date counts.
    first
        How many rows of one call count.
    pages
        How many pages are read where the first ones suffice, since the newest come first.
    absent
        Codes of errors which say that what was asked for is not there: the row stays, as not
        good.
    none_is_absent
        The same for an answer without rows.
    may_be_none
        Whether an answer without rows still says that there was something to look at; else it leaves its row unknown.
    probe
        Whether it only makes sure that there is something to look at.
    """

    service: Words
    operation: Words
    parameters: dict[str, Any] = Field(default={})
    rows: Expression
    csv: Words | None = None
    follow: Expression | None = None
    keep: Expression | None = None
    tagged: Expression | None = None
    latest: Expression | None = None
    first: Annotated[int, Field(ge=1)] | None = None
    pages: Annotated[int, Field(ge=1)] | None = None
    absent: Names = ()
    none_is_absent: bool = False
    may_be_none: bool = False
    probe: bool = False

    @model_validator(mode="after")
    def _only_reads(self) -> Self:
        if not only_reads(self.operation):
            raise ValueError(f"{self.operation} may not be called")
        return self


class Recipe(Form):
    """What to ask AWS, and what has to be so.

    Attributes
    ----------
    recipe, title, proves, practice
        Its name; what is so where it is met; what that proves; the practices that it serves.
    needs
        What the item says under `using`.
    home
        Where it is asked, if not in each region of the workload: `global`, once in the region of the
        account's partition that has what belongs to no region; `any`, once in the first region;
        `with-global`, in that region as well, where nothing need be; `enabled`, in every region that is
        enabled for the account.
    account
        What is asked once for the whole account, in the global region; its rows are judged beside the others.
    over
        The rows to begin with, a list of `using` each under a name.
    begin
        The rows to begin with, written out.
    steps
        What to call, one after the other.
    columns
        What a reader is shown of a row; the first names it.
    good
        When a row is as it should be; without it, rows are only counted.
    unknown
        When a row does not tell.
    dated
        A row's date.
    subjects
        What a row says that it is about: its commit, image or environment.
    findings
        Whether each row speaks against the workload; then the item says how many may.
    mixed
        What some good and some bad rows make.
    at_least, at_most, newest_within, none_older_than
        The bound where the item does not say another.
    """

    recipe: KebabId
    title: Text
    proves: Text
    practice: Names
    needs: dict[str, Need] = Field(default={})
    home: Literal["any", "global", "with-global", "enabled"] | None = None
    account: tuple[Step, ...] = ()
    over: dict[str, str] = Field(default={}, max_length=1)
    begin: tuple[dict[str, str], ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    columns: dict[str, Expression] = Field(min_length=1)
    good: Expression | None = None
    unknown: Expression | None = None
    dated: Expression | None = None
    subjects: dict[SubjectKind, Expression] = Field(default={})
    findings: bool = False
    mixed: Literal["met", "partial", "not-met"] = "not-met"
    at_least: int | None = None
    at_most: int | None = None
    newest_within: Days | None = None
    none_older_than: Days | None = None

    @property
    def permissions(self) -> tuple[str, ...]:
        """The IAM actions that it needs."""
        asked = [(step.service, step.operation) for step in (*self.account, *self.steps)]
        asked += [ENABLED_REGIONS] if self.home == "enabled" else []
        return tuple(dict.fromkeys(action(*one) for one in asked))


class _File(Form):
    recipes: tuple[Recipe, ...]


@cache
def library() -> dict[str, Recipe]:
    """Every recipe by its name, in the order of the files."""
    from orr.source.yaml import parse

    found: dict[str, Recipe] = {}
    folder = files("orr") / "evidence" / "checks" / "aws" / "recipes"
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".yaml"):
            data = parse(entry.read_text(encoding="utf-8"), entry.name)
            for recipe in _File.model_validate(data).recipes:
                if recipe.recipe in found:
                    raise ValueError(f"two recipes are named {recipe.recipe}")
                found[recipe.recipe] = recipe
    return found
