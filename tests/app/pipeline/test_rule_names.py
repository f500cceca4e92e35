"""Bodies, titles and works by the grammar of their names, on sentences written for this."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("Avtalet slöts med Lettlands försvarsdepartement.", "Lettlands försvarsdepartement"),
        ("Vi besökte Malå sjukstuga hälsocentral i går.", "Malå sjukstuga hälsocentral"),
        ("Studien leds av Umeå Universitet.", "Umeå Universitet"),
        ("Arbetet leds av Fjällmedicinskt centrum i Åre.", "Fjällmedicinskt centrum"),
        ("Frågan drivs av Regionalt hälsocentrum Norr.", "Regionalt hälsocentrum Norr"),
        ("Ett studiebesök gjordes på Barn- och ungdomscentrum.", "Barn- och ungdomscentrum"),
        ("Bidraget går till Kompetenscenter Robotik.", "Kompetenscenter Robotik"),
        ("Besöket gällde akuten vid länssjukhuset Kalmar.", "länssjukhuset Kalmar"),
        ("Ärendet avgjordes i folkhälso- och fritidsnämnden.", "folkhälso- och fritidsnämnden"),
        ("Vården ges av hälsohemmet Tallgläntan.", "Tallgläntan"),
        ("Det säger Karin Östlund (KD) till tidningen.", "KD"),
        ("Det säger oppositionsrådet Karin Östlund, gruppledare (C), i debatten.", "C"),
        ("Det nya fjällmedicinska akutteamet (FMAT) startar.", "FMAT"),
    ],
)
def test_a_body_is_read_as_a_noun_phrase(read, text: str, surface: str) -> None:
    assert ("ORGANISATION", surface) in read(text).entities


@pytest.mark.parametrize(
    "text",
    [
        "Sveriges sjukhus och Sveriges universitet samarbetar.",
        "Det nya sjukhuset ligger vid universitetet.",
        "Där finns ny teknik för antibiotikaresistens (AMR) i dag.",
        "Enligt många vårdcentraler fungerar mottagningen bra.",
    ],
)
def test_what_is_no_body_by_name_is_none(read, text: str) -> None:
    assert "ORGANISATION" not in {label for label, _ in read(text).entities}


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("Det sade regionstyrelsens ordförande Karin Östlund.", "regionstyrelsens ordförande"),
        ("Karin Östlund, ordförande i äldre- och omsorgsnämnden, deltog.", "ordförande i äldre- och omsorgsnämnden"),
        ("Karin Östlund är i dag vice ordförande på Region Skåne.", "vice ordförande"),
        (
            "Karin Östlund, överläkare på Region Skåne och professor i kardiologi vid Lunds universitet.",
            "professor i kardiologi",
        ),
        ("Hon är också ledamot i styrelsen för Inera.", "ledamot i styrelsen"),
        ("Där talade regionråden Karin Östlund och Bo Ek.", "regionråden"),
        ("Karin Östlund, chef för enheten för e-hälsa, är nöjd.", "chef för enheten för e-hälsa"),
        ("Regeringen har utsett Karin Östlund till nationell samordnare.", "nationell samordnare"),
        ("I mötet deltog Estlands hälsominister.", "hälsominister"),
        ("Karin Östlund leder enheten. Östlund är hälsoekonom i botten.", "hälsoekonom"),
        ("Det sade Karin Östlund, vd och grundare av Vårdklick AB.", "grundare"),
        ("Så säger chefen för digitalisering Karin Östlund.", "chefen för digitalisering"),
    ],
)
def test_a_title_is_whole_and_without_the_employer(read, text: str, surface: str) -> None:
    assert ("ROLE", surface) in read(text).entities


@pytest.mark.parametrize(
    "text", ["Alla läkare och sjuksköterskor på sjukhuset är nöjda.", "Regionens digitaliseringschef uteblev."]
)
def test_a_title_that_nobody_bears_is_no_mention(read, text: str) -> None:
    assert "ROLE" not in {label for label, _ in read(text).entities}


@pytest.mark.parametrize(
    ("text", "label", "surface"),
    [
        ("Detta styrs av barn- och äldreomsorgslagen i dag.", "DOCUMENT", "barn- och äldreomsorgslagen"),
        ("Kravet finns i hälsodatalagen (2031:17).", "DOCUMENT", "hälsodatalagen (2031:17)"),
        (
            "Det föreslog Utredningen om säkrare data i äldreomsorgen i fjol.",
            "DOCUMENT",
            "Utredningen om säkrare data i äldreomsorgen i fjol",
        ),
        ("Medlen finns i budgetpropositionen för 2031.", "DOCUMENT", "budgetpropositionen för 2031"),
        ("I betänkandet Data för bättre vård (SOU 2031:4) finns svaret.", "DOCUMENT", "Data för bättre vård"),
        ("Den nationella robotstrategin uppdateras nu.", "PROGRAMME", "nationella robotstrategin"),
        (
            "Ett nordiskt projekt startade. Det fick namnet trygg vård hemma – eller THV.",
            "PROGRAMME",
            "trygg vård hemma",
        ),
        ("De byggde en app som heter Lungkoll.", "SERVICE", "Lungkoll"),
        ("Uppgifterna finns i ryggregistret.", "SERVICE", "ryggregistret"),
        ("Konferensen eVård Summit – A new start hölls i Umeå.", "EVENT", "eVård Summit – A new start"),
    ],
)
def test_a_work_is_found_by_what_it_is(read, text: str, label: str, surface: str) -> None:
    assert (label, surface) in read(text).entities


def test_what_only_ends_like_a_law_is_none(read) -> None:
    found = read("Förslagen och anslagen gäller, men direktivet och bolagen dröjer.")
    assert not found.entities


@pytest.mark.parametrize(
    ("text", "label", "surface"),
    [
        ("Mötet är den 5 – 6 november.", "DATE", "5 – 6 november"),
        ("Den gäller från 1 mars i år.", "DATE", "1 mars i år"),
        ("I april fick regionen pengar.", "DATE", "april"),
        ("Under hösten och vintern prövas den.", "DATE", "hösten och vintern"),
        ("Antalet växer den kommande tioårsperioden.", "DATE", "kommande tioårsperioden"),
        ("Det är mer än föregående år.", "DATE", "föregående år"),
        ("Arbetet pågår sedan ett par år tillbaka.", "DATE", "sedan ett par år tillbaka"),
        ("Systemet införs i vecka 38.", "DATE", "vecka 38"),
        ("Projektet pågår i tre år.", "DATE", "tre år"),
        ("Vården gäller barn till och med 18 år.", "QUANTITY", "18 år"),
        ("Personer över 80 år blir fler.", "QUANTITY", "över 80 år"),
        ("Var femte patient får inte svar.", "QUANTITY", "Var femte patient"),
        ("Sju av tio svenskar är nöjda.", "QUANTITY", "Sju av tio svenskar"),
        ("Det gäller två tredjedelar av alla.", "QUANTITY", "två tredjedelar"),
        ("Ett tiotal kommuner deltar.", "QUANTITY", "Ett tiotal kommuner"),
        ("Genom tre nya myndighetsuppdrag ska det lösas.", "QUANTITY", "tre nya myndighetsuppdrag"),
        ("Väntetiden är 45 minuter.", "QUANTITY", "45 minuter"),
        ("Det kostar 3,5 Mkr.", "MONEY", "3,5 Mkr"),
    ],
)
def test_times_and_amounts(read, text: str, label: str, surface: str) -> None:
    assert (label, surface) in read(text).entities


def test_our_is_no_spring_and_every_hour_is_no_date(read) -> None:
    assert not read("I vår region svarar vi 24/7 i kapitel 3 ovan.").entities
