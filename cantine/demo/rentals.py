"""The demonstration's rentals: spaces with layouts and a drawn picture, extras, invented requests."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

from PIL import Image, ImageDraw

from billing.models import Price, Product
from bookings.album import ALBUM
from bookings.models import (
    RentalExtra,
    RentalLayout,
    RentalPicture,
    RentalRequest,
    RentalSpace,
    Site,
    Space,
)
from bookings.period import Period, at
from bookings.plan.drawing import hall_of, room_of
from bookings.services.rentals.requesting import Asked, Who, request_rental
from cantine.demo import quotes
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


@dataclass(frozen=True)
class Wanted:
    """An invented request: days since it came, days until the day, and how far it has come."""

    came: int
    ahead: int
    hours: tuple[int, int]
    space: str
    people: int
    who: str
    organisation: str
    purpose: str
    state: str = "received"
    reason: str = ""
    layout: str = ""
    extras: tuple[str, ...] = ()
    buyer: str = "business"
    language: str = "fr"
    next_action: str = ""
    quote: str = ""


WANTED = (
    Wanted(0, 17, (14, 18), "quai", 45, "Maud Essai", "Coopérative des Nuages bas",
           "Assemblée générale, puis un buffet.", layout="theatre", extras=("accueil-cafe", "micros"),
           buyer="association"),
    Wanted(1, 24, (9, 17), "verger", 12, "Basile Essai", "Atelier du Pont imaginaire",
           "Une journée de formation à deux voix.", layout="classroom", extras=("accueil-cafe",),
           quote="draft"),
    Wanted(2, 40, (10, 12), "", 20, "Rose Essai", "", "Un anniversaire d’entreprise, rien de décidé encore."),
    Wanted(4, 30, (9, 12), "pommier", 6, "Ivan Essai", "Studio Brume fictive",
           "Entretiens, trois matinées.", next_action="Rappeler pour les autres matinées"),
    Wanted(6, 21, (18, 22), "quai", 60, "Ada Essai", "Jeune pousse inventée",
           "Soirée de lancement.", state="quoted", layout="standing", extras=("micros", "regie"),
           next_action="Relancer si rien le 3", quote="sent"),
    Wanted(9, 35, (9, 18), "verger", 16, "Hugo Essai", "Mairie d’un lieu qui n’existe pas",
           "Séminaire d’équipe.", state="quoted", layout="meeting", buyer="public", quote="expired"),
    Wanted(12, 45, (9, 18), "quai", 40, "Nina Essai", "Example Partners", "A product day with lunch.",
           state="won", layout="banquet", extras=("accueil-cafe",), language="en",
           quote="accepted"),
    Wanted(20, 10, (14, 17), "verger", 10, "Paul Essai", "Association des Rives feintes",
           "Conseil d’administration.", state="won", layout="meeting", buyer="association", quote="paid"),
    Wanted(60, -20, (9, 18), "quai", 50, "Lise Essai", "École de la Marée inventée",
           "Journée des projets.", state="done", layout="theatre", buyer="public"),
    Wanted(50, -8, (18, 21), "quai", 35, "Tom Essai", "", "Une projection.", state="lost", reason="price",
           buyer="consumer", quote="refused"),
    Wanted(30, 12, (9, 12), "pommier", 8, "Zoé Essai", "Cabinet fictif", "Un atelier.", state="lost",
           reason="withdrawn"),
    Wanted(70, -3, (9, 18), "verger", 14, "Luc Essai", "Compagnie imaginée", "Répétitions.",
           state="cancelled"),
)  # fmt: skip
WAYS = {
    "received": (),
    "quoted": ("quoted",),
    "won": ("quoted", "won"),
    "done": ("quoted", "won", "done"),
    "lost": ("lost",),
    "cancelled": ("quoted", "won", "cancelled"),
}


def build(*, sites: list[Site], since: date, now: datetime) -> None:
    """Offer what is rented at the sites, with prices from `since`, and write the requests."""
    for site in sites:
        build_spaces(site, since=since)
    rouen = sites[0]
    quotes.build_discounts(rouen, since=since)
    for wanted in WANTED:
        _write(rouen, wanted, now)


def build_spaces(site: Site, *, since: date) -> None:
    """Offer a site's spaces, and the extras where it has any."""
    for position, rented in enumerate(RENTED.get(site.code, ()), 1):
        _build_space(site.spaces.get(code=rented.code), rented, position)
    if site.code in RENTED:
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


def _write(site: Site, wanted: Wanted, now: datetime) -> None:
    day = now.astimezone(site.zone).date() + timedelta(days=wanted.ahead)
    came = now - timedelta(days=wanted.came, hours=wanted.people % 5)
    start, end = (at(day, time(hour), site.zone) for hour in wanted.hours)
    extras = site.rental_extras.filter(product__code__in=wanted.extras).values_list("pk", flat=True)
    first = wanted.who.split()[0].lower()
    request = request_rental(
        asked=Asked(
            site=site,
            space=site.spaces.filter(code=wanted.space).first(),
            period=Period(start, end),
            people=wanted.people,
            purpose=wanted.purpose,
            layout=wanted.layout,
            extras=list(extras),
        ),
        who=Who(
            name=wanted.who,
            email=f"{first}.projet@cantine.example",
            organisation_name=wanted.organisation,
            buyer=wanted.buyer,
            language=wanted.language,
        ),
        now=came,
    )
    if wanted.quote:
        quotes.build(request, wanted.quote, came=came, now=now)
    _bring(request, wanted, now)


def _bring(request: RentalRequest, wanted: Wanted, now: datetime) -> None:
    """Along the arrows, one state after another."""
    request.refresh_from_db(fields=["state"])
    way = WAYS[wanted.state]
    for state in way[way.index(request.state) + 1 if request.state in way else 0 :]:
        request.state = state
        request.lost_reason = wanted.reason if state == RentalRequest.State.LOST else ""
        request.save(update_fields=["state", "lost_reason"])
    closed = wanted.state in {"done", "lost", "cancelled"}
    request.closed_at = now - timedelta(days=1) if closed else None
    request.next_action = wanted.next_action
    request.next_action_on = (now + timedelta(days=2)).date() if wanted.next_action else None
    request.save(update_fields=["closed_at", "next_action", "next_action_on"])


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
