"""Open AWS sessions for the account and regions of a workload."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

from orr.evidence.checks.aws.causes import cause_of
from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.messages import say

ROLE = "ORR_AWS_ROLE"
_ROLE_NAME = re.compile(r"[\w+=,.@/-]{1,512}", re.ASCII)
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}", re.ASCII)
_making = threading.Lock()


@dataclass(frozen=True)
class Asker:
    """One identity in one account.

    Attributes
    ----------
    context
        What the check was given; clients and answers are kept in it for the run.
    role
        The name of the role that is assumed, or None for the credentials as they are.
    wanted
        The account that the workload names, or None.
    regions
        The regions to ask.
    """

    context: Context
    role: str | None
    wanted: str | None
    regions: tuple[str, ...]

    def client(self, service: str, region: str) -> Any:
        """A client, made once in a run."""
        return self.context.cached(
            client_key(service, region, self.role, self.wanted), lambda: self._make(service, region)
        )

    def account(self) -> str:
        """The account that answers.

        Raises
        ------
        Undetermined
            If there are no credentials, or they belong to another account than the workload's.
        """
        return self.context.cached(("aws", "account", self.role, self.wanted), self._account)

    def partition(self) -> str:
        """The part of AWS that the regions are of: `aws`, `aws-cn` and so on.

        Raises
        ------
        Undetermined
            If this version of boto3 knows none with such a region.
        """
        try:
            with _making:
                return str(_boto_session().get_partition_for_region(self.regions[0]))
        except Exception as error:
            raise Undetermined(say("aws.no-such-region", regions=[self.regions[0]])) from error

    def global_region(self) -> str:
        """Region in which global services of the partition are called, as botocore knows it."""
        partition = self.partition()
        with _making:
            known = _loader().load_data("partitions")["partitions"]
        return str(next(one["outputs"]["implicitGlobalRegion"] for one in known if one["id"] == partition))

    def _account(self) -> str:
        try:
            account = str(self.client("sts", self.regions[0]).get_caller_identity()["Account"])
        except Exception as error:
            raise Undetermined(cause_of(error, "sts", "GetCallerIdentity")) from error
        if self.wanted is not None and account != self.wanted:
            raise Undetermined(say("aws.other-account", account=account, wanted=self.wanted, variable=ROLE))
        return account

    def _make(self, service: str, region: str) -> Any:
        from botocore.config import Config

        # Throttling is waited out at the pace that the service allows.
        retries: dict[str, Any] = {"mode": "adaptive"}
        if "AWS_MAX_ATTEMPTS" not in os.environ:
            retries["total_max_attempts"] = 8
        config = Config(retries=retries, connect_timeout=5, read_timeout=30, user_agent_extra="orr")
        try:
            session = self.context.cached(("aws", "session", self.role, self.wanted), self._session)
            with _making:  # sessions are not made for several threads; clients are
                return session.client(service, region_name=region, config=config)
        except Undetermined:
            raise
        except Exception as error:
            raise Undetermined(cause_of(error, service, "")) from error

    def _session(self) -> Any:
        import boto3

        with _making:
            session = _boto_session()
        if self.role is None or self.wanted is None:
            return session
        arn = f"arn:{self.partition()}:iam::{self.wanted}:role/{self.role}"
        with _making:
            sts = session.client("sts", region_name=self.regions[0])
        try:
            given = sts.assume_role(RoleArn=arn, RoleSessionName="orr", DurationSeconds=900)["Credentials"]
        except Exception as error:
            raise Undetermined(cause_of(error, "sts", "AssumeRole")) from error
        with _making:
            return boto3.Session(
                botocore_session=_core_session(),
                aws_access_key_id=given["AccessKeyId"],
                aws_secret_access_key=given["SecretAccessKey"],
                aws_session_token=given["SessionToken"],
            )


@cache
def _loader() -> Any:
    # The services' models take long to read; those of one workload serve the next as well.
    from botocore.loaders import create_loader

    return create_loader()


def _core_session() -> Any:
    import botocore.session

    session = botocore.session.Session()
    session.register_component("data_loader", _loader())
    return session


def _boto_session() -> Any:
    import boto3

    return boto3.Session(botocore_session=_core_session())


def client_key(
    service: str, region: str, role: str | None = None, account: str | None = None
) -> tuple[str | None, ...]:
    """The key under which `Context.once` keeps a client."""
    return ("aws", "client", service, region, role, account)


def askers(context: Context, regions: Sequence[str] | None, role: str | None) -> tuple[Asker, ...]:
    """Sessions to query: one per account named, or the default account.

    The regions are those that the item names, else the workload's, else that of the
    environment. The role is the item's, else that of the environment variable `ORR_AWS_ROLE`;
    it has the same name in every account.

    Raises
    ------
    Undetermined
        If boto3 is missing, or there is no region.
    """
    if find_spec("boto3") is None or find_spec("jmespath") is None:
        raise Undetermined(say("aws.no-boto3"))
    in_aws = context.workload.aws
    chosen = tuple(dict.fromkeys(regions or (in_aws.regions if in_aws else ())))
    if not chosen:
        try:
            with _making:
                own = _boto_session().region_name
        except Exception as error:
            raise Undetermined(cause_of(error, "sts", "")) from error
        chosen = (own,) if own else ()
    if not chosen:
        raise Undetermined(say("aws.no-region"))
    wrong = [region for region in chosen if not _REGION.fullmatch(region)]
    if wrong:
        raise Undetermined(say("aws.no-such-region", regions=wrong))
    name = role or os.environ.get(ROLE) or None
    if name is not None and not _ROLE_NAME.fullmatch(name):
        raise Undetermined(say("aws.no-such-role", role=name))
    named = (in_aws.account, *in_aws.accounts) if in_aws else ()
    accounts = tuple(dict.fromkeys(one for one in named if one is not None))
    return tuple(Asker(context, name, account, chosen) for account in accounts or (None,))
