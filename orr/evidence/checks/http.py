"""The check `http`: response, latency and certificate of an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Literal

from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.parameters import Count, Expects, Texts
from orr.evidence.kinds.traits import Refusal, check
from orr.evidence.live.bounds import BOUNDS, Bound, Judged, Number, Plain, bound_faults, finding_of
from orr.evidence.live.client import BadCertificate, Reply, fetch
from orr.evidence.live.credentials import Tokens
from orr.evidence.live.query import expression_fault, search
from orr.evidence.live.request import (
    NO_PERMISSION,
    SECONDS,
    Address,
    Headers,
    Seconds,
    address_and_secrets,
    data_of,
    has_more,
    refuse_status,
    request_of,
)
from orr.evidence.live.templates import Filling
from orr.messages import say
from orr.model.fields import Days, Within
from orr.model.finding import Finding, Outcome
from orr.source.dates import day_in

Status = Annotated[int, Within(ge=200, le=599), Expects(say("act.expects.status"))]
Redirects = Annotated[int, Within(ge=0, le=10), Expects(say("act.expects.redirects"))]


def value_faults(given: Mapping[str, Any], key: str = "value") -> Iterator[Refusal]:
    """What is wrong with an expression and its bounds."""
    expression = given.get(key)
    if expression is None:
        for name in BOUNDS:
            if given.get(name) not in (None, False):
                yield name, say("act.bound.no-value", key=name), say("act.bound.no-value.do", key=name)
    else:
        wrong = expression_fault(expression)
        if wrong is not None:
            yield key, wrong, say("act.value.expression.do")
    yield from bound_faults(given)


def _verify(given: Mapping[str, Any]) -> Iterator[Refusal]:
    yield from value_faults(given)
    yield from address_and_secrets(given["url"], given.get("headers"), "url")
    if given.get("body") is not None and given.get("method") != "POST":
        yield "body", say("act.http.body"), say("act.http.body.do")
    if given.get("method") == "HEAD" and (given.get("value") or given.get("contains")):
        yield "method", say("act.http.head"), say("act.http.head.do")
    if given.get("certificate_days") is not None and not given["url"].startswith("https:"):
        yield "certificate_days", say("act.http.no-certificate"), say("act.http.no-certificate.do")


@check(acts=True, seconds=120, at_once=4, verify=_verify)
def http(
    context: Context,
    url: Address,
    method: Literal["GET", "HEAD", "POST"] = "GET",
    headers: Headers | None = None,
    body: Annotated[dict[str, Any] | list[Any], Expects(say("act.expects.body"))] | None = None,
    status: Status | list[Status] | None = None,
    contains: str | None = None,
    value: str | None = None,
    equals: Plain | None = None,
    at_least: Number | None = None,
    at_most: Number | None = None,
    all_in: list[Plain] | None = None,
    none: bool = False,
    younger_than: Days | None = None,
    within_seconds: Number | None = None,
    certificate_days: Count | None = None,
    redirects: Redirects = 3,
    redirect_hosts: Texts | None = None,
    timeout: Seconds = SECONDS,
) -> Finding:
    """Ask an address: its status, a value in its JSON, its time, its certificate."""
    tokens = Tokens()
    bound = Bound(equals, at_least, at_most, all_in, none, younger_than)
    wanted = [status] if isinstance(status, int) else status or []
    with tokens.guarded():
        request = request_of(Filling(context.workload), tokens, url, method=method, headers=headers, body=body)
        request = replace(
            request,
            redirects=redirects,
            redirect_hosts=frozenset(host.lower() for host in redirect_hosts or ()),
            final=frozenset(wanted),
        )
        try:
            reply = fetch(request, timeout)
        except BadCertificate as bad:
            if certificate_days is None or not bad.expired:
                raise
            return Finding("", Outcome.NOT_MET, bad.why)
        judged = [_status(reply, wanted, for_value=value is not None or contains is not None)]
        if judged[0].outcome is Outcome.MET:
            if contains is not None:
                judged.append(_contains(reply, contains))
            if value is not None:
                data = data_of(reply, tokens)
                judged.append(bound.judge(search(value, data, reply.place), context.today, context.timezone))
                if bound.needs_all and has_more(reply):
                    raise Undetermined(say("act.web.more-pages", place=reply.place))
        # What it answers is one thing that is asked, how it does so another.
        answer = bool(wanted) or contains is not None or value is not None
        short = Outcome.PARTIAL if answer else Outcome.NOT_MET
        if within_seconds is not None:
            judged.append(_within(reply, within_seconds, short))
        if certificate_days is not None:
            judged.append(_certificate(context, reply, certificate_days, short))
    return tokens.hidden_finding(finding_of(reply.place, judged))


def _status(reply: Reply, wanted: list[int], for_value: bool) -> Judged:
    if reply.status in wanted or (not wanted and 200 <= reply.status < 300):
        return Judged(Outcome.MET, say("act.http.status", status=reply.status))
    if for_value or reply.status in (*NO_PERMISSION, 429):
        refuse_status(reply)
    expected: object = wanted or "2xx"
    return Judged(Outcome.NOT_MET, say("act.http.other-status", status=reply.status, wanted=expected))


def _contains(reply: Reply, text: str) -> Judged:
    found = text.encode() in reply.body
    key = "act.http.contains" if found else "act.http.lacks"
    return Judged(Outcome.MET if found else Outcome.NOT_MET, say(key, text=text))


def _within(reply: Reply, seconds: float, short: Outcome) -> Judged:
    good = reply.seconds <= seconds
    key = "act.http.in-time" if good else "act.http.slow"
    says = say(key, seconds=f"{reply.seconds:.2f}", limit=seconds)
    return Judged(Outcome.MET if good else short, says)


def _certificate(context: Context, reply: Reply, days: int, short: Outcome) -> Judged:
    ends = reply.certificate_ends
    if ends is None:
        raise Undetermined(say("act.http.no-certificate"))
    last = day_in(ends, context.timezone)  # one without an end ends with the year 9999
    left = (last - context.today).days
    good = left >= days
    says = say("act.http.certificate" if good else "act.http.certificate-short", n=left, day=last, limit=days)
    return Judged(Outcome.MET if good else short, says, last - timedelta(days=days))
