"""What claims are about, and what they are to each other."""

from __future__ import annotations

import pytest

KINDS = ("ABOUT", "SUPPORTS", "CONTRADICTS", "UPDATES", "REPEATS")


def found(read, text: str) -> set[tuple[str, str, str]]:
    return {relation for relation in read(text).relations if relation[0] in KINDS}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Projektet ”Trygg hemgång” startade i fjol.", "Trygg hemgång"),
        ("1177.se används av många patienter.", "1177.se"),
        ("Patientdatalagen gäller i hela landet.", "Patientdatalagen"),
    ],
)
def test_a_claim_is_about_its_subject(read, text: str, topic: str) -> None:
    assert found(read, text) == {("ABOUT", text, topic)}


@pytest.mark.parametrize(
    "text",
    [
        "Patienterna använder 1177.se varje dag.",
        "Utan 1177.se skulle köerna bli långa.",
        "Inera ansvarar för arbetet.",
        "Det regnade i Luleå. Mötet hölls ändå i stadshuset och alla kom.",
    ],
)
def test_a_name_elsewhere_is_no_topic(read, text: str) -> None:
    assert not found(read, text)


def test_a_reason_supports_the_claim_before_it(read) -> None:
    text = "Starten skjuts upp ett halvår. Skälet är att utbildningen har dragit ut på tiden."
    first, second = read(text).claims
    assert found(read, text) == {("SUPPORTS", second, first)}


def test_a_reason_in_another_paragraph_supports_nothing(read) -> None:
    assert not found(read, "Starten skjuts upp ett halvår.\n\nSkälet är att utbildningen har dragit ut på tiden.")


EARLIER = "Vårdcentralerna i länet erbjuder digitala besök till alla patienter varje vardag."


@pytest.mark.parametrize(
    ("first", "second", "label"),
    [
        (EARLIER, EARLIER.replace("varje vardag", "varje dag"), "REPEATS"),
        (EARLIER, EARLIER.replace("erbjuder", "erbjuder inte"), "CONTRADICTS"),
        (
            "Under 2022 erbjöd 40 vårdcentraler i länet digitala besök till alla sina patienter.",
            "Under 2024 erbjöd 60 vårdcentraler i länet digitala besök till alla sina patienter.",
            "UPDATES",
        ),
    ],
)
def test_claims_of_nearly_the_same_words(read, first: str, second: str, label: str) -> None:
    between = "Mötet hölls i Luleå och handlade om annat."
    assert found(read, f"{first}\n\n{between}\n\n{second}") == {(label, second, first)}


def test_claims_on_different_things_are_nothing_to_each_other(read) -> None:
    text = f"{EARLIER}\n\nSjukhusen i länet har fått nya lokaler med plats för fler patienter."
    assert not found(read, text)
