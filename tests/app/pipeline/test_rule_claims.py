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
    text = (
        "Karin Östlund och Erik Holm leder arbetet.\n\n– Det går bra för oss, "
        "säger hon.\n\n– Det går fort, sa han."
    )
    relations = read(text).relations
    assert ("ATTRIBUTED_TO", "Det går bra för oss", "Karin Östlund") in relations
    assert ("ATTRIBUTED_TO", "Det går fort", "Erik Holm") in relations


def test_the_sentence_before_a_quotation_can_name_the_speaker(read) -> None:
    found = read(
        "Från Kiruna berättade läkaren Karin Östlund om avstånden:\n\n– Hos "
        "oss är det tjugo mil till närmaste sjukhus."
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
            "Enligt Socialstyrelsen växer köerna i hela landet.",
            "Socialstyrelsen",
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
    ],
)
def test_kinds(read, text: str, kind: str) -> None:
    (claim,) = read(text).claims.values()
    assert (claim.facets["kind"], claim.facets["mode"]) == (kind, "author")


@pytest.mark.parametrize(
    "text",
    [
        "Vad händer nu?",
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
