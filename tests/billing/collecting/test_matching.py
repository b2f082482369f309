"""Whose transfer it is: references whatever banks make of them, then amounts and names."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.collecting.matching import Candidate, guesses, names, shared

CENTS = st.decimals(min_value=0, max_value=10_000, places=2)


@pytest.mark.parametrize(
    "text",
    [
        "VIR SEPA FA-2026-00012 MERCI",
        "vir fa 2026 00012",
        "/INV/FA202600012 25.11.2026",
        "Fa_2026/00012",
        "FA-2026-000 12",
    ],
)
def test_a_reference_is_found_whatever_the_bank_made_of_it(text: str) -> None:
    assert names(text, "FA-2026-00012")


@pytest.mark.parametrize(
    "text", ["FA-2026-000123", "XFA-2026-00012", "FA-2026-0012", "", "VIR DE NUAGES BAS", "AV-2026-00012"]
)
def test_another_reference_is_not(text: str) -> None:
    assert not names(text, "FA-2026-00012")


def test_the_short_reference_of_an_order_stands_alone() -> None:
    assert names("virement 3hk 7px", "3HK-7PX")
    assert not names("REF A3HK7PXZ", "3HK-7PX")
    assert not names("anything", "")


def candidate(key: str, owed: str = "36.00", name: str = "Nuages bas") -> Candidate:
    return Candidate(key, (f"FA-2026-0000{key}",), 1, name, Decimal(owed))


def test_what_the_words_name_comes_first_then_name_and_amount_then_either() -> None:
    rows = [candidate("1", name="Autre"), candidate("2"), candidate("3", "50.00"), candidate("4", "99.00")]
    found = guesses("VIR NUAGES BAS fa 2026 00004", Decimal("36.00"), rows)
    assert [(each.candidate.key, each.reasons) for each in found] == [
        ("4", ("reference", "name")),
        ("2", ("amount", "name")),
        ("1", ("amount",)),
        ("3", ("name",)),
    ]
    assert guesses("rien", Decimal("1.00"), rows) == []


def test_a_name_is_all_its_longer_words_without_accents() -> None:
    (found,) = guesses(
        "VIR COOPERATIVE DES HETRES", Decimal("1.00"), [candidate("1", name="Coopérative des Hêtres")]
    )
    assert found.reasons == ("name",)
    assert (
        guesses(
            "VIR COOPERATIVE DES CHENES", Decimal("1.00"), [candidate("1", name="Coopérative des Hêtres")]
        )
        == []
    )
    assert guesses("VIR X", Decimal("1.00"), [candidate("1", name="Zoé")]) == []


@given(amount=CENTS, owed=st.lists(CENTS, max_size=6))
def test_sharing_loses_no_cent_and_passes_no_debt(amount: Decimal, owed: list[Decimal]) -> None:
    parts = shared(amount, owed)
    assert all(Decimal(0) <= part <= debt for part, debt in zip(parts, owed, strict=True))
    assert sum(parts, Decimal(0)) == min(amount, sum(owed, Decimal(0)))
