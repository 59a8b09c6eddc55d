"""The IAM policy that the checks in use need, and no more."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from orr.evidence.checks.aws.reads import action
from orr.evidence.checks.aws.recipes import library
from orr.evidence.checks.aws.session import ROLE
from orr.model.checklist import CheckSpec


def policy(specs: Iterable[CheckSpec]) -> dict[str, Any]:
    """Write the policy for the checks of the kind `aws` among some checks.

    Returns
    -------
    dict
        A policy document as IAM takes it. Nothing in it allows a change.
    """
    actions: set[str] = set()
    roles: set[str] = set()
    for spec in specs:
        if spec.check != "aws":
            continue
        given = spec.parameters
        recipe = library().get(str(given.get("recipe")))
        if recipe is not None:
            actions.update(recipe.permissions)
        elif given.get("service") and given.get("operation"):
            actions.add(action(str(given["service"]), str(given["operation"])))
        role = given.get("role") or os.environ.get(ROLE)
        if role:
            roles.add(str(role))
    statements: list[dict[str, Any]] = []
    if actions:
        statements.append({"Sid": "OrrReads", "Effect": "Allow", "Action": sorted(actions), "Resource": "*"})
    if roles:
        arns = [f"arn:*:iam::*:role/{role}" for role in sorted(roles)]
        statements.append({"Sid": "OrrAssumes", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arns})
    return {"Version": "2012-10-17", "Statement": statements}
