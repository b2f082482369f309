"""The demonstration's ecosystem: every organisation is invented, says so, and ends in .example."""

import random
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from cantine.demo.people import ORGANISATIONS
from members.models import (
    Agglomeration,
    ListingConsent,
    Organisation,
    OrganisationFact,
    OrganisationProfile,
    Sector,
)
from members.services.listing import consent_words

TOWNS = (("rouen", "Rouen", ["rouen"]), ("le-havre", "Le Havre", ["le-havre"]), ("caen", "Caen", ["caen"]))
SECTORS = (
    ("logiciel", "Logiciel", "Software"), ("sante", "Santé", "Health"), ("energie", "Énergie", "Energy"),
    ("mer", "Mer et ports", "Sea and ports"), ("alimentation", "Alimentation", "Food"),
    ("formation", "Formation", "Education"), ("culture", "Culture et jeu", "Culture and games"),
)  # fmt: skip
SAID = "Organisation inventée pour la démonstration."
SOURCE = "questionnaire inventé {year}"
REGISTER = "registre inventé"
# Town, kind, sector, name.
INVENTED = tuple(
    line.split(", ")
    for line in """\
rouen, startup, logiciel, Nuage de Colombages
rouen, startup, sante, Pouls d’Argile
rouen, startup, energie, Moulin Réversible
rouen, startup, alimentation, Pomme Pilote
rouen, startup, culture, Gargouille Vidéo
rouen, company, logiciel, Ateliers du Gros Bit
rouen, company, sante, Optique des Quais Rêvés
rouen, association, formation, Les Mains Savantes
rouen, school, formation, École des Hautes Marées
rouen, public, -, Communauté Imaginaire de l’Amont
rouen, key_account, energie, Compagnie Fictive des Fleuves
rouen, funder, -, Fonds du Pommier Inventé
rouen, incubator, logiciel, Couveuse de Papier
le-havre, startup, mer, Bouée Bavarde
le-havre, startup, mer, Quai Fantôme
le-havre, startup, logiciel, Conteneur Malin
le-havre, startup, energie, Houle Électrique
le-havre, company, mer, Remorqueurs de l’Imaginaire
le-havre, company, logiciel, Béton et Pixels
le-havre, association, culture, Le Phare à Histoires
le-havre, school, mer, Institut de la Brume
le-havre, public, -, Port Inventé de l’Estuaire
le-havre, key_account, mer, Armement Chimère
le-havre, incubator, mer, La Cale aux Idées
caen, startup, sante, Noyau Tendre
caen, startup, logiciel, Pierre à Code
caen, startup, alimentation, Haras de Tofu
caen, startup, culture, Tapisserie Interactive
caen, company, sante, Laboratoire des Plages Fictives
caen, company, -, Presqu’île Conseil Inventé
caen, association, logiciel, Les Codeuses du Bocage Rêvé
caen, school, formation, Université des Trois Pommes
caen, public, -, Communauté Imaginaire de l’Orne
caen, funder, -, Caisse des Ricochets
caen, key_account, alimentation, Laiteries Fabulées
""".splitlines()
)
JOBS = {
    "startup": (3, 24),
    "company": (8, 60),
    "association": (1, 9),
    "school": (30, 90),
    "public": (60, 400),
    "key_account": (250, 900),
    "funder": (3, 12),
    "incubator": (3, 10),
}


def build(*, now: datetime, today: date) -> int:
    """Write the towns, the sectors, the organisations and their years; how many organisations there are."""
    chance = random.Random(today.year)  # noqa: S311 - invented numbers
    towns = {
        code: Agglomeration.objects.create(code=code, name=name, position=place, site_codes=sites)
        for place, (code, name, sites) in enumerate(TOWNS)
    }
    sectors = {
        code: Sector.objects.create(code=code, name=name, name_en=english, position=place)
        for place, (code, name, english) in enumerate(SECTORS)
    }
    made = Organisation.objects.bulk_create(Organisation(name=name) for *_rest, name in INVENTED)
    profiles = [
        OrganisationProfile(
            organisation=organisation,
            kind=kind,
            sector=sectors.get(sector),
            agglomeration=towns[town],
            city=towns[town].name,
            founded_on=_founded(kind, today, chance),
            website=f"https://{_slug(name)}.example/",
            description=SAID,
        )
        for organisation, (town, kind, sector, name) in zip(made, INVENTED, strict=True)
    ]
    profiles += [
        OrganisationProfile(organisation=each, kind="company", agglomeration=towns["rouen"], description=SAID)
        for each in Organisation.objects.filter(name__in=ORGANISATIONS)
    ]
    OrganisationProfile.objects.bulk_create(profiles)
    OrganisationFact.objects.bulk_create(
        fact for profile in profiles for fact in _facts(profile, today.year, chance)
    )
    _agree(made, now)
    return len(profiles)


def _founded(kind: str, today: date, chance: random.Random) -> date | None:
    """Start-ups are a few years old; one date in nine is not known."""
    if not chance.randrange(9):
        return None
    most = 3_500 if kind == "startup" else 12_000
    return today - timedelta(days=chance.randint(200, most))


def _facts(profile: OrganisationProfile, year: int, chance: random.Random) -> Sequence[OrganisationFact]:
    """Jobs of some years; money of some start-ups. One in five was never asked."""
    if not chance.randrange(5):
        return []
    jobs, found = chance.randint(*JOBS[profile.kind]), []
    for each in range(year - 3, year + 1):
        jobs = max(1, round(jobs * chance.uniform(0.95, 1.2)))
        if chance.randrange(6):
            found.append(_fact(profile, each, "jobs", jobs, SOURCE.format(year=each)))
        if profile.kind == "startup" and not chance.randrange(3):
            found.append(_fact(profile, each, "raised", 50_000 * chance.randint(1, 24), REGISTER))
    return found


def _fact(profile: OrganisationProfile, year: int, measure: str, value: int, source: str) -> OrganisationFact:
    return OrganisationFact(
        organisation_id=profile.organisation_id,
        year=year,
        measure=measure,
        value=Decimal(value),
        source=source,
    )


def _agree(made: Sequence[Organisation], now: datetime) -> None:
    """Five in six agreed to be shown."""
    words = consent_words()
    ListingConsent.objects.bulk_create(
        ListingConsent(organisation=each, text=words, language="fr", source="accord inventé", given_at=now)
        for place, each in enumerate(made)
        if place % 6 != 5
    )


def _slug(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.replace("’", "-")).encode("ascii", "ignore").decode()
    return "-".join(bare.lower().split())
