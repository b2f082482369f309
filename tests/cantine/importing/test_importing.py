"""Tables taken over: judged first, written once confirmed, and the same again changes nothing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from bookings.models import Booking, Occupancy
from bookings.services.freeing import cancel_booking
from cantine.audit.report import CHECKS
from cantine.importing import services
from cantine.importing.models import Import
from members.errors import WrongState
from members.models import Affiliation, Membership, Message, Organisation, User
from tests.factories.members import make_membership, make_user
from tests.factories.places import Place, make_booked, make_place

pytestmark = pytest.mark.django_db
PEOPLE = """Adresse électronique;Prénom et nom;Langue;Entreprise
ines@cantine.example;Inès Essai;français;Atelier Essai
MALO@cantine.example;Malo Essai;anglais;atelier essai
sans-adresse;Personne;;
ines@cantine.example;Inès Double;;
octave@cantine.example;Octave Essai;klingon;
"""


def read(kind: str, text: str, *, place: Place | None = None) -> Import:
    return services.read_table(
        kind=kind,
        site=place.site if place else None,
        content=text.encode("cp1252"),
        file_name="essai.csv",
        by=User.objects.filter(groups__name="manager").first() or make_user(role="manager"),
        now=timezone.now(),
    )


def taken_over(kind: str, text: str, *, place: Place | None = None) -> Import:
    job = services.confirm(job=read(kind, text, place=place), by=User.objects.all()[0], now=timezone.now())
    services.run(job.pk, now=timezone.now())
    job.refresh_from_db()
    assert job.state == Import.State.DONE
    return job


def counts(job: Import) -> tuple[int, int, int, int]:
    return job.added, job.changed, job.same, job.wrong


def test_a_preview_writes_nothing_and_says_what_is_wrong_where() -> None:
    job = read("people", PEOPLE)
    assert counts(job) == (2, 0, 0, 3)
    assert [(line, column) for line, column, _text in job.problems] == [
        (4, "adresse électronique"),
        (5, "adresse électronique"),
        (6, "langue"),
    ]
    assert "ligne 2" in job.problems[1][2]
    assert not User.objects.filter(email="ines@cantine.example").exists()


def test_people_come_without_a_password_and_with_their_organisation() -> None:
    job = taken_over("people", PEOPLE)
    assert counts(job) == (2, 0, 0, 3)
    malo = User.objects.get(email="malo@cantine.example")
    assert (malo.name, malo.language) == ("Malo Essai", "en")
    assert malo.has_role("coworker")
    assert not malo.is_staff
    assert not malo.has_usable_password()
    assert Organisation.objects.count() == 1
    assert Affiliation.objects.filter(may_pay=False).count() == 2
    assert job.text == ""


def test_the_same_people_again_change_nothing() -> None:
    taken_over("people", PEOPLE)
    before = list(User.objects.order_by("pk").values())
    again = taken_over("people", PEOPLE)
    assert counts(again) == (0, 0, 2, 3)
    assert list(User.objects.order_by("pk").values()) == before
    assert Affiliation.objects.count() == 2


def test_what_someone_says_of_themselves_stays() -> None:
    user = make_user(email="ines@cantine.example", name="Inès Malandain")
    job = taken_over("people", "email;nom\nines@cantine.example;Autre Nom\n")
    assert counts(job) == (0, 0, 1, 0)
    user.refresh_from_db()
    assert user.name == "Inès Malandain"


def test_memberships_by_person_or_organisation_and_first_day() -> None:
    taken_over("people", PEOPLE)
    text = (
        "adresse électronique;organisation;du;au\n"
        "ines@cantine.example;;01/01/2027;31/12/2027\n"
        ";ATELIER ESSAI;01/01/2027;\n"
        "inconnu@cantine.example;;01/01/2027;\n"
        "ines@cantine.example;Atelier Essai;01/01/2027;\n"
        "ines@cantine.example;;01/06/2027;\n"
        "malo@cantine.example;;31/12/2027;01/01/2027\n"
    )
    job = taken_over("memberships", text)
    assert counts(job) == (2, 0, 0, 4)
    assert [line for line, _column, _text in job.problems] == [4, 5, 6, 7]
    assert Membership.objects.filter(source="import").count() == 2
    again = taken_over("memberships", text)
    assert counts(again) == (0, 0, 2, 4)
    assert set(Membership.objects.values_list("site_code", flat=True)) == {""}
    longer = taken_over("memberships", text.replace("31/12/2027\n", "30/06/2028\n", 1))
    assert counts(longer) == (0, 1, 1, 4)
    assert Membership.objects.get(user__email="ines@cantine.example").valid_to == date(2028, 6, 30)


def test_memberships_of_a_site_say_so() -> None:
    place = make_place()
    make_user(email="ines@cantine.example")
    taken_over("memberships", "email;du\nines@cantine.example;01/01/2027\n", place=place)
    assert Membership.objects.get().site_code == place.site.code


def test_a_membership_does_not_begin_within_another() -> None:
    user = make_user(email="ines@cantine.example")
    make_membership(user=user, valid_from=date(2026, 1, 1))
    assert counts(read("memberships", "email;du\nines@cantine.example;01/01/2027\n")) == (0, 0, 0, 1)


def of_bookings(place: Place) -> str:
    day = f"{place.day:%d/%m/%Y}"
    return (
        "e-mail;espace;date;moment;de;à\n"
        f"ines@cantine.example;poste-1;{day};matin;;\n"
        f"ines@cantine.example;Salle Pommier;{day};;9h;10h30\n"
        f"ines@cantine.example;poste-2;{day};matin;;\n"  # taken by another
        f"ines@cantine.example;Le Verger;{day};;10h;11h\n"  # Pommier is part of it
        f"ines@cantine.example;poste-9;{day};matin;;\n"
        f"ines@cantine.example;poste-3;{place.day - timedelta(days=60):%d/%m/%Y};matin;;\n"
        f"ines@cantine.example;poste-3;{day};;9h;10h\n"  # desks go by half-days
        f"inconnu@cantine.example;poste-3;{day};matin;;\n"
    )


def test_bookings_take_their_places_and_conflicts_are_told() -> None:
    place = make_place()
    user = make_user(email="ines@cantine.example")
    make_booked(make_user(), place.desk(2), place.morning())
    job = read("bookings", of_bookings(place), place=place)
    assert counts(job) == (2, 0, 0, 6)
    assert Booking.objects.count() == 1
    done = taken_over("bookings", of_bookings(place), place=place)
    assert counts(done) == (2, 0, 0, 6)
    assert [line for line, _column, _text in done.problems] == [4, 5, 6, 7, 8, 9]
    mine = Booking.objects.filter(customer__user=user)
    assert {booking.state for booking in mine} == {Booking.State.CONFIRMED}
    assert all(booking.line is None for booking in mine)
    assert Occupancy.objects.filter(booking__in=mine).count() == 2
    templates = set(Message.objects.filter(to=user.email).values_list("template", flat=True))
    assert templates == {"bookings/reminder"}
    for name, check in CHECKS:
        if name[0] in "12":
            assert list(check(timezone.now())) == [], name


def test_bookings_again_change_nothing_even_once_cancelled() -> None:
    place = make_place()
    user = make_user(email="ines@cantine.example")
    taken_over("bookings", of_bookings(place), place=place)
    cancelled = Booking.objects.get(customer__user=user, space__code="poste-1")
    cancel_booking(booking=cancelled, by=user, now=timezone.now())
    before = list(Booking.objects.order_by("pk").values())
    again = taken_over("bookings", of_bookings(place), place=place)
    assert again.added == 0
    assert again.same == 3
    assert list(Booking.objects.order_by("pk").values()) == before


def test_a_place_taken_since_the_preview_is_refused_and_nothing_else() -> None:
    place = make_place()
    make_user(email="ines@cantine.example")
    job = services.confirm(
        job=read("bookings", of_bookings(place), place=place), by=User.objects.all()[0], now=timezone.now()
    )
    make_booked(make_user(), place.desk(1), place.morning())
    services.run(job.pk, now=timezone.now())
    job.refresh_from_db()
    assert counts(job) == (2, 0, 0, 6)
    assert job.problems[0][:2] == [2, "espace"]


def test_a_worker_killed_half_way_leaves_the_rest_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cantine.importing.people.BATCH", 2)
    job = services.confirm(job=read("people", PEOPLE), by=User.objects.all()[0], now=timezone.now())
    with monkeypatch.context() as patch:
        patch.setattr("cantine.importing.services._batch", first_batch_only())
        services.run(job.pk, now=timezone.now())
    job.refresh_from_db()
    assert (job.position, job.state) == (2, Import.State.RUNNING)
    assert not services.run(job.pk, now=timezone.now())  # the one that was killed still holds it
    assert services.run_due(timezone.now() + services.LEASE * 2) == 1
    job.refresh_from_db()
    assert counts(job) == (2, 0, 0, 3)
    assert len(job.problems) == 3


def first_batch_only() -> object:
    """Write one batch as usual, then stop as a kill would."""
    real, done = services._batch, list[bool]()

    def batch(*args: object, **kwargs: object) -> bool:
        if done:
            return False
        done.append(True)
        return real(*args, **kwargs)  # type: ignore[arg-type]

    return batch


def test_an_import_is_confirmed_once_and_what_nobody_confirms_is_forgotten() -> None:
    job = read("people", PEOPLE)
    services.drop(job=job, now=timezone.now())
    with pytest.raises(WrongState):
        services.confirm(job=job, by=job.asked_by, now=timezone.now())
    left = read("people", PEOPLE)
    assert services.forget_unconfirmed(timezone.now() + timedelta(days=8)) == 1
    left.refresh_from_db()
    assert (left.state, left.text) == (Import.State.DROPPED, "")
