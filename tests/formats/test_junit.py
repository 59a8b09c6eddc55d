"""JUnit XML, held to the rules of the schema by which Jenkins reads it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from support.outcomes import fleet

from orr.formats.junit import junit
from orr.messages import LANGUAGES

RULES = {
    "testsuites": ((), ("name", "time", "tests", "failures", "errors"), ("testsuite",)),
    "testsuite": (("name", "tests"), ("failures", "errors", "skipped", "time"), ("properties", "testcase")),
    "properties": ((), (), ("property",)),
    "property": (("name", "value"), (), ()),
    "testcase": (("name", "classname"), ("time",), ("skipped", "error", "failure")),
    "skipped": ((), ("type", "message"), ()),
    "error": ((), ("type", "message"), ()),
    "failure": ((), ("type", "message"), ()),
}
"""By element, its mandatory attributes, the others that it may have, and the elements within it."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_elements_attributes_and_counts_are_those_of_the_schema(language: str) -> None:
    root = ET.fromstring(junit(fleet(), language).encode())
    assert root.tag == "testsuites"
    for element in root.iter():
        mandatory, others, within = RULES[element.tag]
        assert set(mandatory) <= set(element.attrib) <= {*mandatory, *others}
        assert {child.tag for child in element} <= set(within)
        assert not within or not (element.text or "").strip()
    for suite in root:
        assert len(suite.findall("properties")) <= 1
        cases = suite.findall("testcase")
        assert all(len(case) <= 1 for case in cases)
        counted = [suite.get(name) for name in ("tests", "failures", "errors", "skipped")]
        found = [len(cases), *(len(suite.findall(f"testcase/{tag}")) for tag in ("failure", "error", "skipped"))]
        assert counted == list(map(str, found))
    assert len({suite.get("name") for suite in root}) == len(root)
