"""The demonstration's directory and help board: every profile and every notice is invented."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cantine.demo.people import CAMILLE, address_of
from members.models import Profile, User
from members.services.notices import post_notice, reply_to, solve_notice
from members.services.profiles import ProfileDraft, save_profile

SHOWN = tuple(name for name in Profile.Field.values if name != Profile.Field.EMAIL)


@dataclass(frozen=True)
class Told:
    """What one of the invented people says of themself."""

    job: str
    skills: tuple[str, ...]
    about: str = ""
    looking_for: str = ""
    offering: str = ""
    organisation: str = ""


PROFILES = {
    CAMILLE: Told(
        "Cheffe de projet web", ("Gestion de projet", "Accessibilité", "Rédaction"),
        "Je conduis des refontes de sites pour des associations imaginaires.",
        looking_for="Une illustratrice pour un livret d’accueil.",
        offering="Une heure pour relire votre cahier des charges.",
    ),
    "Inès Malandain": Told(
        "Développeuse web", ("Développement", "Python", "Django"),
        "Des outils sobres, faits pour durer.",
        offering="Un coup d’œil sur vos formulaires.", organisation="Coopérative des Nuages bas et associés",
    ),
    "Tiphaine Cauchois": Told(
        "Graphiste", ("Graphisme", "Illustration", "Typographie"), "Affiches, livrets, pictogrammes.",
        looking_for="Quelqu’un qui imprime en risographie.",
    ),
    "Odile Bréauté": Told(
        "Comptable", ("Comptabilité", "Facture électronique"),
        offering="Vos questions de TVA, le jeudi midi.",
    ),
    "Suzanne Bourdet": Told(
        "Traductrice", ("Traduction", "Anglais", "Relecture"), "Anglais et norvégien vers le français.",
    ),
    "Nour Saffray": Told(
        "Photographe", ("Photographie", "Vidéo"), looking_for="Un local pour une chambre noire.",
    ),
    "Jeanne Ivelin": Told(
        "Consultante en accessibilité", ("Accessibilité", "Audit", "Formation"),
        offering="Un test au lecteur d’écran de votre page d’accueil.",
    ),
    "Hélène Grandsire": Told(
        "Urbaniste", ("Cartographie", "Données ouvertes"), "Des cartes qui se lisent à pied.",
    ),
    "Kévin Framboisier": Told("Administrateur systèmes", ("Hébergement", "Sécurité", "Python")),
    "Léa Ételan": Told(
        "Journaliste", ("Rédaction", "Podcast"), looking_for="Des histoires de tables partagées.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A notice, how many days ago, and what was answered; `solved` by the first, with thanks."""

    by: str
    kind: str
    title: str
    body: str
    days: int
    replies: tuple[tuple[str, str], ...] = ()
    solved: str = ""


NOTICES = (
    Asked(
        CAMILLE, "seek", "Une illustratrice pour un livret de douze pages",
        "Le texte est prêt, le budget aussi. Premier rendez-vous autour d’un café\u202f?", 3,
        (("Tiphaine Cauchois", "Volontiers, je vous montre trois livrets mardi midi."),),
    ),
    Asked(
        "Jeanne Ivelin", "offer", "Un test au lecteur d’écran de votre page d’accueil",
        "Une heure, gratuite, contre une tarte.", 6,
        (("Inès Malandain", "Ma page en a besoin, et je sais faire la tarte."),),
    ),
    Asked(
        "Hélène Grandsire", "seek", "Relecture d’un résumé en anglais",
        "Une page, pour un colloque imaginaire.", 9,
        (("Suzanne Bourdet", "Envoyez, je relis ce soir."),),
        solved="Merci, le résumé est parti.",
    ),
    Asked("Nour Saffray", "seek", "Un local sombre, deux soirs par semaine", "Avec un point d’eau.", 1),
    Asked(
        "Odile Bréauté", "offer", "Vos questions de TVA, le jeudi midi",
        "À la grande table, sans rendez-vous.", 28,
    ),
)  # fmt: skip


def build(*, now: datetime) -> None:
    """Write the profiles and notices, by the same use cases as everyone's."""
    people = {name: User.objects.get(email=address_of(name)) for name in PROFILES}
    for name, told in PROFILES.items():
        draft = ProfileDraft(is_listed=True, shown=SHOWN, **vars(told))
        save_profile(user=people[name], draft=draft, now=now)
    for each in NOTICES:
        _ask(each, people, now)


def _ask(each: Asked, people: dict[str, User], now: datetime) -> None:
    then = now - timedelta(days=each.days)
    author = people[each.by]
    notice = post_notice(author=author, kind=each.kind, title=each.title, body=each.body, now=then)
    replies = [
        reply_to(notice=notice, author=people[name], body=body, now=then + timedelta(hours=number + 2))
        for number, (name, body) in enumerate(each.replies)
    ]
    if each.solved:
        later = then + timedelta(days=1)
        solve_notice(notice=notice, by=author, helped_by=replies[0], thanks=each.solved, now=later)
