"""The page of an event as someone fills it in."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from bookings.models import Site
from members.models import User
from tests.factories.events import make_category

DAY = timezone.localdate() + timedelta(days=10)


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def url(name: str, *args: object) -> str:
    return reverse(f"events:{name}", args=args)


def typed(site: Site, **fields: Any) -> dict[str, Any]:
    """What the page sends when its few fields are filled in."""
    data: dict[str, Any] = {
        "title": "Midi technique",
        "category": make_category().pk,
        "description": "Apportez **une page**.",
        "day": DAY.isoformat(),
        "starts": "12:30",
        "ends": "13:45",
        "site": site.pk,
        "where": "room",
        "space": site.spaces.get(code="a").pk,
        "tarif-0-pricing": "free",
        "audience": "public",
        "language": "fr",
        "setup_minutes": "30",
        "clearing_minutes": "15",
        "refund_hours": "24",
        "has_waiting_list": "on",
        **{f"tarif-{n}-limit": "4" for n in range(3)},
        **{f"question-{n}-kind": "text" for n in range(4)},
    }
    return {**data, **fields}


def picture(size: tuple[int, int] = (900, 600)) -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", size, "teal").save(drawn, "PNG")
    return SimpleUploadedFile("photo.png", drawn.getvalue(), "image/png")
