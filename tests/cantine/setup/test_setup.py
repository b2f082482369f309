"""`manage.py setup` from a file: an empty database becomes a place that sells; repeated, nothing changes."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from billing.customers import customer_for
from billing.models import Document, Seller
from billing.settlement.services import take_at_desk
from bookings.models import Booking, OpeningHours, Site, Space, SpacePart, StaffSite, Tariff
from bookings.services import availability
from bookings.services.booking import book_space
from cantine.roles import synchronise, take_role
from cantine.setup import checklist
from cantine.watching import nightly
from cantine.watching.models import Nightly
from members import reach
from members.legal_pages import seed
from members.models import Message, Page, User
from tests.cantine.setup.files import ANSWERS, SPACES, write_files
from tests.factories.billing import make_mentions
from tests.factories.bookings import make_house
from tests.factories.members import make_user
from tests.factories.places import working_day

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty(settings: Settings) -> None:
    """What migrations leave: roles, mentions, pages; cards are off."""
    settings.STRIPE_SECRET_KEY = "off"
    settings.DEFAULT_FROM_EMAIL = "La Cantine <bonjour@cantine-essai.fr>"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    synchronise()
    make_mentions()
    seed(Page, date(2020, 1, 1))


def setup(file: Path, *options: str) -> str:
    said = StringIO()
    call_command("setup", *options, answers=file, stdout=said)
    return said.getvalue()


def refused(file: Path) -> str:
    with pytest.raises(CommandError) as error:
        setup(file)
    return str(error.value)


def test_a_place_from_a_file_of_answers(tmp_path: Path) -> None:
    said = setup(write_files(tmp_path))
    site = Site.objects.get()
    assert (site.code, site.seller.code, site.seller.siren) == ("rouen", "essai", "000000000")
    assert not site.seller.specimen
    assert OpeningHours.objects.filter(site=site, half="morning", opens=time(9)).count() == 5
    assert site.spaces.get(code="poste-1").label == "Poste 1"
    assert {each.code for each in site.spaces.get(code="poste-1").equipment.all()} == {"prise", "ecran"}
    verger = Space.objects.get(code="verger")
    assert set(verger.parts.values_list("atom__code", flat=True)) == {"pommier", "poirier"}
    assert Tariff.objects.get(kind="desk").half_day == Decimal("9.00")
    manager = User.objects.get(email="gestion@cantine.example")
    assert manager.has_role("manager")
    assert manager.is_staff
    assert Message.objects.get(template="setup/trial").state == Message.SENT
    assert "sent from La Cantine <bonjour@cantine-essai.fr>" in said
    assert "lock_timeout 5s, statement_timeout 30s" in said
    assert "seller essai: added" in said


def test_the_limits_are_kept_on_the_role(tmp_path: Path) -> None:
    setup(write_files(tmp_path))
    with connection.cursor() as cursor:
        cursor.execute("SELECT setconfig FROM pg_db_role_setting WHERE setrole = current_user::regrole")
        kept = [setting for (settings,) in cursor.fetchall() for setting in settings]
    assert {"lock_timeout=5s", "statement_timeout=30s"} <= set(kept)


def test_repeating_it_changes_nothing(tmp_path: Path) -> None:
    file = write_files(tmp_path)
    setup(file)
    before = [
        list(model.objects.order_by("pk").values()) for model in (Seller, Site, Space, Tariff, SpacePart)
    ]
    hours = set(OpeningHours.objects.values_list("pk", flat=True))
    said = setup(file)
    assert "0 changes" in said
    after = [
        list(model.objects.order_by("pk").values()) for model in (Seller, Site, Space, Tariff, SpacePart)
    ]
    assert before == after
    assert hours == set(OpeningHours.objects.values_list("pk", flat=True))


def test_a_short_file_changes_only_what_it_says(tmp_path: Path) -> None:
    setup(write_files(tmp_path))
    said = setup(write_files(tmp_path, '[site]\nphone = "02 35 00 00 00"\n'))
    assert "phone: nothing → 02 35 00 00 00" in said
    assert "1 changes" in said
    site = Site.objects.get()
    assert (site.city, site.phone) == ("Rouen", "02 35 00 00 00")


def test_a_new_price_ends_the_one_before(tmp_path: Path) -> None:
    setup(write_files(tmp_path))
    Tariff.objects.update(valid_from=date(2026, 1, 1))
    tariff = ANSWERS[ANSWERS.index("[[tariffs]]") : ANSWERS.index('[[tariffs]]\nkind = "room"')]
    setup(write_files(tmp_path, tariff.replace("9.00", "10.00")))
    old, new = Tariff.objects.filter(kind="desk").order_by("valid_from")
    assert (old.half_day, new.half_day) == (Decimal("9.00"), Decimal("10.00"))
    assert old.valid_to is not None
    assert (new.valid_from - old.valid_to).days == 1


@pytest.mark.parametrize(
    ("changed", "to", "said"),
    [
        ('siren = "000 000 000"', 'siren = "123 456 789"', "line 9, seller.siren"),
        ('iban = "FR76 9999', 'iban = "FR76 9998', "line 12, seller.iban"),
        ('vat_regime = "franchise"', 'vat_regime = "aucun"', "line 10, seller.vat_regime"),
        ('city = "Rouen"\nholidays', 'citty = "Rouen"\nholidays', "line 18, site.citty: nobody asks"),
        ('days = "monday-friday"', 'days = "toujours"', "line 22, hours 1.days"),
        ('morning = "09:00-13:00"', 'morning = "9 à 13"', "line 23, hours 1.morning"),
        ('product = "poste"', 'product = "table"', "line 40, tariffs 1.product: known articles are"),
        ("half_day = 9.00", "half_day = -1", "line 41, tariffs 1.half_day"),
        ('email = "Gestion@', 'email = "Gestion', "line 51, manager.email"),
        ('csv = "spaces.csv"', 'csv = "autre.csv"', "line 27, spaces.csv"),
        ("[[hours]]", "[hours]", "hours: its heading is [[hours]]."),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_told_by_its_line_and_nothing_is_written(
    tmp_path: Path, changed: str, to: str, said: str
) -> None:
    assert changed in ANSWERS
    told = refused(write_files(tmp_path, ANSWERS.replace(changed, to, 1)))
    assert said in told
    assert not Seller.objects.exists()
    assert not User.objects.exists()


def test_a_row_of_the_table_of_spaces_is_told_by_its_line(tmp_path: Path) -> None:
    spaces = SPACES.replace("poirier;salle;", "poirier;grange;").replace("pommier+poirier", "pommier+figuier")
    told = refused(write_files(tmp_path, spaces=spaces))
    assert "figuier" in told
    assert "spaces" in told
    assert not Space.objects.exists()


def test_what_is_no_toml_is_told_by_its_line(tmp_path: Path) -> None:
    assert "line 3" in refused(write_files(tmp_path, '[seller]\nname = "Essai"\ncity = Rouen\n'))


def test_a_trial_writes_nothing(tmp_path: Path) -> None:
    said = setup(write_files(tmp_path), "--check")
    assert "would change  site rouen: added" in said
    assert not Site.objects.exists()


def test_the_example_is_read_as_it_is_printed(tmp_path: Path) -> None:
    printed = StringIO()
    call_command("setup", example=True, stdout=printed)
    said = setup(write_files(tmp_path, printed.getvalue()))
    assert "site rouen: added" in said


def test_the_manager_chooses_a_password_by_a_link_that_serves_once(tmp_path: Path, client: Client) -> None:
    said = setup(write_files(tmp_path))
    (link,) = re.findall(r"https?://[^/]+(/premier-acces/\S+)", said)
    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    chosen = {"new_password1": "la-table-est-mise-24", "new_password2": "la-table-est-mise-24"}
    assert client.post(form, chosen).status_code == 302
    assert User.objects.get().check_password("la-table-est-mise-24")
    again = Client().get(link, follow=True)
    assert "a déjà servi" in again.content.decode()
    assert "premier-acces" not in setup(write_files(tmp_path))


def test_other_managers_and_the_treasurer_are_named_too_each_with_a_link(tmp_path: Path) -> None:
    more = """
[[managers]]
email = "une@cantine.example"
sites = ["rouen"]

[treasurer]
email = "comptes@cantine.example"
"""
    wrong = refused(write_files(tmp_path, ANSWERS + more.replace('"rouen"', '"caen"')))
    assert "managers 1.sites: no site has the code caen; known are rouen." in wrong
    assert not User.objects.exists()
    said = setup(write_files(tmp_path, ANSWERS + more))
    assert len(re.findall(r"/premier-acces/", said)) == 3
    one, treasurer = (User.objects.get(email=f"{who}@cantine.example") for who in ("une", "comptes"))
    assert (reach.of(one).everywhere, set(reach.of(one).codes)) == (False, {"rouen"})
    assert treasurer.roles == {"treasurer"}
    assert "0 changes" in setup(write_files(tmp_path, ANSWERS + more))


def test_repeating_it_gives_no_role_back_to_who_left(tmp_path: Path) -> None:
    file = write_files(tmp_path, ANSWERS + '[treasurer]\nemail = "comptes@cantine.example"\n')
    setup(file)
    manager, treasurer = (User.objects.get(email=f"{who}@cantine.example") for who in ("gestion", "comptes"))
    take_role(user=manager, role="manager", by=None)
    take_role(user=treasurer, role="treasurer", by=None)
    told = refused(file)
    assert "manage.py role gestion@cantine.example --give manager." in told
    assert "manage.py role comptes@cantine.example --give treasurer." in told
    assert not any(user.groups.exists() for user in (manager, treasurer))
    assert not StaffSite.objects.current().exists()


def test_roles_are_given_and_taken_by_name_on_the_machine(tmp_path: Path) -> None:
    setup(write_files(tmp_path))
    user = make_user(email="nora@cantine.example")

    def role(*options: str) -> str:
        said = StringIO()
        call_command("role", "Nora@cantine.example", *options, stdout=said)
        return said.getvalue().strip()

    assert role("--give", "manager", "--sites", "rouen") == f"{user.email}: coworker; manager of rouen"
    assert role("--give", "treasurer") == f"{user.email}: coworker; manager of rouen; treasurer"
    assert User.objects.get(pk=user.pk).is_staff
    with pytest.raises(CommandError, match="Codes of sites are: rouen"):
        role("--give", "manager", "--sites", "rouen,caen")
    assert role("--take", "manager") == role() == f"{user.email}: coworker; treasurer"
    assert not StaffSite.objects.current().filter(user=user).exists()


def test_a_price_of_today_counts_as_soon_as_it_is_midnight_in_rouen() -> None:
    site = make_house()
    Tariff.objects.filter(site=site).update(valid_from=date(2026, 12, 1))
    eve, after = (datetime(2026, 11, 30, hour, 30, tzinfo=UTC) for hour in (22, 23))
    said = [{each.name: each.done for each in checklist.points(when)} for when in (eve, after)]
    assert [each["tariffs"] for each in said] == [False, True]


def test_from_an_empty_folder_to_a_booking_paid_and_invoiced_and_a_green_list(
    tmp_path: Path, settings: Settings
) -> None:
    now = timezone.now()
    assert not any(
        point.done for point in checklist.points(now) if point.name in {"seller", "hours", "manager"}
    )
    setup(write_files(tmp_path))
    site, manager = Site.objects.get(), User.objects.get()
    site.desk_payment = True
    site.save()
    user = make_user()
    period = availability.half_period(site=site, day=working_day(), half="morning")
    booking = book_space(
        space=site.spaces.get(code="poste-1"), period=period, customer=customer_for(user), by=user, now=now
    )
    assert booking.line
    take_at_desk(order=booking.line.order, method="cash", by=manager, now=now)
    booking.refresh_from_db()
    assert booking.state == Booking.State.CONFIRMED
    document = Document.objects.get()
    assert re.fullmatch(r"FA-\d{4}-00001", document.number)
    assert not document.specimen
    assert document.total_incl == Decimal("9.00")
    assert document.total_vat == 0
    left = {point.name for point in checklist.points(now) if not point.done}
    assert left == {"pages", "backup", "manager"}
    Page.objects.update(body="Tout est dit.")
    nightly.note(Nightly.What.BACKUP, now=now)
    Authenticator.objects.create(user=manager, type=Authenticator.Type.TOTP, data={"secret": "essai"})
    assert all(point.done for point in checklist.points(now))
