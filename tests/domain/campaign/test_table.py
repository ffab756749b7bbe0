"""The table of a campaign, read as spreadsheets save it."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pectui.domain.campaign.problem import Problem
from pectui.domain.campaign.table import Row, Table, read_table

TEXT = 'recipient;città\r\na@pec.example;Forlì\r\n"b@pec.example";"Cefalù, ""mare"""\r\n'
ROWS = (Row(2, ("a@pec.example", "Forlì")), Row(3, ("b@pec.example", 'Cefalù, "mare"')))


def problems(table: Table) -> list[tuple[int, str]]:
    return [(one.line, one.problem) for one in table.problems]


class TestEncoding:
    """Whatever a spreadsheet writes is recognised, and nothing is guessed where the bytes speak for none."""

    @pytest.mark.parametrize(
        ("codec", "name"),
        [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with BOM"), ("utf-16", "UTF-16"), ("cp1252", "cp1252")],
    )
    def test_is_recognised(self, codec: str, name: str) -> None:
        table = read_table(TEXT.encode(codec))
        assert (table.encoding, table.columns, table.rows) == (name, ("recipient", "città"), ROWS)
        assert not table.problems

    def test_utf_16_of_the_other_order(self) -> None:
        assert read_table(b"\xfe\xff" + TEXT.encode("utf-16-be")).rows == ROWS

    def test_one_broken_letter_makes_no_cp1252_of_utf_8(self) -> None:
        table = read_table(TEXT.encode() + b"c@pec.example;L'Aquil\xe0\r\n")
        assert problems(table) == [(4, "the file is UTF-8, but not here: save the file as CSV UTF-8")]
        assert not table.rows

    def test_bytes_that_are_no_text(self) -> None:
        table = read_table(b"recipient;n\r\na@pec.example;\x81\r\n")
        assert problems(table) == [(2, "these bytes are no text in cp1252: save the file as CSV UTF-8")]

    def test_half_a_character_of_utf_16(self) -> None:
        table = read_table(TEXT.encode("utf-16")[:-1])
        assert problems(table) == [(3, "these bytes are no text in UTF-16: save the file as CSV UTF-8")]

    @pytest.mark.parametrize("data", [b"recipient;n\na@pec.example;\x00\n", TEXT.encode("utf-16-le")])
    def test_nul(self, data: bytes) -> None:
        (problem,) = read_table(data).problems
        assert problem.problem == "there is a NUL character: save the file as CSV UTF-8"


class TestDelimiter:
    """It is what sets the column `recipient` apart in the first line."""

    @pytest.mark.parametrize(("sign", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
    def test_is_recognised(self, sign: str, name: str) -> None:
        others = "".join({",", ";", "\t"} - {sign})
        table = read_table(f'"a{others}b"{sign}Recipient{sign}c\nx{sign}y@pec.example{sign}z\n'.encode())
        assert (table.delimiter, table.columns) == (name, (f"a{others}b".strip(), "Recipient", "c"))
        assert table.rows == (Row(2, ("x", "y@pec.example", "z")),)

    def test_quotes_hide_what_stands_in_them(self) -> None:
        table = read_table(b'recipient;"a,b,c,d,e"\nx@pec.example;1\n')
        assert (table.delimiter, table.columns) == ("semicolon", ("recipient", "a,b,c,d,e"))

    def test_a_single_column_needs_none(self) -> None:
        table = read_table(b"recipient\nx@pec.example\n")
        assert (table.columns, table.rows) == (("recipient",), (Row(2, ("x@pec.example",)),))

    def test_excel_says_it_in_the_first_line(self) -> None:
        table = read_table(b"sep=;\r\nrecipient;a\r\nx@pec.example;1\r\n")
        assert (table.columns, table.rows) == (("recipient", "a"), (Row(3, ("x@pec.example", "1")),))
        assert not table.problems


class TestColumns:
    """The first line with anything in it names them."""

    def test_names_are_trimmed_and_found_without_case(self) -> None:
        table = read_table(b" RECIPIENT ; Attachments;Nome \nx@pec.example;;y\n")
        assert table.columns == ("RECIPIENT", "Attachments", "Nome")
        assert [table.place(name) for name in ("recipient", "attachments", "NOME", "none")] == [0, 1, 2, None]

    def test_accents_that_stand_apart(self) -> None:
        assert read_table("recipient;citta\u0300\n".encode()).place("città") == 1

    def test_blank_lines_before_them(self) -> None:
        table = read_table(b"\n;;\nrecipient;a\nx@pec.example;1\n")
        assert (table.header_line, table.rows) == (3, (Row(4, ("x@pec.example", "1")),))

    def test_two_of_one_name(self) -> None:
        (problem,) = read_table(b"recipient,Nome,nome\n").problems
        assert problem == Problem(1, "nome", "there are two columns of this name: Nome, nome")

    def test_without_recipient(self) -> None:
        (problem,) = read_table(b"recipent;a\nx@pec.example;1\n").problems
        assert problem.problem == "there is no column named recipient; did you mean recipent?"

    @pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b";;\n"])
    def test_an_empty_file(self, data: bytes) -> None:
        assert problems(read_table(data)) == [(1, "the file holds no column names")]

    def test_a_quote_that_is_never_closed(self) -> None:
        assert problems(read_table(b'"recipient;a\nb;c\n')) == [(1, "the line of column names can't be read")]

    def test_one_without_a_name_must_be_empty(self) -> None:
        table = read_table(b"recipient;a;\nx@pec.example;1;\ny@pec.example;2;3\n")
        assert problems(table) == [(3, "column 3 has no name, and a cell here")]


class TestRows:
    """Each with the line where it begins."""

    def test_newlines_in_cells(self) -> None:
        table = read_table(b'recipient;a\r\nx@pec.example;"1\r\n2\r\n3"\r\ny@pec.example;4\r\n')
        assert table.rows == (Row(2, ("x@pec.example", "1\r\n2\r\n3")), Row(5, ("y@pec.example", "4")))

    def test_old_line_ends(self) -> None:
        assert read_table(b"recipient;a\rx@pec.example;1\r").rows == (Row(2, ("x@pec.example", "1")),)

    def test_blank_ones_are_none(self) -> None:
        table = read_table(b"recipient;a\nx@pec.example;1\n\n ; \ny@pec.example;2\n;\n\n\n")
        assert [row.line for row in table.rows] == [2, 5]
        assert not table.problems

    def test_too_few_and_too_many_cells(self) -> None:
        table = read_table(b"recipient;a\nx@pec.example\ny@pec.example;1;2\nz@pec.example;3\n")
        assert problems(table) == [
            (2, "too few cells: 1, and there are 2 columns"),
            (3, "too many cells: 3, and there are 2 columns"),
        ]
        assert [row.line for row in table.rows] == [4]

    def test_a_quote_that_is_never_closed(self) -> None:
        table = read_table(b'recipient;a\nx@pec.example;1\ny@pec.example;"2\nz@pec.example;3\n')
        assert problems(table) == [(3, "a quote is opened here and never closed")]

    def test_a_huge_cell(self) -> None:
        table = read_table(b"recipient;a\nx@pec.example;1\ny@pec.example;" + b"2" * 140_000 + b"\n")
        (problem,) = problems(table)
        assert problem == (3, "a cell has more than 131,072 characters: is its quote never closed?")

    def test_text_behind_a_closing_quote(self) -> None:
        table = read_table(b'recipient;a\nx@pec.example;"1" 2\ny@pec.example;3\n')
        assert problems(table) == [
            (2, 'there is text behind a closing quote: a quote inside of quotes is written as ""')
        ]
        assert [row.line for row in table.rows] == [3]

    @settings(max_examples=40, deadline=None)
    @given(
        cells=st.lists(
            st.lists(
                st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
                min_size=2,
                max_size=2,
            ),
            max_size=5,
        ),
        sign=st.sampled_from(",;\t"),
        codec=st.sampled_from(["utf-8-sig", "utf-16"]),
    )
    def test_what_a_spreadsheet_saves_is_read(self, cells: list[list[str]], sign: str, codec: str) -> None:
        file = io.StringIO(newline="")
        csv.writer(file, delimiter=sign).writerows([["recipient", "a"], *cells])
        table = read_table(file.getvalue().encode(codec))
        expected = [tuple(cell.strip() for cell in row) for row in cells]
        assert [row.cells for row in table.rows] == [row for row in expected if any(row)]
        assert not table.problems

    @settings(max_examples=40, deadline=None)
    @given(st.binary(max_size=60))
    def test_no_bytes_break_it(self, data: bytes) -> None:
        for start in (b"", b"recipient;a\n", b"\xff\xfe", b"\xef\xbb\xbfrecipient,a\n"):
            table = read_table(start + data)
            lines = (start + data).count(b"\n") + (start + data).count(b"\r") + 1
            assert all(1 <= row.line <= lines for row in table.rows)
            assert all(1 <= one.line <= lines for one in table.problems)
