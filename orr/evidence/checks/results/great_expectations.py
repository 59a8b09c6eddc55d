"""Great Expectations: the validation of a batch, or a checkpoint's result of several."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from orr.evidence.checks.results.model import Report, Result, Status, brief, day_of, severity_of
from orr.evidence.checks.results.shape import mapping, mappings, whole
from orr.messages import Message, say


def is_validation(data: Any) -> bool:
    """Whether it is a validation or a checkpoint's result."""
    if not isinstance(data, dict):
        return False
    if isinstance(data.get("run_results"), dict):
        return "success" in data or "checkpoint_config" in data or "run_id" in data
    return isinstance(data.get("results"), list) and "success" in data and isinstance(data.get("statistics"), dict)


def read_validation(data: Any, timezone: tzinfo) -> Report:
    """Read validations."""
    results: list[Result] = []
    trouble: list[Message] = []
    days = []
    more_passed = 0
    versions = {}
    for at, one in _validations(data):
        meta = mapping(one.get("meta"), f"{at}.meta")
        versions[brief(meta.get("great_expectations_version"))] = True
        listed = mappings(one.get("results"), f"{at}.results")
        own = [_result(part, _batch(one, meta), f"{at}.results") for part in listed]
        results += own
        days.append(_day(meta, timezone))
        passed = sum(part.status is Status.PASSED for part in own)
        totals = mapping(one.get("statistics"), f"{at}.statistics")
        more_passed += max(0, whole(totals.get("successful_expectations"), f"{at}.statistics") - passed)
        bad = whole(totals.get("unsuccessful_expectations"), f"{at}.statistics")
        every = whole(totals.get("evaluated_expectations"), f"{at}.statistics")
        good = max(whole(totals.get("successful_expectations"), f"{at}.statistics"), passed)
        unlisted = max(bad - (len(own) - passed), every - good - max(bad, len(own) - passed))
        if unlisted > 0 or (one.get("success") is not True and passed == len(own)):
            trouble.append(say("results.totals", what=f"{at}.statistics", count=max(bad, every), listed=len(own)))
    if data.get("success", True) is not True and all(one.status is Status.PASSED for one in results) and not trouble:
        trouble.append(say("results.totals", what="success", count=1, listed=0))
    tool = f"Great Expectations {next(filter(None, versions), '')}".strip()
    return Report("great-expectations", tool, tuple(results), more_passed, tuple(days), trouble=tuple(trouble))


def _validations(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if "run_results" not in data:
        yield "validation", data
        return
    for number, one in enumerate(mapping(data["run_results"], "run_results").values()):
        at = f"run_results[{number}]"
        whole_one = mapping(one, at)
        yield at, mapping(whole_one.get("validation_result"), at) or whole_one


def _result(one: dict[str, Any], batch: str, at: str) -> Result:
    config = mapping(one.get("expectation_config"), f"{at}.expectation_config")
    kwargs = mapping(config.get("kwargs"), f"{at}.kwargs")
    kind = brief(config.get("type"), config.get("expectation_type"), "?")
    column = brief(kwargs.get("column"))
    status = Status.PASSED if one.get("success") is True else Status.FAILED
    if _raised(mapping(one.get("exception_info"), f"{at}.exception_info")):
        status = Status.ERROR
    name = f"{kind}({column})" if column else kind
    return Result(name, status, severity_of(config.get("severity")), batch)


def _raised(info: dict[str, Any]) -> bool:
    # Either one record, or one for each metric that was computed.
    parts = [info, *(part for part in info.values() if isinstance(part, dict))]
    return any(part.get("raised_exception") not in (None, False) for part in parts)


def _batch(one: dict[str, Any], meta: dict[str, Any]) -> str:
    ids = mapping(meta.get("active_batch_definition"), "meta.active_batch_definition")
    return brief(ids.get("data_asset_name"), meta.get("data_asset_name"), one.get("suite_name"))


def _day(meta: dict[str, Any], timezone: tzinfo) -> Any:
    run = meta.get("run_id")
    began = run.get("run_time") if isinstance(run, dict) else None
    return day_of(meta.get("validation_time"), timezone) or day_of(began, timezone)
