"""The same fleet, one of its workloads broken, in every format that it is exported in."""

from __future__ import annotations

import pytest
from support.outcomes import BROKEN, TODAY, fleet

from orr.formats.junit import junit
from orr.formats.markdown import comment
from orr.formats.outputs import OUTPUTS
from orr.formats.record import outcome_json
from orr.formats.unread import readable
from orr.messages import LANGUAGES
from orr.messages.cleaning import clean, json_text

WRITERS = {name: output.write for name, output in OUTPUTS.items() if output.holds_unread} | {
    "check --format json": lambda outcomes, _, language: json_text([outcome_json(one, language) for one in outcomes]),
    "check --format junit": lambda outcomes, _, language: junit(outcomes, language),
    "check --format markdown": lambda outcomes, _, language: comment(outcomes, language),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WRITERS)
def test_a_workload_that_could_not_be_read_is_an_error_in_every_output(name: str, language: str) -> None:
    outcomes = fleet()
    whole = WRITERS[name](iter(outcomes), TODAY, language)
    rest = WRITERS[name](readable(outcomes), TODAY, language)
    assert BROKEN.workload in whole
    assert BROKEN.workload not in rest
    for other in ("shop", "till"):
        assert other in whole
    assert whole.replace("\r\n", "\n") == clean(whole)
