"""HTML as plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.text.clean import clean
from pectui.text.html import html_to_text
from tests.cost import least_cost

TAGS = (
    "p div br hr b i a table tr td th ul ol li dl dt dd blockquote pre script style title template textarea select "
    "option h1 img svg math html head body span noscript iframe o:p form"
)
ATTRIBUTES = (
    "",
    " hidden",
    " style='display: none'",
    " href='https://x.it'",
    " alt=x",
    " start=7",
    " x='>'",
    ' y="',
)
HOSTILE_PIECES = (
    *("<", "<a ", "<!--", "<!---->", "<!--x--!>", "<p a='", "<b><i><p></b>", "<ul><li>x", "<blockquote>x"),
    *("&", "&#", "<script>", "<svg><style/>", "<td>x", "<br>", "<pre>\n\n", "</p>", "<b><li>", "<![CDATA["),
)
tags = st.builds(
    "<{}{}{}>".format,
    st.sampled_from(["", "/"]),
    st.sampled_from(TAGS.split(" ")),
    st.sampled_from(ATTRIBUTES),
)
pages = st.lists(
    tags | st.text(max_size=8) | st.sampled_from(["<!--", "-->", "&#27;", "&nbsp;", "<![CDATA[", "<!"])
)


class TestBlocks:
    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            ("<p>uno</p><p>due</p>", "uno\n\ndue"),
            ("<p>uno<p>due", "uno\n\ndue"),
            ("<div>uno</div><div>due</div>", "uno\ndue"),
            ("<div><div><div>uno</div></div></div><div>due</div>", "uno\ndue"),
            ("uno<br>due<br/>tre</br>quattro", "uno\ndue\ntre\nquattro"),
            ("uno<br><br><br><br>due", "uno\n\ndue"),
            ("<h1>Titolo</h1>testo", "Titolo\n\ntesto"),
            ("  a \n\t b  <b> c</b>d&nbsp;&nbsp;e ", "a b cd e"),
            ("<b>a</b> <i>b</i>", "a b"),
            ("<p> </p><p></p><div>&nbsp;</div>x", "x"),
            ("a<hr>b", "a\n\n" + "-" * 20 + "\n\nb"),
            ("<pre>a\n  b\n\n  c</pre>d", "a\n  b\n\n  c\n\nd"),
            ("<blockquote>a<br>b</blockquote>c", "> a\n> b\n\nc"),
            ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n\n> > b"),
            ("", ""),
            ("solo testo", "solo testo"),
        ],
    )
    def test_paragraphs_and_lines(self, markup: str, text: str) -> None:
        assert html_to_text(markup) == text


class TestLists:
    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            ("<ul><li>uno</li><li>due</li></ul>", "- uno\n- due"),
            ("<ul><li>uno<li>due</ul>tre", "- uno\n- due\n\ntre"),
            ("<ol><li>uno<li>due</ol>", "1. uno\n2. due"),
            ("<ol start=9><li>uno<li>due</ol>", "9. uno\n10. due"),
            ("<ol start=-x><li>uno</ol>", "1. uno"),
            ("<ul><li>uno<ul><li>due</ul><li>tre</ul>", "- uno\n  - due\n- tre"),
            ("<ul><li>uno<br>ancora</ul>", "- uno\n  ancora"),
            ("<dl><dt>a<dd>b<dt>c<dd>d</dl>", "a\nb\nc\nd"),
            ("<li>sola", "- sola"),
        ],
    )
    def test_items_stand_on_lines_of_their_own(self, markup: str, text: str) -> None:
        assert html_to_text(markup) == text


class TestTables:
    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            (
                "<table><tr><th>Nome</th><th>Stato</th></tr><tr><td>M</td><td>ok</td></tr></table>",
                "Nome | Stato\nM | ok",
            ),
            ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a | b\nc | d"),
            ("<table><tr><td><p>a</p></td><td><div>b</div></td></tr></table>", "a | b"),
            (
                "<table><tr><td>a</td><td> </td><td>c</td></tr><tr><td></td></tr><tr><td>d</td></tr></table>",
                "a | c\nd",
            ),
            ("<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc"),
            ("x<table><tr><td>a</td></tr></table>y", "x\n\na\n\ny"),
            (
                "<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td><td>c</td></tr></table>",
                "a | b\n\nc",
            ),
            (
                "<table><tr><td><table><tr><td>a</td></tr><tr><td>b</td></tr></table></td><td>c</td></table>",
                "a\nb\n\nc",
            ),
        ],
    )
    def test_a_row_is_a_line(self, markup: str, text: str) -> None:
        assert html_to_text(markup) == text


class TestLinks:
    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            ("<a href='https://x.it/a?b=1&amp;c=2'>qui</a>", "qui <https://x.it/a?b=1&c=2>"),
            ("<a href='https://x.it/'>x.it</a>", "x.it"),
            ("<a href='https://x.it/'>HTTPS://X.it</a>", "HTTPS://X.it"),
            ("<a href='mailto:a@b.it'>a@b.it</a>", "a@b.it"),
            ("<a href='mailto:a@b.it'>scrivi</a>", "scrivi <mailto:a@b.it>"),
            ("<a href='https://evil.it'>https://banca.it</a>", "https://banca.it <https://evil.it>"),
            ("<a href='https://x.it'><img alt='logo'></a>", "[logo] <https://x.it>"),
            ("<a href='https://x.it'>a<a href='https://y.it'>b</a>", "a <https://x.it>b <https://y.it>"),
            ("<a href='javascript:alert(1)'>a</a> <a href='#x'>b</a> <a name=c>c</a>", "a b c"),
            ("<a href='h\nttps://x.\tit'>a</a>", "a <https://x.it>"),
        ],
    )
    def test_where_it_leads_is_shown_if_the_text_does_not_say_so(self, markup: str, text: str) -> None:
        assert html_to_text(markup) == text

    def test_an_endless_link_is_cut(self) -> None:
        assert len(html_to_text(f"<a href='https://x.it/{'a' * 100_000}'>a</a>")) < 2_100


class TestLeftOut:
    @pytest.mark.parametrize(
        "markup",
        [
            "<script>segreto</script>",
            "<style>segreto</style>",
            "<head><title>segreto</title></head>",
            "<!-- segreto -->",
            "<!--[if mso]>segreto<![endif]-->",
            "<template>segreto</template>",
            "<iframe>segreto</iframe>",
            "<noscript>segreto</noscript>",
            "<p hidden>segreto</p>",
            "<div style='color:red;DISPLAY : NONE'><b>segreto</b><div>segreto</div></div>",
            "<span style='visibility:hidden'>segreto</span>",
            "<img hidden alt='segreto'>",
            "<p hidden>segreto <a href='https://segreto.it'>segreto</a><br><img alt=segreto></p>",
        ],
    )
    def test_what_nobody_would_see(self, markup: str) -> None:
        assert html_to_text(f"prima {markup}dopo").split() == ["prima", "dopo"]

    def test_what_is_left_open_does_not_hide_the_next_paragraph(self) -> None:
        assert html_to_text("<p hidden>segreto<p>dopo") == "dopo"

    def test_entities_are_characters(self) -> None:
        assert (
            html_to_text("&egrave; &#232; &#xE8; &lt;b&gt; &euro; &sconosciuta;")
            == "è è è <b> € &sconosciuta;"
        )


class TestHostilePages:
    @given(pages.map("".join))
    def test_any_page_gives_clean_text(self, page: str) -> None:
        text = html_to_text(page)
        assert text == clean(text)

    @given(st.text())
    def test_any_text_gives_clean_text(self, page: str) -> None:
        assert html_to_text(page) == clean(html_to_text(page))

    @pytest.mark.parametrize(
        "tag", ["div", "b", "table><tr><td", "ul><li", "blockquote", "svg", "template", "a href=x"]
    )
    def test_nothing_is_nested_too_deeply(self, tag: str) -> None:
        assert "fine" in html_to_text(f"<{tag}>" * 20_000 + "</template>" * 20_000 + "fine")

    @pytest.mark.parametrize("piece", HOSTILE_PIECES)
    def test_a_long_page_takes_linear_time(self, piece: str) -> None:
        hostile = piece * (250_000 // len(piece))
        assert least_cost(lambda: html_to_text(hostile), 3) < 3

    def test_numbers_without_end_are_harmless(self) -> None:
        assert html_to_text("a&#" + "1" * 5_000 + ";b") == "a\ufffdb"
