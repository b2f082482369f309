"""The same answers asked on a terminal: what stands is proposed and kept by Enter."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from bookings.models import Site, Tariff
from cantine.roles import synchronise
from cantine.setup.answers import gather
from cantine.setup.applying import apply
from cantine.setup.asking import Asker
from members.models import User
from tests.cantine.setup.files import write_files

pytestmark = pytest.mark.django_db
FIRST = {
    "Name of the association": ["", "Association Essai"],
    "Legal form": ["association loi 1901"],
    "Street": ["1, rue de l’Exemple", "1, rue de l’Exemple"],
    "Postcode": ["76000", "76000"],
    "Town": ["Rouen", "Rouen"],
    "SIREN": ["123 456 789", "000 000 000"],
    "VAT regime": ["aucun", "franchise"],
    "E-mail for questions": ["compta@cantine.example"],
    "Name of the site": ["Rouen"],
    "Open on": ["monday-friday"],
    "Morning": ["9 à 13", "09:00-13:00"],
    "Afternoon": ["13:00-18:00"],
    "A desk for half a day, anyone": ["neuf", "9,00"],
    "E-mail of the first manager": ["gestion@cantine.example"],
}


def answering(script: dict[str, list[str]]) -> tuple[list[str], Asker]:
    """Someone at a terminal: answers by the beginning of the question, Enter where there is none left."""
    said: list[str] = []
    left: dict[str, Iterator[str]] = {begin: iter(answers) for begin, answers in script.items()}

    def ask(question: str) -> str:
        said.append(question)
        begin = next((each for each in left if question.startswith(each)), "")
        return next(left[begin], "") if begin else ""

    return said, Asker(ask, said.append)


def test_a_place_is_described_on_a_terminal_and_wrong_answers_are_asked_again(tmp_path: Path) -> None:
    synchronise()
    write_files(tmp_path)
    said, asker = answering({**FIRST, "File of the spaces": ["nulle-part", str(tmp_path / "spaces.csv")]})
    apply(gather(asker.all(), folder=tmp_path), now=timezone.now(), password="la-table-est-mise-24")
    site = Site.objects.get()
    assert (site.seller.siren, site.seller.vat_regime) == ("000000000", "franchise")
    assert site.spaces.count() == 5
    assert site.opening_hours.count() == 10
    assert Tariff.objects.get().half_day == Decimal("9.00")
    assert User.objects.get().check_password("la-table-est-mise-24")
    assert sum("This one is needed" in line for line in said) == 1
    assert any("SIREN" in line and "valid" in line for line in said)


def test_enter_everywhere_changes_nothing(tmp_path: Path) -> None:
    synchronise()
    write_files(tmp_path)
    _said, first = answering({**FIRST, "File of the spaces": [str(tmp_path / "spaces.csv")]})
    apply(gather(first.all(), folder=tmp_path), now=timezone.now())
    said, asker = answering({})
    assert asker.all() == {}
    assert any("[Association Essai]" in line for line in said)


def test_a_weak_password_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    synchronise()
    answers = gather({"manager": {"email": "gestion@cantine.example"}}, folder=tmp_path)
    with pytest.raises(Exception, match="this password is refused"):
        apply(answers, now=timezone.now(), password="court")
    assert not User.objects.exists()
