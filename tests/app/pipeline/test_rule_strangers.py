"""Names by their surroundings, what surroundings add to a name, and frames of web pages; all texts written for this."""

from __future__ import annotations

import pytest

from app.pipeline.rules.cleaning import CleanText
from app.pipeline.rules.reading import read_text
from app.pipeline.rules.records import Mention


@pytest.mark.parametrize(
    ("text", "label", "surface"),
    [
        ("Hennes mor bor i Tallmo sedan länge.", "PLACE", "Tallmo"),
        ("Personalen har testat Lungvakt i ett halvår.", "SERVICE", "Lungvakt"),
        ("Kliniken upphandlar nu LungView till alla.", "SERVICE", "LungView"),
        ("Det är dyrt, säger han till Fjällbladet.", "ORGANISATION", "Fjällbladet"),
        ("Studien har publicerats i Nordic Lung Letters.", "ORGANISATION", "Nordic Lung Letters"),
        ("De nystartade vårdgivarna Lungia och Hjärtia växer.", "ORGANISATION", "Hjärtia"),
        ("De byggde en ny superdator, Fjällräven, i Kiruna.", "SERVICE", "Fjällräven"),
        ("Det beslöts om Nationell katalog för lungdata i går.", "SERVICE", "Nationell katalog för lungdata"),
        ("Hon leder avdelningen Digital utveckling i dag.", "ORGANISATION", "Digital utveckling"),
        ("De ses på Vitalis 2031 i Göteborg.", "EVENT", "Vitalis 2031"),
        ("Stödet ges av FoU Västernorrland i år.", "ORGANISATION", "FoU Västernorrland"),
        ("Många lever med kronisk hjärtsvikt.", "CONDITION", "kronisk hjärtsvikt"),
        ("Allt fler får svåra lungskador av det.", "CONDITION", "lungskador"),
        ("De ses på Hotell Fjället i Åre.", "PLACE", "Hotell Fjället"),
        (
            "Pengarna kom från Stiftelsen Karin Östlunds Minne i fjol.",
            "ORGANISATION",
            "Stiftelsen Karin Östlunds Minne",
        ),
        ("Projektet Trygg natt i hemmet startade i fjol.", "PROGRAMME", "Trygg natt i hemmet"),
        ("Det står i Fjällens färdplan 2031 att allt blir bra.", "PROGRAMME", "Fjällens färdplan 2031"),
        ("Förordningen tillämpas enligt EHDS från 2029.", "DOCUMENT", "EHDS"),
        ("Vi talar om EHDS i dag.", "PROGRAMME", "EHDS"),
        ("Östlund, K. (2031). Lungor i norr. Fjällhögskolan.", "DOCUMENT", "Lungor i norr"),
        ("Han är medicinskt ansvarig. Karin Östlund, medicinskt ansvarig sjuksköterska (MAS), är nöjd.", "ROLE", "MAS"),
        ("Det säger läkaren och forskaren Karin Östlund.", "ROLE", "läkaren"),
        ("Regionen fick 14 miljoner till arbetet.", "MONEY", "14 miljoner"),
        ("Där finns 5 000 vårdanställda i dag.", "QUANTITY", "5 000 vårdanställda"),
        ("Patienten Karin Östlund, 81, från Luleå är nöjd.", "QUANTITY", "81"),
        ("De fick 87 förslag, varav nio valdes ut.", "QUANTITY", "nio"),
        ("Arbetet pågår till utgången av 2031.", "DATE", "utgången av 2031"),
        ("Avtalet löper över tre år.", "DATE", "tre år"),
        ("Den har använts 12 000 gånger.", "QUANTITY", "12 000 gånger"),
        ("Sex av landets sju universitetssjukhus svarade.", "QUANTITY", "Sex av landets sju universitetssjukhus"),
        ("Även Närhälsan Majorna deltar.", "ORGANISATION", "Närhälsan Majorna"),
        ("De köpte Philips LungView i fjol.", "SERVICE", "LungView"),
        ("Alla ska få svar inom tre veckor.", "DATE", "inom tre veckor"),
        ("Arbetet pågår 3 april 2031–9 maj 2033 i Tärna.", "DATE", "3 april 2031–9 maj 2033"),
        ("År 2041 är hälften äldre.", "DATE", "År 2041"),
        ("Beslutet väntas denna vecka.", "DATE", "denna vecka"),
        ("Alla ansluts till hösten.", "DATE", "till hösten"),
        ("Trettiotvå år senare är allt annorlunda.", "DATE", "Trettiotvå år senare"),
        (
            "Sju läkare, kuratorer och medicinska sekreterare kom.",
            "QUANTITY",
            "Sju läkare, kuratorer och medicinska sekreterare",
        ),
        ("Drygt 3 000 ska gå kursen.", "QUANTITY", "Drygt 3 000"),
        ("Fallen sjönk från 31 till 8 under året.", "QUANTITY", "8"),
        ("Antalet växte från 12 till 90 kommuner.", "QUANTITY", "90 kommuner"),
        ("Sju av tio hellre ringer än skriver.", "QUANTITY", "Sju av tio"),
        ("Ungefär var femte någon gång klagat.", "QUANTITY", "Ungefär var femte"),
        ("Unga mellan 14 och 18 år får hjälp.", "QUANTITY", "14 och 18 år"),
        ("Hemo AB växer. Nu säljer Hemo mer.", "ORGANISATION", "Hemo"),
        ("Hemo AB säljer Hemo Connect. Kunderna gillar Hemo.", "SERVICE", "Hemo Connect"),
        ("Frågan lyftes i LSG, Lokala samverkansgruppen.", "ORGANISATION", "LSG"),
        ("Tryggare natt i Tärna är ett samverkansprojekt i fjällen.", "PROGRAMME", "Tryggare natt i Tärna"),
        ("Vård på hjul, ett projekt i norr, växer.", "PROGRAMME", "Vård på hjul"),
        ("I förbundets nya rapport, Mat och rörelse i norr, krävs mer.", "DOCUMENT", "Mat och rörelse i norr"),
        ("I myndighetens rapport Svagt men säkert från i fjol står det.", "DOCUMENT", "Svagt men säkert"),
        ("Svenska dagarna om hjärtsjukvård hålls i Umeå.", "EVENT", "Svenska dagarna om hjärtsjukvård"),
        ("Hon leder Barnahus Tärna i dag.", "ORGANISATION", "Barnahus Tärna"),
        ("Det stod i Lung Journal – Science i går.", "ORGANISATION", "Lung Journal – Science"),
        ("De övade under Övning Fjällvind i går.", "EVENT", "Övning Fjällvind"),
        ("SJU MILJONER TILL TÄRNA", "MONEY", "SJU MILJONER"),
        ("De fick sammanlagt 8 miljoner kronor.", "MONEY", "8 miljoner kronor"),
    ],
)
def test_a_name_is_told_by_its_surroundings(read, text: str, label: str, surface: str) -> None:
    assert (label, surface) in read(text).entities


@pytest.mark.parametrize(
    "text",
    [
        "Det är tre gånger så dyrt.",
        "AI-verktyget och IT-systemet är nya.",
        "Han använder Ozempic varje dag.",
        "Priset är högre, säger han till läkaren.",
        "Folksjukdomar och driftstörningar är vanliga.",
    ],
)
def test_what_names_nothing_stays_unmarked(read, text: str) -> None:
    assert not {label for label, _ in read(text).entities} - {"DATE"}


def test_a_medicine_is_no_place_though_the_model_says_so() -> None:
    text = "De skrev ut Ozempic till alla."
    learned = Mention(text.index("Ozempic"), text.index("Ozempic") + 7, "PLACE", 0.95, "names")
    assert not [p for p in read_text(text, [learned]).proposals if p.kind == "entity"]


FRAME = """Till innehållet
Meny   Sök   Lyssna
Start / Nyheter / 2031

Nattlampor prövas i fjällen

Nyhet   Publicerad 21 november 2031

Region Norrbotten prövar lampor i sex kommuner under hösten och vintern.

Bild: Personalen i Kiruna tänder en lampa. Foto: Karin Östlund

Läs vidare
Lampor i kommunerna 2031 (PDF, nytt fönster)
Nätverk för lampor

Om webbplatsen   Kakor
"""


def test_rows_trails_and_publication_lines_are_furniture(read) -> None:
    marked = "\n".join(read(FRAME).furniture)
    for line in ("Meny   Sök", "Start / Nyheter", "Publicerad 21 november", "Nätverk för lampor", "Om webbplatsen"):
        assert line in marked
    for line in ("Nattlampor prövas", "sex kommuner", "Personalen i Kiruna"):
        assert line not in marked


def test_a_small_sentence_beside_furniture_is_no_furniture(read) -> None:
    assert "De ses i Luleå" not in "\n".join(read("Vi ses i höst.\n\nDe ses i Luleå i går.\nSkriv ut\n").furniture)


def test_places_of_the_original_are_found_in_the_clean_text() -> None:
    original = "A\u0308r Ga\u030a\u00adng 😀 på\u00a0Va\u030ag"
    clean = CleanText(original)
    for start in range(len(clean.text)):
        for end in range(start + 1, len(clean.text) + 1):
            span = clean.original(start, end)
            assert clean.cleaned(span.start, span.end) == (start, end)
    assert clean.cleaned(original.index("\u00ad"), len(original)) is None
