"""The demonstration's rentals: spaces with layouts and a drawn picture, extras, and who asks for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from io import BytesIO

from PIL import Image, ImageDraw

from billing.models import Price, Product
from bookings.album import ALBUM
from bookings.models import RentalExtra, RentalLayout, RentalPicture, RentalSpace, Site, Space
from bookings.plan.drawing import hall_of, room_of
from cantine.demo import quotes
from cantine.demo.diary import Diary
from cantine.demo.project import Project
from cantine.demo.projects import WANTED, Wanted, days_of
from cantine.demo.ways import HOUR, RECENT, posted, way_of
from members.models import User
from members.pictures import prepare

WIDE, HIGH = 1600, 900
COLOURS = {"floor": "#EFE5D1", "room": "#FAF4E8", "wall": "#16262A", "table": "#FFFDF8", "edge": "#857A65"}


@dataclass(frozen=True)
class Rented:
    """One space of the demonstration that may be rented."""

    code: str
    pitch: str
    pitch_en: str
    layouts: dict[str, int]
    included: str
    included_en: str
    accessibility: str = "De plain-pied depuis la porte, toilettes accessibles à dix mètres."
    accessibility_en: str = "Step-free from the door; accessible toilets ten metres away."


RENTED: dict[str, tuple[Rented, ...]] = {
    "rouen": (
        Rented(
            "pommier",
            "Une salle calme pour huit, avec un grand écran et un tableau blanc.",
            "A quiet room for eight, with a large screen and a whiteboard.",
            {"meeting": 8, "u_shape": 8},
            "Wi-Fi\nCafé et thé\nÉcran et visioconférence",
            "Wi-Fi\nCoffee and tea\nScreen and video conferencing",
        ),
        Rented(
            "verger",
            "Les salles Pommier et Poirier réunies, cloison repliée : une formation y tient à l’aise.",
            "The Pommier and Poirier rooms joined, folding wall open: a training day fits with ease.",
            {"theatre": 30, "classroom": 18, "meeting": 16, "u_shape": 14},
            "Wi-Fi\nCafé et thé\nÉcran, visioconférence et tableau blanc",
            "Wi-Fi\nCoffee and tea\nScreen, video conferencing and whiteboard",
        ),
        Rented(
            "quai",
            "Le hall, la cuisine attenante et les portes sur la Seine : assemblées, lancements, soirées.",
            "The hall, the kitchen beside it and doors to the river: assemblies, launches, evenings.",
            {"standing": 60, "theatre": 50, "banquet": 40},
            "Wi-Fi\nVidéoprojecteur et sonorisation\nCuisine et grande table de dix\nMise en place et ménage",
            "Wi-Fi\nProjector and sound system\nKitchen and its table for ten\nSetting up and cleaning",
        ),
    ),
}
RENTED["le-havre"] = (
    Rented(
        "bollard",
        "Huit places au premier étage, et les bateaux pour horizon.",
        "Eight seats on the first floor, and ships on the horizon.",
        {"meeting": 8},
        "Wi-Fi\nCafé et thé",
        "Wi-Fi\nCoffee and tea",
        "Premier étage sans ascenseur.",
        "First floor, no lift.",
    ),
)
EXTRAS = (
    ("accueil-cafe", "Café d’accueil", "Welcome coffee", "person", "4.00", "10.00"),
    ("micros", "Deux micros sans fil", "Two wireless microphones", "rental", "60.00", "20.00"),
    ("regie", "Une personne à la régie", "Someone at the controls", "hour", "35.00", "20.00"),
)


def build(
    *, sites: Sequence[Site], since: date, diary: Diary, wanted: tuple[Wanted, ...] = WANTED, by: User
) -> frozenset[date]:
    """Offer what is rented at the sites, with prices from `since`, and note in `diary` what was asked.

    `by` is the manager who answers. Returns the days on which something is rented, or may be.
    """
    rented = {site.code: site for site in sites if site.code in RENTED}
    for site in rented.values():
        build_spaces(site, since=since)
        quotes.build_discounts(site, since=since)
    today = diary.now.astimezone(sites[0].zone).date()
    days = days_of(wanted, today)
    for each, day in days.items():
        _note(Project(each, rented[each.site], day, by), diary, today - timedelta(days=each.came))
    return frozenset(days.values())


def _note(project: Project, diary: Diary, came: date) -> None:
    zone, wanted, today = project.site.zone, project.wanted, diary.now.astimezone(project.site.zone).date()
    acts = [
        (came, time(9, wanted.people % 60), Project.ask),
        *((step.on(project, came), HOUR, step.verb) for step in way_of(project)),
        (today, time(23), Project.plan),
    ]
    for day, hour, verb in acts:
        diary.note(day, hour, zone, posted(verb, project, until=diary.now - RECENT))


def build_spaces(site: Site, *, since: date) -> None:
    """Offer a site's spaces, and the extras where it has any."""
    for position, rented in enumerate(RENTED[site.code], 1):
        _build_space(site.spaces.get(code=rented.code), rented, position)
    _build_extras(site, since)


def _build_space(space: Space, rented: Rented, position: int) -> None:
    row = RentalSpace.objects.create(
        space=space,
        position=position,
        pitch=rented.pitch,
        pitch_en=rented.pitch_en,
        included=rented.included,
        included_en=rented.included_en,
        accessibility=rented.accessibility,
        accessibility_en=rented.accessibility_en,
    )
    for kind, capacity in rented.layouts.items():
        RentalLayout.objects.create(rental_space=row, kind=kind, capacity=capacity)
    drawn = drawing_of(space)
    kept = ALBUM.keep(prepare(BytesIO(drawn), size=len(drawn)))
    RentalPicture.objects.create(
        rental_space=row,
        large=kept.large,
        small=kept.small,
        width=kept.width,
        height=kept.height,
        alt=f"Dessin vu de dessus : {space.name}, ses tables et ses chaises",
        alt_en=f"A drawing from above: {space.name}, its tables and chairs",
    )


def _build_extras(site: Site, since: date) -> None:
    for position, (code, name, name_en, per, amount, rate) in enumerate(EXTRAS, 1):
        product = Product.objects.create(
            seller=site.seller,
            code=code,
            name=name,
            name_en=name_en,
            vat_rate=Decimal(rate),
            price_basis="ht",
            report_category="locations",
            revenue_account="708300",
        )
        Price.objects.create(product=product, amount=Decimal(amount), valid_from=since)
        RentalExtra.objects.create(site=site, product=product, per=per, position=position)


def drawing_of(space: Space) -> bytes:
    """The space from above, with its furniture, as a picture: the plan's own shapes, larger."""
    parts = [part.atom for part in space.parts.select_related("atom")]
    image = Image.new("RGB", (WIDE, HIGH), COLOURS["floor"])
    draw = ImageDraw.Draw(image)
    scale = min((WIDE - 160) / space.w, (HIGH - 160) / space.h)
    left, top = (WIDE - space.w * scale) / 2 - space.x * scale, (HIGH - space.h * scale) / 2 - space.y * scale

    def place(x: float, y: float) -> tuple[float, float]:
        return left + x * scale, top + y * scale

    ends = (*place(space.x, space.y), *place(space.x + space.w, space.y + space.h))
    draw.rectangle(ends, fill=COLOURS["room"], outline=COLOURS["wall"], width=14)
    for part in parts:
        things = (hall_of if part.kind == Space.Kind.HALL else room_of)(part).furniture
        for box in things.tables:
            corners = (*place(box.x, box.y), *place(box.x + box.w, box.bottom))
            draw.rounded_rectangle(corners, 30, fill=COLOURS["table"], outline=COLOURS["edge"], width=6)
        for disc in (*things.discs, *things.seats):
            corners = (*place(disc.x - disc.r, disc.y - disc.r), *place(disc.x + disc.r, disc.y + disc.r))
            fill = COLOURS["table"] if disc in things.discs else COLOURS["floor"]
            draw.ellipse(corners, fill=fill, outline=COLOURS["edge"], width=6)
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
