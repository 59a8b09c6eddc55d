import importlib.util
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.messages.cleaning import clean
from orr.source.faults import FaultyInput, Place
from orr.source.table import neutral, plain, read_cells, write_csv

CELLS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], include_characters='",;\n\r'), max_size=12)


def same_signs(text):
    return normalize("NFKC", text)


def texts(raw):
    return [[cell.text for cell in row] for row in read_cells(raw, "a.csv")]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=4))
def test_what_csv_writes_is_read_as_it_was(rows):
    written = write_csv(["head,er", "b"], rows)

    cleaned = [["head,er", "b"], *([clean(cell) for cell in row] for row in rows)]
    kept = [row for row in cleaned if any(cell.strip() for cell in row)]
    assert [list(map(same_signs, row)) for row in texts(written.encode())] == [
        list(map(same_signs, row)) for row in kept
    ]


@given(st.text(max_size=20))
def test_a_neutral_text_is_no_formula_and_can_be_taken_back(text):
    safe = neutral(text)

    assert same_signs(plain(safe)) == same_signs(clean(text))
    assert not safe.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\n=1", " =1", "'=1", "−1"])
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize(
    "before", ["", " ", "'", "\u3000", "\ufeff", "\u200b", "\u00ad", "\u2060", "\u3164", "\ufe0f\u200e"]
)
@pytest.mark.parametrize("sign", "＝＋－＠﹦﹢﹣﹫⁼⁺₌₊=+-@")
def test_a_sign_of_another_form_or_behind_what_is_not_seen_is_that_of_a_formula(before, sign):
    assert neutral(f"{before}{sign}1") == f"'{before}{normalize('NFKC', sign)}1"


@pytest.mark.parametrize("text", ["", "a=1", "'a", "1-2", "上线"])
def test_other_texts_stay_as_they_are(text):
    assert neutral(text) == text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(b"\xef\xbb\xbfa,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]], id="byte-order mark and CRLF"),
        pytest.param(b"a;b\n1;2,5", [["a", "b"], ["1", "2,5"]], id="semicolons"),
        pytest.param(b"a\tb\n1\t2", [["a", "b"], ["1", "2"]], id="tabs"),
        pytest.param(b"a,b\r1,2", [["a", "b"], ["1", "2"]], id="carriage returns alone"),
        pytest.param(b'a,b\n"x ""y"", z",2', [["a", "b"], ['x "y", z', "2"]], id="quotes within quotes"),
        pytest.param(b"a,b\n\n,\n1,2\n", [["a", "b"], ["1", "2"]], id="empty rows"),
        pytest.param(b"a\n=HYPERLINK(1)", [["a"], ["=HYPERLINK(1)"]], id="a formula is text"),
    ],
)
def test_every_dialect_of_csv_is_read(raw, expected):
    assert texts(raw) == expected


def test_a_cell_knows_its_line_and_column_after_a_cell_of_two_lines():
    rows = read_cells(b'a,b\n"one\ntwo",x\ny,z', "a.csv")

    assert [cell.place for cell in rows[1]] == [Place(2, 1), Place(3, 6)]
    assert [cell.place for cell in rows[2]] == [Place(4, 1), Place(4, 3)]


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        pytest.param(b'a\n"open', "exchange.table.quote", id="an open quote"),
        pytest.param("a\n上线".encode("gbk"), "file.yaml.not-utf8", id="not UTF-8"),
        pytest.param(b"," * 200_001, "exchange.table.too-large", id="too many cells", marks=pytest.mark.slow),
    ],
)
def test_what_cannot_be_read_is_a_fault(raw, key):
    with pytest.raises(FaultyInput) as caught:
        read_cells(raw, "a.csv")

    assert [fault.wrong.key for fault in caught.value.faults] == [key]


def test_a_damaged_excel_file_or_one_that_nothing_here_reads_is_a_fault():
    with pytest.raises(FaultyInput) as caught:
        read_cells(b"PK\x03\x04 and no archive", "a.xlsx")

    expected = "excel" if importlib.util.find_spec("openpyxl") else "no-excel"
    assert [fault.wrong.key for fault in caught.value.faults] == [f"exchange.table.{expected}"]
