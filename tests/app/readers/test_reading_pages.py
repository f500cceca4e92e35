"""Web pages: visible text, the article told from the furniture, metadata, and pages made to break readers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.documents import Skipped, SourceDocument

One = Callable[[str, bytes], SourceDocument]
None_ = Callable[[str, bytes], Skipped]
PAGE = """<!doctype html>
<html lang="sv-SE"><head><title>Ny vårdapp i bruk - Region Exempel</title>
<meta property="og:site_name" content="Region Exempel">
<link rel="canonical" href="https://exempel.se/nyheter/vardapp">
<meta property="article:published_time" content="2024-03-05T10:00:00+01:00">
<style>p { color: red }</style><script>var hemligt = "1 < 2";</script></head>
<body>
<div class="cookie-banner"><p>Vi använder kakor på webbplatsen.</p><button>Godkänn alla</button></div>
<header><a href="#main">Direkt till innehållet</a>
<nav><ul><li><a href="/">Hem</a></li><li><a href="/om">Om oss</a></li></ul></nav></header>
<main id="main"><article><h1>Ny vårdapp i bruk</h1>
<p>Regionra\u030adet Åsa   Löv är
nöjd 🙂 med de <b>5&nbsp;miljoner</b> kronor som sjuk&shy;vården får till nya tjänster i hela länet.</p>
<p><a href="/mer">Satsningen på primärvården</a> pågår hela året och ger invånarna kortare väg till hjälp.</p>
<h2>Fler möten på distans</h2>
<p>– Det gör skillnad, säger hon.<br>− För alla.</p>
<p hidden>Osynligt stycke</p><p style="display: none">Också osynligt</p><!-- anmärkning -->
<table><tr><th>År</th><th>Belopp</th></tr><tr><td>2024</td><td>5 mnkr</td></tr></table>
<pre>rad  ett
  rad två</pre>
</article></main>
<form><label>Lämna en synpunkt</label><button>Skicka</button></form>
<footer><p>Storgatan 1, 123 45 Exempelstad</p></footer>
</body></html>"""


def furniture(found: SourceDocument) -> list[str]:
    return [found.text[start:end] for start, end in found.furniture]


def test_a_page_is_its_visible_text_in_order(document: One) -> None:
    found = document("a.html", PAGE.encode())
    assert found.text.startswith(
        "Vi använder kakor på webbplatsen.\n\nGodkänn alla\n\nDirekt till innehållet\n\nHem\nOm oss\n\n"
    )
    assert (
        "Regionra\u030adet Åsa Löv är nöjd 🙂 med de 5\u00a0miljoner kronor "
        "som sjuk\u00advården får till nya tjänster" in found.text
    )
    assert (
        "\n\n– Det gör skillnad, säger hon.\n− För alla.\n\nÅr\nBelopp\n2024\n5 mnkr\n\n"
        "rad  ett\n  rad två\n\n" in found.text
    )
    assert found.text.endswith("\n\nStorgatan 1, 123 45 Exempelstad")
    for absent in ("hemligt", "color", "synligt", "anmärkning", "Region Exempel", "<"):
        assert absent not in found.text


def test_what_is_not_the_article_is_furniture(document: One) -> None:
    found = document("a.htm", PAGE.encode())
    dimmed = "\n".join(furniture(found))
    for part in ("Vi använder kakor", "Godkänn alla", "Direkt till", "Hem\nOm oss", "Skicka", "Storgatan 1"):
        assert part in dimmed
    for part in (
        "Ny vårdapp i bruk",
        "5\u00a0miljoner",
        "Satsningen på",
        "Fler möten",
        "säger hon",
        "5 mnkr",
    ):
        assert part not in dimmed
    assert list(found.furniture) == sorted(found.furniture)


def test_metadata_comes_from_the_head(document: One) -> None:
    found = document("a.html", PAGE.encode())
    assert found.title == "Ny vårdapp i bruk"
    assert found.source == "https://exempel.se/nyheter/vardapp"
    assert (found.publisher, found.date, found.language) == ("Region Exempel", "2024-03-05", "sv")
    assert found.metadata == {"encoding": "utf-8"}


def test_what_the_page_does_not_say_is_not_invented(document: One) -> None:
    found = document("a.html", "<p>Vården kostar 5 kr. © 2019 Alla rättigheter. Vården är bra.</p>".encode())
    assert (found.source, found.publisher, found.date, found.language) == (None, None, None, None)


@pytest.mark.parametrize(("declared", "codec"), [("iso-8859-1", "cp1252"), ("windows-1251", "windows-1251")])
def test_a_declared_encoding_is_believed_where_the_page_is_not_utf8(
    document: One, declared: str, codec: str
) -> None:
    words = "Vården ”på väg”" if codec == "cp1252" else "Медицинская помощь"
    found = document("a.html", f'<meta charset="{declared}"><p>{words}</p>'.encode(codec))
    assert found.text == words
    assert found.metadata["encoding"] == codec


def test_utf8_wins_over_a_wrong_declaration(document: One) -> None:
    found = document("a.html", '<meta charset="iso-8859-1"><p>Vården på Öland</p>'.encode())
    assert found.text == "Vården på Öland"


@pytest.mark.parametrize("depth", [150, 1_000, 2_500, 100_000])
def test_endless_nesting_keeps_the_words(document: One, depth: int) -> None:
    found = document(
        "a.html", ("<p>före</p>" + "<div>" * depth + "mitt i" + "</div>" * depth + "<p>efter</p>").encode()
    )
    assert found.text == "före\n\nmitt i\n\nefter"


def test_a_page_no_parser_takes_loses_its_scripts_too(document: One) -> None:
    deep = "<div>" * 5_000
    head = "<title>x</title><script>if (1 < 2) hemligt()</script><!-- <p>bort -->"
    page = f"{head}{deep}1 &lt; 2 &aring;<br>b<p>c <b>d</b>"
    assert document("a.html", page.encode()).text == "1 < 2 å\nb\n\nc d"


@pytest.mark.parametrize(
    "markup",
    ["<" * 500_000, "<!--" * 200_000, "<p " * 200_000, "<script>" * 50_000, "<a href='" * 50_000,
     "<table><tr><td>x" * 20_000, "<p><a href=x>y" * 20_000, "&" * 300_000, "<b>x</b><p>" * 30_000],
)  # fmt: skip
def test_markup_made_to_stall_ends(read: Callable[[str, bytes], list[object]], markup: str) -> None:
    (found,) = read("a.html", markup.encode())
    assert isinstance(found, (SourceDocument, Skipped))


def test_a_page_without_words_is_empty(skipped: None_) -> None:
    assert skipped("a.html", b"<html><script>var x</script><p> </p></html>").code == "reading.empty"


def test_a_large_page_is_read_whole(document: One) -> None:
    page = "<title>Rapport</title>" + "<p>Region Exempel satsar på vården.</p>" * 60_000
    found = document("a.html", page.encode())
    assert found.text.count("Region Exempel satsar") == 60_000
    assert found.title == "Rapport"


def test_references_to_no_character_do_no_harm(document: One) -> None:
    found = document("a.html", b"<p>a&#xD800;b&#0;c&#1;d\x01e&#12;\x0c</p>")
    found.text.encode("utf-8")
    assert "\0" not in found.text
