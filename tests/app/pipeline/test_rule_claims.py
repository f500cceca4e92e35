"""Claims, their facets and who makes them."""

from __future__ import annotations

import pytest


def test_a_dash_quotation_is_one_claim_a_sentence_without_its_reporting_clause(read) -> None:
    text = "– Det är svårt. Vi behöver tid, säger Karin Östlund, chef på Region Skåne. Mycket tid!"
    found = read(text)
    assert list(found.claims) == ["Det är svårt.", "Vi behöver tid", "Mycket tid!"]
    assert all(p.facets["mode"] == "direct" and p.facets["cue"] == "säger" for p in found.claims.values())
    speakers = {head: tail for label, head, tail in found.relations if label == "ATTRIBUTED_TO"}
    assert speakers == dict.fromkeys(found.claims, "Karin Östlund")


@pytest.mark.parametrize("dash", ["–", "−", "—", "-"])
def test_every_dash_opens_a_quotation(read, dash: str) -> None:
    found = read(f"{dash} Det här är ett stort steg, berättar Karin Östlund.")
    assert list(found.claims) == ["Det här är ett stort steg"]


def test_a_pronoun_means_the_last_person_of_that_gender(read) -> None:
    text = "Karin Östlund och Erik Holm leder arbetet.\n\n– Det går bra för oss, säger hon.\n\n– Det går fort, sa han."
    relations = read(text).relations
    assert ("ATTRIBUTED_TO", "Det går bra för oss", "Karin Östlund") in relations
    assert ("ATTRIBUTED_TO", "Det går fort", "Erik Holm") in relations


def test_the_sentence_before_a_quotation_can_name_the_speaker(read) -> None:
    found = read(
        "Från Kiruna berättade läkaren Karin Östlund om avstånden:\n\n– Hos oss är det tjugo mil till närmaste sjukhus."
    )
    assert (
        "ATTRIBUTED_TO",
        "Hos oss är det tjugo mil till närmaste sjukhus.",
        "Karin Östlund",
    ) in found.relations
    assert len(found.claims) == 1


def test_a_quotation_in_marks_over_several_sentences(read) -> None:
    text = (
        "”Vården måste förändras i grunden. Annars räcker inte pengarna "
        "till.”\nSå skriver Karin Östlund i boken ”Vård i fjällen”."
    )
    found = read(text)
    assert list(found.claims) == ["Vården måste förändras i grunden.", "Annars räcker inte pengarna till."]
    assert {tail for label, _, tail in found.relations if label == "ATTRIBUTED_TO"} == {"Karin Östlund"}
    assert ("PUBLISHED", "Karin Östlund", "Vård i fjällen") in found.relations


@pytest.mark.parametrize("marks", ["””", "“”", '""', "»«"])
def test_a_quotation_inside_a_sentence(read, marks: str) -> None:
    found = read(f"{marks[0]}Det är ett viktigt steg för oss{marks[1]}, säger Karin Östlund.")
    assert [p.facets["mode"] for p in found.claims.values()] == ["direct"]
    assert ("ATTRIBUTED_TO", "Det är ett viktigt steg för oss", "Karin Östlund") in found.relations


@pytest.mark.parametrize(
    ("text", "claim", "speaker"),
    [
        ("Karin Östlund berättade att appen används varje dag.", "appen används varje dag.", "Karin Östlund"),
        ("Socialstyrelsen konstaterar också att köerna växer.", "köerna växer.", "Socialstyrelsen"),
        (
            "Enligt Socialstyrelsen växer köerna i hela landet.",
            "växer köerna i hela landet.",
            "Socialstyrelsen",
        ),
        (
            "Enligt Region Skånes direktör Karin Östlund håller tidplanen.",
            "håller tidplanen.",
            "Karin Östlund",
        ),
        (
            "Karin Östlund och Erik Holm möttes. Enligt honom räcker pengarna till våren.",
            "räcker pengarna till våren.",
            "Erik Holm",
        ),
        (
            "Frågan är enligt projektledaren Karin Östlund nästan löst.",
            "Frågan är enligt projektledaren Karin Östlund nästan löst.",
            "Karin Östlund",
        ),
        (
            "Studien pekar enligt Karin Östlund på att samtalen gör nytta.",
            "samtalen gör nytta.",
            "Karin Östlund",
        ),
        (
            "Både Vinnova och Socialstyrelsen har pekat på att tekniken hjälper.",
            "tekniken hjälper.",
            "Vinnova",
        ),
        (
            "Socialstyrelsen räknar med att köerna halveras.",
            "köerna halveras.",
            "Socialstyrelsen",
        ),
        (
            "Karin Östlund, som leder gruppen, uppskattar att vart tredje barn får hjälp.",
            "vart tredje barn får hjälp.",
            "Karin Östlund",
        ),
        (
            "Karin Östlund säger till Vinnova att arbetet pausas.",
            "arbetet pausas.",
            "Karin Östlund",
        ),
        (
            "Det är ont om tid inför starten. Det menar Karin Östlund.",
            "Det är ont om tid inför starten.",
            "Karin Östlund",
        ),
        (
            "Arbetet går vidare i höst, uppger Karin Östlund.",
            "Arbetet går vidare i höst",
            "Karin Östlund",
        ),
        ("Karin Östlund är kritisk. Hon menar att det går för fort.", "det går för fort.", "Karin Östlund"),
    ],
)
def test_indirect_speech(read, text: str, claim: str, speaker: str) -> None:
    found = read(text)
    assert found.claims[claim].facets["mode"] == "indirect"
    assert ("ATTRIBUTED_TO", claim, speaker) in found.relations


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Regionen satsar 40 miljoner kronor på infrastruktur.", "figure"),
        ("Köerna växer eftersom personal saknas.", "cause"),
        ("Alla regioner ska dela data med varandra.", "goal"),
        ("Appen kommer att nå hela landet.", "forecast"),
        ("Det är positivt och klokt.", "assessment"),
        ("Mötet hölls i Luleå i mars 2023.", "fact"),
        ("I fjol undersöktes 640 patienter med den nya metoden.", "figure"),
        ("Det ledde till långa köer på akuten.", "cause"),
        ("Det är viktigt att patienterna är med från början.", "goal"),
        ("Satsningen väntas minska köerna under nästa år.", "forecast"),
        ("Lösningen är enkel och smidig för alla.", "assessment"),
        ("Vinnova har gett Inera i uppdrag att ta fram ett förslag.", "fact"),
    ],
)
def test_kinds(read, text: str, kind: str) -> None:
    (claim,) = read(text).claims.values()
    assert (claim.facets["kind"], claim.facets["mode"]) == (kind, "author")


def test_two_speakers_in_turn(read) -> None:
    text = (
        "– Vi har börjat i liten skala, säger Karin Östlund.\n\n– Det märks redan, säger Erik Holm.\n\n"
        "– Personalen har fått mer tid, fortsätter hon. Det är roligt.\n\n– Och vi har fått lugnare kvällar, säger han."
    )
    speakers = {head: tail for label, head, tail in read(text).relations if label == "ATTRIBUTED_TO"}
    assert speakers == {
        "Vi har börjat i liten skala": "Karin Östlund",
        "Det märks redan": "Erik Holm",
        "Personalen har fått mer tid": "Karin Östlund",
        "Det är roligt.": "Karin Östlund",
        "Och vi har fått lugnare kvällar": "Erik Holm",
    }


def test_a_quotation_interrupted_by_its_reporting_clause_goes_on(read) -> None:
    text = "– Vi såg det i våras, säger Karin Östlund. Nu ser vi det varje vecka. Det oroar mig."
    found = read(text)
    assert list(found.claims) == ["Vi såg det i våras", "Nu ser vi det varje vecka.", "Det oroar mig."]
    assert {tail for label, _, tail in found.relations if label == "ATTRIBUTED_TO"} == {"Karin Östlund"}


def test_what_is_added_after_a_quotation_is_told_indirectly(read) -> None:
    found = read("– Det blev dyrt för oss, säger Karin Östlund och tillägger att kostnaden tas inom ramen.")
    assert found.claims["kostnaden tas inom ramen."].facets["mode"] == "indirect"
    assert ("ATTRIBUTED_TO", "kostnaden tas inom ramen.", "Karin Östlund") in found.relations


def test_a_title_takes_up_the_person_who_bears_it(read) -> None:
    text = (
        "Regiondirektör Karin Östlund mötte läkaren Erik Holm.\n\n"
        "– Det här är början på något nytt, sa regiondirektören i sitt tal."
    )
    assert ("ATTRIBUTED_TO", "Det här är början på något nytt", "Karin Östlund") in read(text).relations


def test_answers_in_an_interview_belong_to_the_one_who_answers(read) -> None:
    filler = "Arbetet har pågått länge och på många håll i landet, med hjälp av flera mottagningar. " * 8
    text = f"Karin Östlund är läkare. {filler}\n\nVad var svårast?\n\n– Tiden räckte inte till för alla."
    assert ("ATTRIBUTED_TO", "Tiden räckte inte till för alla.", "Karin Östlund") in read(text).relations


@pytest.mark.parametrize(
    "text",
    [
        "Det är en ökning sedan 2022, visar en kartläggning från Vinnova.",
        "Enligt Socialstyrelsens rapport växer köerna i hela landet.",
        "En studie visar att appen används varje dag.",
    ],
)
def test_what_a_report_shows_is_the_texts_own_statement(read, text: str) -> None:
    found = read(text)
    assert found.claims[text].facets["mode"] == "author"
    assert not [relation for relation in found.relations if relation[0] == "ATTRIBUTED_TO"]


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("Appen kommer kanske nästa år.", "possible"),
        ("Appen blir troligen klar i år.", "probable"),
        ("Det är helt klart en framgång.", "certain"),
        ("Appen är klar.", None),
    ],
)
def test_certainty(read, text: str, certainty: str | None) -> None:
    (claim,) = read(text).claims.values()
    assert claim.facets.get("certainty") == certainty


def test_whole_sentences_in_lists_are_claims_and_the_rest_is_not(read) -> None:
    text = (
        "Tre hinder återkommer i svaren:\n\n• Personalen saknar tid för utbildning\n• Ny teknik i hemmen\n"
        "• Beställa material från kundtjänst"
    )
    assert list(read(text).claims) == [
        "Tre hinder återkommer i svaren:",
        "Personalen saknar tid för utbildning",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ministern besökte Luleå.",
        "Läkarna vägleder kollegor.",
        "Kostnaden följs upp.",
        "2024 inleddes arbetet.",
        "Varje minut räknas.",
    ],
)
def test_short_sentences_are_known_by_their_verbs(read, text: str) -> None:
    assert list(read(text).claims) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Vad händer nu?",
        "Minskad pappersexercis och mer tid för möten och vård av patienter och deras anhöriga.",
        "En fråga kom från patienter: ”Varför får vi inte använda appen som alla talar om?”",
        "Bildtext: Karin Östlund visar hur appen fungerar.",
        "Digital vård i hela landet",
        "På bilden: Karin Östlund, läkare i Kiruna. Foto: Erik Holm.",
        "Mindre papper och mer tid för patienter.",
    ],
)
def test_headings_questions_and_captions_claim_nothing(read, text: str) -> None:
    assert not read(text).claims


def test_abbreviations_and_ordinals_end_no_sentence(read) -> None:
    text = "Appen används bl.a. i Skåne, t.ex. av dr. Holm och J. Berg. Den kom 2021."
    assert len(read(text).claims) == 2


def test_a_hard_wrapped_paragraph_is_one_paragraph(read) -> None:
    text = (
        "Regionen har under flera år arbetat med att bygga upp ett\nnytt "
        "system som alla vårdgivare i länet kan använda."
    )
    assert list(read(text).claims) == [text]


def test_negation_is_noted(read) -> None:
    (claim,) = read("Appen fungerar inte i fjällen.").claims.values()
    assert claim.facets["negated"] is True
