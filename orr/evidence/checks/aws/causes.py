"""Explain why AWS did not answer, and the remedy."""

from __future__ import annotations

from orr.evidence.checks.aws.reads import action
from orr.messages import Message, say

_FORBIDDEN = {
    "accessdenied", "accessdeniedexception", "unauthorizedoperation", "authorizationerror",
    "authorizationerrorexception", "unauthorizedexception", "unauthorizedaccess", "forbidden", "403",
    "notauthorized", "operationnotpermittedexception", "accountsnotfoundexception",
}  # fmt: skip
_IDENTITY = {
    "expiredtoken", "expiredtokenexception", "invalidclienttokenid", "unrecognizedclientexception",
    "signaturedoesnotmatch", "authfailure", "invalidsignatureexception", "requestexpired", "missingauthenticationtoken",
}  # fmt: skip
_THROTTLED = (
    "throttl",
    "toomanyrequests",
    "requestlimitexceeded",
    "slowdown",
    "bandwidthlimit",
    "limitexceededexception",
)
_NO_REPORT = {"reportnotpresent", "reportexpired", "reportinprogress"}
_NO_PLAN = {"subscriptionrequiredexception", "subscriptionrequired"}
_NOT_IN_USE = {"invalidaccessexception", "optinrequired", "awsorganizationsnotinuseexception", "notsignedup"}

_NO_CREDENTIALS = {
    "NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound", "SSOTokenLoadError",
    "UnauthorizedSSOTokenError", "TokenRetrievalError", "NoAuthTokenError",
}  # fmt: skip
_NO_ANSWER = {
    "EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError", "SSLError",
    "ProxyConnectionError", "HTTPClientError",
}  # fmt: skip


def code_of(error: BaseException) -> str:
    """The code of an error that AWS answered with; empty for any other."""
    answer = getattr(error, "response", None)
    code = answer.get("Error", {}).get("Code", "") if isinstance(answer, dict) else ""
    return str(code).rpartition("#")[2]


def cause_of(error: BaseException, service: str, operation: str) -> Message:
    """Put an error of botocore into words."""
    code = code_of(error)
    plain = code.lower()
    call = f"{service} {operation}".strip()
    says = str(getattr(error, "response", {}).get("Error", {}).get("Message", "")) or str(error)
    if plain in _NO_PLAN:
        return say("aws.no-plan", call=call)
    if plain in _NO_REPORT:
        return say("aws.no-report", call=call, code=code)
    if plain in _FORBIDDEN:
        return say("aws.forbidden", call=call, permission=action(service, operation), says=says)
    if plain in _IDENTITY:
        return say("aws.identity", call=call, code=code)
    if plain in _NOT_IN_USE:
        return say("aws.not-in-use", call=call, says=says)
    if any(word in plain for word in _THROTTLED):
        return say("aws.throttled", call=call, code=code)
    if code:
        return say("aws.refused", call=call, code=code, says=says)
    kind = type(error).__name__
    if kind in _NO_CREDENTIALS:
        return say("aws.no-credentials", says=says)
    if kind in _NO_ANSWER:
        return say("aws.no-answer", call=call, says=says)
    if kind in ("UnknownServiceError", "DataNotFoundError"):
        return say("aws.unknown-service", service=service)
    return say("aws.failed", call=call, error=kind, says=says)
