"""The demonstration's projects: seventy-two requests to rent, every name invented, none a real body's."""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

AROUND = {"verger": frozenset({"pommier", "poirier"})}
"""Spaces made of others; any other is its own."""
SATURDAY = 5


@dataclass(frozen=True)
class Wanted:
    """An invented request: how many days ago it came, how many days until the day, which way it goes.

    `way` is a key of `cantine.demo.ways.WAYS`. `cancelled` is how many days before the day it is called off,
    `discount` a rule that the manager adds by hand, `more` what the balance adds to the quote, `next` what
    she noted, with the days until it is to be done. `rival` is who asked for the same time before.
    """

    came: int
    day: int
    hours: tuple[int, int]
    space: str
    people: int
    who: str
    organisation: str
    buyer: str
    way: str
    purpose: str
    layout: str = ""
    extras: tuple[str, ...] = ()
    language: str = "fr"
    reason: str = ""
    cancelled: int = 0
    discount: str = ""
    advance: int = 30
    sure: bool = False
    more: str = ""
    terms: int | None = None
    service: str = ""
    next: tuple[str, int] | None = None
    rival: str = ""
    site: str = "rouen"

    @property
    def email(self) -> str:
        """An address nobody has."""
        first = unicodedata.normalize("NFKD", self.who.split()[0].lower()).encode("ascii", "ignore").decode()
        return f"{first}.projet@cantine.example"


CAFE, MICS, HANDS = "accueil-cafe", "micros", "regie"
WANTED = (
    # Nobody answered yet, or an answer is being prepared.
    Wanted(0, 18, (14, 18), "quai", 45, "Maud Essai", "Coopérative des Nuages bas", "association", "new",
           "Assemblée générale, puis un buffet.", "theatre", (CAFE, MICS)),
    Wanted(1, 41, (10, 12), "", 20, "Rose Essai", "", "consumer", "new",
           "Un anniversaire d’entreprise, rien de décidé encore."),
    Wanted(1, 66, (9, 18), "verger", 18, "Omar Essai", "École de la Marée inventée", "business", "new",
           "Deux classes viennent coder un jeu.", "classroom", (CAFE,)),
    Wanted(2, 95, (18, 22), "quai", 55, "Line Essai", "Festival du Quai fictif", "association", "new",
           "Soirée des bénévoles.", "standing"),
    Wanted(3, 24, (9, 17), "verger", 12, "Basile Essai", "Atelier du Pont imaginaire", "business",
           "preparing", "Une journée de formation à deux voix.", "classroom", (CAFE,)),
    Wanted(4, 31, (9, 12), "pommier", 6, "Ivan Essai", "Studio Brume fictive", "business", "new",
           "Entretiens, trois matinées.", next=("Rappeler pour les autres matinées", -1)),
    Wanted(2, 27, (9, 12), "bollard", 7, "Colin Essai", "Bassin inventé", "business", "new",
           "Une matinée de travail avec vue.", site="le-havre"),
    # A quote waits for its answer.
    Wanted(5, 22, (18, 22), "quai", 60, "Ada Essai", "Jeune pousse inventée", "business", "sent",
           "Soirée de lancement.", "standing", (MICS, HANDS), discount="startup",
           next=("Relancer si rien d’ici là", 2)),
    Wanted(3, 22, (18, 22), "quai", 40, "Noé Essai", "Chorale feinte des Rives", "association", "second",
           "Un concert de poche.", "theatre", (MICS,), rival="Ada Essai"),
    Wanted(6, 52, (9, 18), "verger", 14, "Sara Essai", "Agence des Pommes imaginaires", "business",
           "revised", "Séminaire de rentrée.", "meeting", (CAFE,)),
    Wanted(4, 74, (9, 18), "quai", 40, "Édith Essai", "Lycée qui n’existe pas", "public", "sent",
           "Forum des métiers.", "standing", discount="school", service="SVC-DEMO-1", terms=30),
    Wanted(5, 38, (14, 17), "pommier", 8, "Léon Essai", "", "consumer", "sent", "Un atelier d’écriture."),
    Wanted(4, 33, (9, 13), "bollard", 8, "Mina Essai", "Armement de papier", "business", "sent",
           "Conseil de surveillance.", site="le-havre"),
    Wanted(14, 60, (9, 18), "verger", 16, "Hugo Essai", "Mairie d’un lieu qui n’existe pas", "public",
           "expired", "Séminaire d’équipe.", "meeting", (CAFE,), terms=30, service="SVC-DEMO-2",
           next=("Demander si le conseil a décidé", 0)),
    Wanted(11, 48, (18, 21), "quai", 30, "Anouk Essai", "Ciné-club rêvé", "association", "expired",
           "Projection et débat.", "theatre"),
    Wanted(9, 44, (9, 12), "pommier", 8, "Félix Essai", "Conseil fictif & associés", "business", "refused",
           "Une matinée de travail."),
    # Accepted: the advance is awaited, is late, or made the date sure.
    Wanted(4, 46, (9, 18), "quai", 40, "Nina Essai", "Example Partners", "business", "accepted",
           "A product day with lunch.", "banquet", (CAFE,), "en"),
    Wanted(5, 69, (9, 17), "verger", 12, "Gilles Essai", "Réseau inventé des Jeunes pousses", "business",
           "accepted", "Journée des fondatrices.", "u_shape", (CAFE,), discount="startup", sure=True),
    Wanted(16, 55, (14, 18), "pommier", 8, "Jade Essai", "Collectif en carton", "association", "unpaid",
           "Réunion de bureau."),
    Wanted(21, 11, (14, 17), "verger", 10, "Paul Essai", "Association des Rives feintes", "association",
           "confirmed", "Conseil d’administration.", "meeting"),
    Wanted(33, 8, (9, 18), "quai", 50, "Irène Essai", "Office imaginaire du Fleuve", "public", "confirmed",
           "Journée d’étude.", "theatre", (CAFE, MICS, HANDS), terms=30, service="SVC-DEMO-3"),
    Wanted(40, 29, (18, 22), "quai", 45, "Tess Essai", "", "consumer", "confirmed", "Une fête de famille.",
           "standing", (MICS,)),
    Wanted(26, 35, (9, 18), "verger", 18, "Karim Essai", "École de la Marée inventée", "business",
           "confirmed", "Soutenances.", "classroom", discount="school"),
    Wanted(50, 88, (9, 18), "quai", 38, "Zita Essai", "Mutuelle inventée des Brumes", "business", "confirmed",
           "Convention annuelle.", "banquet", (CAFE, MICS)),
    Wanted(20, 120, (9, 17), "verger", 14, "Elsa Essai", "Bureau d’études chimérique", "business",
           "confirmed", "Formation interne.", "classroom", (CAFE,), advance=50),
    # The day is over and nothing is invoiced yet.
    Wanted(40, -1, (14, 18), "quai", 35, "Marc Essai", "Union fictive des Ateliers", "association", "over",
           "Réunion publique.", "theatre", (MICS,)),
    Wanted(30, -2, (9, 12), "pommier", 7, "Lola Essai", "Cabinet de papier", "business", "over",
           "Entretiens d’embauche."),
    # Came to nothing, for one reason or another.
    Wanted(50, -8, (18, 21), "quai", 35, "Tom Essai", "", "consumer", "lost", "Une projection.", "theatre",
           reason="price"),
    Wanted(30, 16, (9, 12), "pommier", 8, "Zoé Essai", "Cabinet fictif", "business", "withdrawn",
           "Un atelier."),
    Wanted(75, -30, (9, 18), "verger", 15, "Bruno Essai", "Fabrique du Néant", "business", "lost",
           "Deux jours de séminaire.", "meeting", reason="elsewhere"),
    Wanted(90, -48, (9, 18), "quai", 60, "Alma Essai", "Salon inventé du Livre", "association", "closed",
           "Un petit salon.", "standing", reason="declined"),
    Wanted(120, -75, (14, 18), "verger", 16, "Rémi Essai", "Club rêvé des Nuages", "association", "silent",
           "Après-midi de jeux.", "meeting", reason="silent"),
    Wanted(200, -150, (9, 12), "pommier", 8, "Ines Essai", "Jeune pousse fictive", "business", "closed",
           "Entretiens.", reason="taken"),
    Wanted(260, -210, (18, 22), "quai", 50, "Yann Essai", "Troupe imaginaire", "association", "lost",
           "Répétition générale.", "theatre", reason="price"),
    # Called off after it was won, at every step of the scale.
    Wanted(70, 40, (9, 18), "quai", 40, "Luc Essai", "Compagnie imaginée", "association", "cancelled",
           "Répétitions.", "standing", cancelled=43),
    Wanted(95, -20, (9, 18), "verger", 14, "Aude Essai", "Société des Mirages", "business", "cancelled",
           "Séminaire.", "meeting", (CAFE,), cancelled=20),
    Wanted(45, 9, (18, 22), "quai", 50, "Vera Essai", "Cercle rêvé", "association", "cancelled",
           "Un bal.", "standing", (MICS, HANDS), cancelled=11),
    Wanted(160, -110, (9, 17), "quai", 45, "Denis Essai", "Fédération fictive", "association", "cancelled",
           "Congrès.", "theatre", (CAFE,), cancelled=3),
    Wanted(25, 13, (9, 18), "verger", 12, "Joan Essai", "Example Labs", "business", "given_up",
           "A workshop.", "classroom", (), "en"),
    # Over and paid, since the first of them a year ago.
    Wanted(385, -345, (9, 18), "quai", 40, "Agnès Essai", "Mutuelle inventée des Brumes", "business", "paid",
           "Convention annuelle.", "banquet", (CAFE, MICS)),
    Wanted(370, -322, (9, 17), "verger", 12, "Pierre Essai", "Atelier du Pont inventé", "business", "paid",
           "Formation.", "classroom", (CAFE,)),
    Wanted(340, -300, (18, 22), "quai", 55, "Colette Essai", "Jeune pousse rêvée du Vent", "business", "paid",
           "Une levée de fonds pour rire.", "standing", (MICS, HANDS), discount="startup"),
    Wanted(310, -272, (14, 17), "pommier", 8, "Simon Essai", "", "consumer", "paid",
           "Un atelier de reliure."),
    Wanted(295, -244, (9, 18), "quai", 50, "Lise Essai", "École de l’Estuaire inventée", "public", "paid",
           "Journée des projets.", "theatre", (CAFE,), discount="school", terms=30, service="SVC-DEMO-4"),
    Wanted(270, -230, (9, 12), "bollard", 8, "Gaël Essai", "Port de Papier", "business", "paid",
           "Réunion d’équipage.", site="le-havre"),
    Wanted(240, -198, (9, 18), "verger", 16, "Hélène Essai", "Association des Haies rêvées", "association",
           "paid", "Assemblée générale.", "meeting", (CAFE,)),
    Wanted(210, -175, (18, 22), "quai", 40, "Victor Essai", "Radio inventée", "association", "paid",
           "Une émission en public.", "theatre", (MICS, HANDS), more="hours"),
    Wanted(190, -140, (9, 18), "quai", 36, "Nadia Essai", "Example Partners", "business", "paid",
           "A product day.", "banquet", (CAFE,), "en"),
    Wanted(170, -132, (9, 12), "pommier", 6, "Ugo Essai", "Notaires en carton", "business", "paid",
           "Une signature à six.", advance=0),
    Wanted(150, -104, (9, 18), "verger", 14, "Flora Essai", "Communauté de communes fictive", "public",
           "paid", "Séminaire des élues.", "u_shape", (CAFE,), terms=30, service="SVC-DEMO-5"),
    Wanted(130, -83, (18, 21), "quai", 30, "Adam Essai", "", "consumer", "paid", "Un anniversaire.",
           "standing", (MICS,), more="damages"),
    Wanted(110, -68, (9, 17), "verger", 18, "Céline Essai", "École de la Marée inventée", "business",
           "paid", "Soutenances.", "classroom", (CAFE,), discount="school"),
    Wanted(85, -52, (14, 18), "quai", 45, "Boris Essai", "Coopérative du Rien", "association", "paid",
           "Assemblée générale.", "theatre", (MICS,)),
    # Once a week since the spring.
    Wanted(205, -161, (9, 18), "verger", 16, "Maya Essai", "École de la Marée inventée", "business", "paid",
           "Journée de projet.", "classroom", (CAFE,), discount="school"),
    Wanted(195, -153, (18, 22), "quai", 45, "Olga Essai", "Orchestre imaginaire", "association", "paid",
           "Répétition publique.", "theatre", (MICS,)),
    Wanted(165, -118, (9, 18), "quai", 40, "Tino Essai", "Coopérative des Vents feints", "business", "paid",
           "Assemblée des sociétaires.", "theatre", (CAFE, MICS)),
    Wanted(140, -97, (9, 18), "verger", 14, "Rita Essai", "Atelier du Pont imaginaire", "business", "paid",
           "Une journée de formation.", "classroom", (CAFE,)),
    Wanted(132, -90, (9, 12), "pommier", 7, "Noam Essai", "Studio Brume fictive", "business", "paid",
           "Entretiens."),
    Wanted(112, -75, (9, 18), "quai", 50, "Salomé Essai", "Office imaginaire du Fleuve", "public", "paid",
           "Journée d’étude.", "theatre", (CAFE, MICS, HANDS), terms=30, service="SVC-DEMO-7"),
    Wanted(104, -61, (18, 22), "quai", 55, "Milo Essai", "Jeune pousse inventée du Sel", "business", "paid",
           "Soirée de lancement.", "standing", (MICS, HANDS), discount="startup"),
    Wanted(96, -47, (9, 18), "verger", 16, "Lucie Essai", "Mutuelle inventée des Brumes", "business", "paid",
           "Séminaire d’équipe.", "meeting", (CAFE,)),
    Wanted(84, -41, (14, 18), "quai", 40, "Joris Essai", "Union fictive des Ateliers", "association", "paid",
           "Réunion publique.", "theatre", (MICS,)),
    Wanted(72, -26, (9, 18), "quai", 38, "Iris Essai", "Agence des Pommes imaginaires", "business", "paid",
           "Convention.", "banquet", (CAFE, MICS)),
    Wanted(58, -22, (9, 12), "bollard", 8, "Cléo Essai", "Armement de papier", "business", "paid",
           "Conseil de surveillance.", site="le-havre"),
    Wanted(52, -10, (9, 18), "verger", 18, "Yvon Essai", "Lycée qui n’existe pas", "public", "done",
           "Forum des métiers.", "classroom", (CAFE,), discount="school", terms=30, service="SVC-DEMO-8"),
    # Over, and its balance is paid in part, late, in excess, or to come.
    Wanted(70, -40, (9, 18), "quai", 50, "Diane Essai", "Salon feint du Jardin", "business", "overpaid",
           "Un salon d’un jour.", "standing", (CAFE,)),
    Wanted(62, -33, (9, 18), "verger", 12, "Eliot Essai", "Studio Nimbus fictif", "business", "part",
           "Tournage.", "meeting", (HANDS,), more="hours"),
    Wanted(55, -17, (14, 18), "quai", 40, "Fanny Essai", "Ligue imaginaire", "association", "part",
           "Remise des prix.", "theatre", (MICS,), more="damages"),
    Wanted(48, -13, (9, 12), "pommier", 8, "Gabin Essai", "Conseil en Courants d’air", "business", "done",
           "Une matinée de travail."),
    Wanted(60, -32, (18, 22), "quai", 45, "Hana Essai", "Jeune pousse de l’Aube feinte", "business", "done",
           "Soirée de lancement.", "standing", (MICS,), discount="startup"),
    Wanted(125, -78, (9, 18), "verger", 15, "Igor Essai", "Négoce inventé des Ombres", "business", "done",
           "Séminaire.", "meeting", (CAFE,)),
    Wanted(40, -6, (9, 18), "quai", 50, "Julia Essai", "Syndicat fictif des Eaux", "public", "done",
           "Comité annuel.", "theatre", (CAFE, MICS), terms=30, service="SVC-DEMO-6"),
)  # fmt: skip


def days_of(wanted: tuple[Wanted, ...], today: date) -> dict[Wanted, date]:
    """On which day each takes place: a weekday, and nobody else's for the same space but a rival's.

    What is over moves to an earlier day, what is to come to a later one.
    """
    found: dict[Wanted, date] = {}
    by_name: dict[str, date] = {}
    taken: set[tuple[date, str, str]] = set()
    for each in wanted:
        day, step = today + timedelta(days=each.day), timedelta(days=1 if each.day > 0 else -1)
        atoms = AROUND.get(each.space, frozenset({each.space}))
        while day.weekday() >= SATURDAY or any((day, each.site, atom) in taken for atom in atoms):
            day += step
        day = by_name.get(each.rival, day)
        taken |= {(day, each.site, atom) for atom in atoms}
        found[each] = by_name[each.who] = day
    return found


def one_a_way(wanted: tuple[Wanted, ...] = WANTED) -> tuple[Wanted, ...]:
    """The first request of each way, at the first site: as many as it takes to see every stage."""
    seen: dict[str, Wanted] = {}
    for each in wanted:
        if each.site == "rouen":
            seen.setdefault(each.way, each)
    return tuple(seen.values())
