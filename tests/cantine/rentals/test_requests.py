"""Renting in /gestion/: requests are read, spaces and pictures are kept, by the manager only."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from bookings.models import RentalPicture, RentalRequest, RentalSpace, Site
from cantine.gestion.counts import waiting
from tests.factories.bookings import NOW
from tests.factories.members import make_superuser, make_user
from tests.factories.rentals import make_rental_request

pytestmark = pytest.mark.django_db
LIST = "admin:bookings_rentalrequest_changelist"
NO_ROWS = {
    f"{prefix}-{name}": value
    for prefix in ("layouts", "pictures")
    for name, value in (("TOTAL_FORMS", "0"), ("INITIAL_FORMS", "0"))
}


def test_requests_are_listed_by_state_and_age_and_never_changed(client: Client, site: Site) -> None:
    fresh = make_rental_request(site, organisation_name="Nuages bas")
    old = make_rental_request(site, state="quoted", received_at=NOW.replace(month=10))
    assertContains(client.get(reverse(LIST)), "Nuages bas")
    assertNotContains(client.get(reverse(LIST), {"state__exact": "quoted"}), "Nuages bas")
    assertNotContains(client.get(reverse(LIST), {"recue": "semaine"}), old.name)
    assertNotContains(client.get(reverse(LIST), {"recue": "avant"}), "Nuages bas")
    record = reverse("admin:bookings_rentalrequest_change", args=[fresh.pk])
    page = client.get(record)
    assertContains(page, fresh.purpose)
    assertNotContains(page, fresh.key)
    assert client.post(record, {"state": "won"}).status_code == 403
    assert RentalRequest.objects.get(pk=fresh.pk).state == "received"


def test_what_waits_is_counted_beside_the_nav(client: Client, site: Site) -> None:
    make_rental_request(site)
    make_rental_request(site, state="quoted")
    assert waiting(make_superuser())["rentals"] == 1
    assertContains(client.get(reverse("admin:index")), "Locations")


def test_the_key_is_not_searched_for_nor_filtered_by(client: Client, site: Site) -> None:
    found = make_rental_request(site)
    assertNotContains(client.get(reverse(LIST), {"q": found.key}), found.name)
    assert client.get(reverse(LIST), {"key__startswith": found.key[0]}).status_code in {302, 400}


def picture(size: tuple[int, int] = (800, 450)) -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", size, "#F6CB57").save(drawn, "PNG")
    return SimpleUploadedFile("salle.png", drawn.getvalue(), content_type="image/png")


def rows(**fields: object) -> dict[str, object]:
    named = {f"pictures-0-{name}": value for name, value in fields.items()}
    return {**NO_ROWS, "pictures-TOTAL_FORMS": "1", "position": "1", "is_public": "on", **named}


def test_a_picture_is_drawn_anew_and_says_what_it_shows(client: Client, site: Site) -> None:
    rental = RentalSpace.objects.get(space__code="quai", space__site=site)
    form = rows(file=picture(), alt="Le hall", position="0")
    layouts = {
        "layouts-TOTAL_FORMS": "0",
        "layouts-INITIAL_FORMS": "0",
    }
    change = reverse("admin:bookings_rentalspace_change", args=[rental.pk])
    assert client.post(change, {**form, **layouts}).status_code == 302
    kept = RentalPicture.objects.get()
    assert (kept.width, kept.height, kept.alt, kept.small_width) == (800, 450, "Le hall", 480)
    assertContains(client.get(change), 'src="data:image/jpeg;base64,')


@pytest.mark.parametrize("file", [None, SimpleUploadedFile("salle.svg", b"<svg></svg>")])
def test_a_picture_without_a_file_or_that_is_none_is_refused(
    client: Client, site: Site, file: SimpleUploadedFile | None
) -> None:
    rental = RentalSpace.objects.get(space__code="quai", space__site=site)
    form = rows(alt="Le hall", position="0", **({"file": file} if file else {}))
    page = client.post(reverse("admin:bookings_rentalspace_change", args=[rental.pk]), form)
    assert page.status_code == 200
    assert not RentalPicture.objects.exists()


def test_a_treasurer_reads_and_a_volunteer_does_not(site: Site) -> None:
    make_rental_request(site)
    for role, status in (("treasurer", 200), ("volunteer", 403)):
        browser = Client()
        browser.force_login(make_user(role=role))
        assert browser.get(reverse(LIST)).status_code == status
