"""The style of reports: nothing else on a page is met by it, and each part of a notebook brings it."""

from __future__ import annotations

import re

import pytest
from support.report_sample import assessment

from orr.report.report import Report
from orr.report.styles import fleet_style, style, weighty


@pytest.mark.parametrize(("sheet", "bound"), [(style, ".orr"), (fleet_style, ".fleet")], ids=["reports", "fleet"])
def test_every_rule_is_bound_to_markup_of_ours(sheet, bound: str) -> None:
    text = re.sub(r"/\*.*?\*/|@(?:media|supports)[^{]*\{|@page[^}]*\}", "", sheet(), flags=re.DOTALL)
    selectors = [head.strip() for head in re.findall(r"([^{}]+)\{[^}]*\}", text)]
    assert len(selectors) > 20
    for selector in selectors:
        whole = re.sub(r"\((?:[^()]|\([^()]*\))*\)", lambda inner: inner[0].replace(",", " "), selector)
        assert all(bound in one or ".orr-page" in one for one in whole.split(",")), selector


def test_each_part_brings_the_whole_style_so_that_it_can_stand_alone() -> None:
    for part in Report(assessment("go"), "en").parts():
        assert part._repr_html_().startswith(f"<style>{weighty()}</style><div")


def test_the_style_of_a_part_outweighs_that_of_the_notebook_it_stands_in() -> None:
    assert ".orr.orr.orr p," in weighty()
    assert weighty(".fleet a{top:0}").endswith(".orr.orr.orr .fleet a{top:0}")
