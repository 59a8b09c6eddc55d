import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.formats.lens.resources import Resource, join, split

URLS = st.sampled_from(["https://example.com/a", "https://example.com/b?c=d#e", "two, https://example.com/x y"])
LINES = st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="<>"), min_size=1, max_size=30)
TEXTS = st.lists(LINES.map(str.strip).filter(lambda line: line and not line.startswith("-")), min_size=1, max_size=3)
LINKED = st.builds(Resource, TEXTS.map("\n".join), URLS)


@given(st.builds(Resource, TEXTS.map("\n\n".join), st.just("") | URLS), st.lists(LINKED, max_size=3))
def test_resources_with_links_come_back_as_they_went(main, more):
    assert split(join(main, more)) == (main, tuple(more))


@given(st.text(max_size=80))
def test_a_text_that_is_split_joins_to_itself(text):
    assert (join(*split(text)) or "") == (text if text.strip() else "")


@pytest.mark.parametrize(
    ("main", "more", "text"),
    [
        pytest.param(Resource("Do it."), [], "Do it.", id="a text"),
        pytest.param(Resource("Do it.", "https://a.b"), [], "Do it.\n<https://a.b>", id="a text and its link"),
        pytest.param(Resource("", "https://a.b"), [], "<https://a.b>", id="a link"),
        pytest.param(
            Resource("Do it."), [Resource("One", "https://a.b")], "Do it.\n\n- One <https://a.b>", id="another one"
        ),
        pytest.param(Resource(), [Resource("One", "https://a.b")], "- One <https://a.b>", id="only another one"),
        pytest.param(Resource(), [], None, id="nothing"),
        pytest.param(Resource(), [Resource()], None, id="only an empty one"),
    ],
)
def test_the_text_reads_as_a_person_would_write_it(main, more, text):
    assert join(main, more) == text
