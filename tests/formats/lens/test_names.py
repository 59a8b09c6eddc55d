import pytest

from orr.formats.lens.names import FRAMEWORK_PILLARS, kebab, pillar_id, renamed, shortened, unique


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("costOptimization", "cost-optimization"),
        ("SaaS Business Lens", "saas-business-lens"),
        ("OpenSearch", "opensearch"),
        ("AWS Lens - v2.0 (draft)", "aws-lens-v2-0-draft"),
        ("release_quality", "release-quality"),
        ("上线检查", ""),
    ],
)
def test_a_name_in_kebab_case(text, name):
    assert kebab(text) == name


@pytest.mark.parametrize("pillar", FRAMEWORK_PILLARS)
def test_the_pillars_of_the_framework_keep_their_ids(pillar):
    assert pillar_id(kebab(pillar)) == pillar


@pytest.mark.parametrize(
    ("name", "limit", "short"),
    [("one-two", 7, "one-two"), ("one-two", 6, "one"), ("one-two", 3, "one"), ("one", 2, "on")],
)
def test_a_long_name_is_cut_at_a_word(name, limit, short):
    assert shortened(name, limit) == short


def test_a_name_that_is_taken_is_numbered():
    assert unique("a", ["a", "a-2"]) == "a-3"


def test_renaming_leaves_longer_names_and_the_rest_of_a_condition_alone():
    assert renamed("a && !(a_b||a)", {"a": "q.a"}) == "q.a && !(a_b||q.a)"
