"""Every row of a campaign, checked before the first one goes out."""

from __future__ import annotations

import pytest

from pectui.domain.campaign.finished import FinishedMessage, finished, samples
from pectui.domain.campaign.letter import Letter
from pectui.domain.campaign.problem import Problem
from pectui.domain.campaign.rows import AttachedFile, CheckedCampaign, check_campaign
from pectui.domain.campaign.table import read_table
from pectui.domain.outgoing import LARGEST_MESSAGE

FILES = {"a.pdf": AttachedFile("a.pdf", 10), "big.pdf": AttachedFile("big.pdf", LARGEST_MESSAGE - 5)}


def checked(
    table: str,
    subject: str = "Avviso",
    body: str = "Testo",
    *,
    is_html: bool = False,
    allow_empty: bool = False,
) -> CheckedCampaign:
    return check_campaign(
        read_table(table.encode()),
        Letter(subject, body, is_html, allow_empty),
        lambda path: FILES.get(path, f"{path}: No such file"),
    )


def problems(campaign: CheckedCampaign) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.problem) for one in campaign.problems]


def messages(campaign: CheckedCampaign) -> list[FinishedMessage]:
    assert not campaign.problems
    return [finished(campaign, row) for row in campaign.rows]


class TestPlaceholders:
    """`$name`, `${name}` and `$$`, as Python's `string.Template` has them."""

    def test_are_filled_from_the_row(self) -> None:
        table = "recipient;Nome;Codice fiscale\nx@pec.example;Rossi;RSS\ny@pec.example;Verdi;VRD\n"
        campaign = checked(
            table, "Avviso $nome", "Gentile ${NOME} (${Codice Fiscale}),\n5 $$ a $recipient.$nome"
        )
        assert messages(campaign) == [
            FinishedMessage(
                2, "x@pec.example", "Avviso Rossi", "Gentile Rossi (RSS),\n5 $ a x@pec.example.Rossi"
            ),
            FinishedMessage(
                3, "y@pec.example", "Avviso Verdi", "Gentile Verdi (VRD),\n5 $ a y@pec.example.Verdi"
            ),
        ]

    def test_what_a_cell_holds_is_no_placeholder(self) -> None:
        (message,) = messages(checked("recipient;a;b\nx@pec.example;$b;${a}\n", "$a", "$b"))
        assert (message.subject, message.body) == ("$b", "${a}")

    def test_an_unknown_one_names_the_nearest_column(self) -> None:
        campaign = checked("recipient;Nome\nx@pec.example;1\n", "$nmoe $nmoe", "${zzz}")
        assert problems(campaign) == [
            (1, "nmoe", "the subject has ${nmoe}, and there is no such column; did you mean Nome?"),
            (1, "zzz", "the body has ${zzz}, and there is no such column"),
        ]

    def test_attachments_are_no_text(self) -> None:
        campaign = checked("recipient;attachments\nx@pec.example;a.pdf\n", body="$attachments")
        assert [one.column for one in campaign.problems] == ["attachments"]

    @pytest.mark.parametrize("body", ["riga\n5$", "riga\n$5", "riga\n${}", "riga\n${a", "riga\n$ a"])
    def test_a_lone_dollar(self, body: str) -> None:
        campaign = checked("recipient;a\nx@pec.example;1\n", body=body)
        assert problems(campaign) == [(0, "", "in the body, line 2 stands a lone $: write $$ for a dollar")]

    def test_cells_are_escaped_in_html_and_only_there(self) -> None:
        table = 'recipient;nome\nx@pec.example;"A & B <i>""c"""\n'
        (message,) = messages(checked(table, "$nome", "<p>$nome</p>", is_html=True))
        assert message.subject == 'A & B <i>"c"'
        assert message.body == "<p>A &amp; B &lt;i&gt;&quot;c&quot;</p>"
        (plain,) = messages(checked(table, "s", "$nome"))
        assert plain.body == 'A & B <i>"c"'

    def test_an_empty_cell_is_wrong_unless_it_is_allowed(self) -> None:
        table = "recipient;nome;altro\nx@pec.example; ;\n"
        assert problems(checked(table, body="Gentile $nome,")) == [
            (2, "nome", "the cell is empty, and a placeholder needs it")
        ]
        (message,) = messages(checked(table, body="Gentile $nome,", allow_empty=True))
        assert message.body == "Gentile ,"


class TestControlCharacters:
    """Nothing of a cell becomes a header."""

    @pytest.mark.parametrize(
        ("cell", "named"),
        [
            ('"a\nBcc: b@x.example"', "a line break"),
            ('"a\rb"', "a line break"),
            ("a\u2028b", "a line break"),
            ("a\tb", "a tab"),
            ("a\x1b[2Jb", "a control character (U+001B)"),
            ("a\x85b", "a control character (U+0085)"),
        ],
    )
    def test_in_a_subject(self, cell: str, named: str) -> None:
        campaign = checked(f"recipient;nome\nw@pec.example;1\nx@pec.example;{cell}\n", "Avviso $nome")
        assert problems(campaign) == [(3, "nome", f"{named} can't stand in a subject")]
        assert [row.line for row in campaign.rows] == [2]

    def test_of_the_subject_itself(self) -> None:
        assert problems(checked("recipient\nx@pec.example\n", "a\nBcc: b@x.example"))

    def test_a_subject_that_comes_to_nothing(self) -> None:
        campaign = checked("recipient;a\nx@pec.example;\n", "$a", allow_empty=True)
        assert [(line, column) for line, column, _ in problems(campaign)] == [(2, "")]

    def test_a_body_may_have_lines_but_nothing_that_steers(self) -> None:
        table = 'recipient;a\nx@pec.example;"1\n2\t3"\ny@pec.example;4\x1b5\n'
        assert problems(checked(table, body="$a")) == [
            (4, "a", "a control character (U+001B) can't stand in a PEC")
        ]


class TestRecipients:
    """One in each row, since each PEC has a code of its own."""

    @pytest.mark.parametrize(
        "cell",
        [
            "x",
            "x@",
            "@pec.example",
            "x@pec",
            "x y@pec.example",
            "X <x@pec.example>",
            "x@pec..example",
            "x@é.example",
        ],
    )
    def test_what_is_no_address(self, cell: str) -> None:
        ((line, column, _),) = problems(checked(f"Recipient;a\n{cell};1\n"))
        assert (line, column) == (2, "Recipient")

    def test_none(self) -> None:
        assert problems(checked("recipient;a\n;1\n")) == [(2, "recipient", "there is no recipient")]

    @pytest.mark.parametrize("cell", ["x@pec.example, y@pec.example", '"x@pec.example;y@pec.example"'])
    def test_several(self, cell: str) -> None:
        ((_, _, problem),) = problems(
            checked(f"recipient;a\n{cell.strip(chr(34)) if ',' in cell else cell};1\n")
        )
        assert problem.startswith("there are several recipients: write a row for each")

    def test_the_same_message_twice(self) -> None:
        campaign = checked("recipient;a\nx@pec.example;1\ny@pec.example;1\nX@PEC.example;1\n", body="$a")
        assert problems(campaign) == [(4, "recipient", "line 2 sends the same to the same recipient")]

    def test_twice_the_same_though_a_column_that_nobody_reads_differs(self) -> None:
        campaign = checked("recipient;a\nx@pec.example;1\nx@pec.example;2\n")
        assert [line for line, *_ in problems(campaign)] == [3]

    def test_another_message_to_the_same_is_a_warning(self) -> None:
        campaign = checked("recipient;a\nx@pec.example;1\nx@pec.example;2\n", body="$a")
        assert len(messages(campaign)) == 2
        assert campaign.warnings == (
            Problem(3, "recipient", "line 2 sends something else to the same recipient"),
        )


class TestAttachments:
    """Paths with `|` between them, each looked at before anything goes out."""

    def test_several(self) -> None:
        table = "recipient;attachments\nx@pec.example;a.pdf | big.pdf\ny@pec.example;\n"
        (first, second) = messages(
            check_campaign(read_table(table.encode()), Letter("s", "t"), lambda path: AttachedFile(path, 1))
        )
        assert (first.paths, second.paths) == (("a.pdf", "big.pdf"), ())

    def test_one_that_is_missing_and_one_without_a_name(self) -> None:
        campaign = checked("recipient;attachments\nx@pec.example;a.pdf||b.pdf\n")
        assert problems(campaign) == [
            (2, "attachments", "a path is empty"),
            (2, "attachments", "b.pdf: No such file"),
        ]

    def test_too_much_for_one_message(self) -> None:
        campaign = checked(
            "recipient;attachments\nx@pec.example;a.pdf|big.pdf\ny@pec.example;big.pdf\n", body="1"
        )
        assert [line for line, *_ in problems(campaign)] == [2]


class TestAll:
    """Everything that is wrong is told at once."""

    def test_by_line(self) -> None:
        table = "recipient;a\nx;1\ny@pec.example\nz@pec.example;\n"
        assert [line for line, *_ in problems(checked(table, body="$a$b$"))] == [0, 1, 2, 3, 4]

    def test_a_table_without_rows(self) -> None:
        assert problems(checked("recipient;a\n")) == [(1, "", "there is no row below the column names")]

    def test_samples_are_the_first_the_middle_and_the_last(self) -> None:
        rows = "".join(f"{name}@pec.example\n" for name in "abcde")
        assert [one.recipient[0] for one in samples(checked(f"recipient\n{rows}"))] == ["a", "c", "e"]
        assert [one.recipient[0] for one in samples(checked("recipient\na@pec.example\n"))] == ["a"]
        assert list(samples(checked(f"recipient\n{rows}", body="$x"))) == []
