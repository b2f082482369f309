"""P13: a search in a directory of twenty thousand people against one of two hundred."""

from django.utils import timezone

from bench.measures import ROUNDS, Bench, get, said
from bench.results import Result, Rounds, at_most
from members.models import Membership, Profile, User

FEW, MANY = 200, 20_000
READERS = 100
ASKED = ("helene+breaute", "developeur", "graphsite", "comptabilite", "toutin+urbanisme")
"""As people type: without accents, with errors, with two words."""
FIRST = (
    "Inès", "Solène", "Yanis", "Odile", "Gaspard", "Nour", "Élodie", "Malo", "Hélène", "Rachid", "Suzanne",
    "Tiphaine", "Augustin", "Léa", "Kévin", "Awa", "Florian", "Jeanne", "Octave",
)  # fmt: skip
LAST = (
    "Malandain", "Hautot", "Lecoq", "Bréauté", "Duboc", "Saffray", "Levavasseur", "Toutain", "Grandsire",
    "Anquetil", "Bourdet", "Cauchois", "Desmarais", "Ételan", "Framboisier", "Grouchet", "Houlgate",
)  # fmt: skip
TRADES = (
    "Développeuse", "Graphiste", "Comptable", "Urbaniste", "Traductrice", "Photographe", "Journaliste",
    "Architecte", "Avocate", "Illustrateur", "Formatrice", "Consultant", "Vidéaste", "Rédacteur",
    "Sociologue", "Botaniste", "Ébéniste", "Libraire", "Musicienne", "Géomètre", "Chimiste", "Cartographe",
    "Potière",
)  # fmt: skip
SKILLS = (
    "Accessibilité", "Comptabilité", "Python", "Urbanisme", "Illustration", "Relecture", "Hébergement",
    "Podcast", "Typographie", "Facturation", "Cartographie", "Formation", "Négociation",
)  # fmt: skip
SHOWN = ["job", "skills", "about", "organisation", "looking_for", "offering"]


def add_readers() -> None:
    """Let the first of the people be members, who may search."""
    readers = User.objects.filter(email__startswith="charge").order_by("pk")[:READERS]
    _join(list(readers))


def add_profiles(first: int, last: int) -> None:
    """Put invented people `first` to `last` into the directory, straight into the tables."""
    users = User.objects.bulk_create(
        User(email=f"membre{number}@cantine.example", name=name_of(number)) for number in range(first, last)
    )
    _join(users)
    Profile.objects.bulk_create(
        (
            Profile(
                user=user,
                name=user.name,
                is_listed=True,
                shown=SHOWN,
                job=TRADES[number % len(TRADES)],
                organisation=f"Atelier {number % 997}",
                skills=[SKILLS[number % len(SKILLS)], SKILLS[number // 7 % len(SKILLS)]],
                about="Des projets imaginaires, à plusieurs, pour des gens qui n’existent pas. " * 3,
            )
            for number, user in enumerate(users, start=first)
        ),
        batch_size=1000,
    )


def _join(users: list[User]) -> None:
    day = timezone.localdate()
    Membership.objects.bulk_create(Membership(user=user, valid_from=day) for user in users)


def name_of(number: int) -> str:
    """An invented name; there are a few hundred."""
    return f"{FIRST[number % len(FIRST)]} {LAST[number // 3 % len(LAST)]}"


def search_after_growth(bench: Bench) -> Result:
    """P13: the CPU of the same searches at twenty thousand people over that at two hundred."""
    asks = [get(f"/membres/?q={ASKED[number % len(ASKED)]}") for number in range(bench.requests)]
    readers, rounds, costs = bench.sessions[:READERS], Rounds(), []
    for _ in range(ROUNDS):
        few = bench.few.cost(asks, readers, expect=200)
        many = bench.many.cost(asks, readers, expect=200)
        rounds.values.append(many.cpu / few.cpu)
        costs = [said("at 20,000", many), said("at 200", few)]
    return at_most("P13", "search in 20,000 profiles against 200", rounds, 5.0, "; ".join(costs))
