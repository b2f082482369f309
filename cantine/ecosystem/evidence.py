"""The evidence for the French Tech committee, drawn from the file for one year. Pure but for its words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cantine.ecosystem import growth
from cantine.ecosystem.file import File, Held, Known
from cantine.report.printing import said
from cantine.report.told import Cell, Notes, Section, Table, Tile, Told, table
from members.models import OrganisationProfile

Kind = OrganisationProfile.Kind


@dataclass(frozen=True)
class Linked:
    """A table, and for each of its rows how the list of organisations is filtered to show them."""

    table: Table
    links: list[str]


@dataclass(frozen=True)
class Evidence:
    """The evidence of a year: what it says, and where its rows are."""

    told: Told
    linked: list[tuple[Section, list[Linked]]]


class Drawing:
    """Draws the evidence of `year` from the file, as of `last`."""

    def __init__(self, file: File, year: int, last: date) -> None:
        self.file, self.year, self.last = file, year, last
        self.there = [each for each in file.organisations if each.is_active(last)]
        self.events = [each for each in file.events if each.on.year == year and each.on <= last]
        self.notes = Notes()

    def draw(self) -> Evidence:
        """Every section, then the figures that come first."""
        linked = [
            self.section(_("Organisations"), "", [self.by_kind(), self.by_sector()]),
            self.section(_("Emplois"), "", [self.jobs()]),
            self.section(_("Grands comptes, acteurs publics, financeurs privés"), "", self.named()),
            self.section(_("Événements"), "", [self.events_held()]),
            self.section(
                _("D’une année à l’autre"),
                "",
                [
                    Linked(growth.organisations(self.file, self.year, self.last, self.notes), []),
                    Linked(growth.money(self.file, self.year, self.notes), []),
                ],
            ),
        ]
        told: Told = {
            "title": _("Dossier French Tech %(year)s") % {"year": self.year},
            "subtitle": ", ".join(town.name for town in self.file.towns),
            "tiles": self.tiles(),
            "sections": [section for section, _tables in linked],
            "notes": self.notes.rows,
        }
        return Evidence(told, linked)

    def section(self, title: str, text: str, tables: Sequence[Linked]) -> tuple[Section, list[Linked]]:
        """A section with its tables."""
        kept = [each.table for each in tables]
        return {"title": title, "text": text, "tables": kept}, list(tables)

    def tiles(self) -> list[Tile]:
        """Six figures."""
        young = sum(each.is_young(self.last) for each in self.there)
        jobs, told, _fresh = self.sum_of_jobs(self.there)
        together = sum(each.together for each in self.events)

        def of(*kinds: str) -> int:
            return sum(each.kind in kinds for each in self.there)

        return [
            _tile(len(self.there), _("organisations"), ""),
            _tile(of(Kind.STARTUP), _("start-up"), _("dont jeunes pousses\u00a0: %(n)s") % {"n": young}),
            _tile(jobs, _("emplois"), self.coverage(told, len(self.there))),
            _tile(of(Kind.KEY_ACCOUNT), _("grands comptes"), ""),
            _tile(of(Kind.PUBLIC, Kind.FUNDER), _("acteurs publics et financeurs privés"), ""),
            _tile(len(self.events), _("événements"), _("dont tenus ensemble\u00a0: %(n)s") % {"n": together}),
        ]

    def coverage(self, told: int, of: int) -> str:
        """How many organisations a sum rests on."""
        return _("%(told)s organisations renseignées sur %(of)s") % {"told": told, "of": of}

    def columns(self, first: str) -> list[str]:
        """A column for each town, one for what is nowhere yet, and all."""
        return [first, *(town.name for town in self.file.towns), _("Non située"), _("Ensemble")]

    def counted(self, those: Sequence[Known]) -> list[Cell]:
        """How many stand in each column."""
        keys = [*(town.pk for town in self.file.towns), None]
        return [*(sum(each.town == key for each in those) for key in keys), len(those)]

    def spread(self, caption: str, groups: Sequence[tuple[str, str, Callable[[Known], bool]]]) -> Linked:
        """Organisations by group and town; groups that nobody is in are left out."""
        note = self.notes.number(
            _(
                "Organisations du fichier de l’écosystème, créées avant le %(day)s et non arrêtées à cette "
                "date. Source\u00a0: fichier commun, tenu par la Cantine."
            )
            % {"day": f"{self.last:%d/%m/%Y}"}
        )
        rows, links = [], []
        for name, link, belongs in groups:
            those = [each for each in self.there if belongs(each)]
            if those:
                rows.append([name, *self.counted(those)])
                links.append(link)
        total = [_("Ensemble"), *self.counted(self.there)]
        return Linked(table(caption, self.columns(_("Genre")), rows, total=total, notes=[note]), links)

    def by_kind(self) -> Linked:
        """Each kind, then young start-ups among them."""
        kinds: list[tuple[str, str, Callable[[Known], bool]]] = [
            (str(label).capitalize(), f"profile__kind__exact={value}", _is("kind", value))
            for value, label in Kind.choices
        ]
        found = self.spread(_("Par genre"), [*kinds, (_("À préciser"), "manque=genre", _is("kind", ""))])
        young = [each for each in self.there if each.is_young(self.last)]
        if young:
            note = self.notes.number(
                _(
                    "Jeune pousse\u00a0: start-up créée depuis moins de huit ans, de moins de 250 emplois "
                    "connus. Elles sont comptées parmi les start-up."
                )
            )
            row = [_("dont jeunes pousses"), *self.counted(young)]
            place = next(
                index for index, link in enumerate(found.links) if link.endswith(f"={Kind.STARTUP.value}")
            )
            found.table["rows"].insert(place + 1, row)
            found.links.insert(place + 1, f"profile__kind__exact={Kind.STARTUP.value}")
            found.table["notes"].append(note)
        return found

    def by_sector(self) -> Linked:
        """Each sector, and those of which it is not known."""
        sectors: list[tuple[str, str, Callable[[Known], bool]]] = [
            (each.name, f"profile__sector__id__exact={each.pk}", _is("sector", each.pk))
            for each in self.file.sectors
        ]
        found = self.spread(
            _("Par secteur"), [*sectors, (_("À préciser"), "manque=secteur", _is("sector", None))]
        )
        found.table["columns"][0] = _("Secteur")
        return found

    def sum_of_jobs(self, those: Sequence[Known]) -> tuple[int, int, int]:
        """Jobs, of how many organisations they are known, and of how many for the very year."""
        latest = [found for each in those if (found := each.latest_jobs(self.year))]
        return sum(jobs for jobs, _y, _s in latest), len(latest), sum(y == self.year for _j, y, _s in latest)

    def jobs(self) -> Linked:
        """Jobs by town, with what the sum rests on."""
        rows, links = [], []
        for town in [*self.file.towns, None]:
            those = [each for each in self.there if each.town == (town.pk if town else None)]
            jobs, told, fresh = self.sum_of_jobs(those)
            if those:
                rows.append(
                    [town.name if town else _("Non située"), jobs if told else None, told, len(those), fresh]
                )
                links.append(
                    f"profile__agglomeration__id__exact={town.pk}" if town else "manque=agglomeration"
                )
        jobs, told, fresh = self.sum_of_jobs(self.there)
        return Linked(
            table(
                _("Par agglomération"),
                [
                    _("Agglomération"),
                    _("Emplois"),
                    _("Renseignées"),
                    _("Organisations"),
                    _("dont pour %(year)s") % {"year": self.year},
                ],
                rows,
                definition=_(
                    "Somme des emplois déclarés pour %(year)s ou, à défaut, pour %(before)s\u202f; rien "
                    "n’est estimé pour les organisations non renseignées."
                )
                % {"year": self.year, "before": self.year - 1},
                total=[_("Ensemble"), jobs if told else None, told, len(self.there), fresh],
                notes=self.sources(),
            ),
            links,
        )

    def sources(self) -> list[int]:
        """A note for each source of the jobs that are summed, with how many numbers come from it."""
        counted: dict[str, int] = {}
        for each in self.there:
            if latest := each.latest_jobs(self.year):
                counted[latest[2]] = counted.get(latest[2], 0) + 1
        said_of = _("Emplois, %(source)s\u00a0: organisations concernées, %(n)s.")
        return [
            self.notes.number(said_of % {"source": source, "n": n}) for source, n in sorted(counted.items())
        ]

    def named(self) -> list[Linked]:
        """Key accounts, public bodies and private funders, by name."""
        towns = {town.pk: town.name for town in self.file.towns}
        found = []
        for kind, caption in (
            (Kind.KEY_ACCOUNT, _("Grands comptes")),
            (Kind.PUBLIC, _("Acteurs publics")),
            (Kind.FUNDER, _("Financeurs privés")),
        ):
            those = [each for each in self.there if each.kind == kind]
            rows: list[list[Cell]] = [
                [each.name, towns.get(each.town or 0, _("Non située")), each.city or None] for each in those
            ]
            links = [f"q={each.siren or each.name}" for each in those]
            columns = [_("Nom"), _("Agglomération"), _("Ville")]
            found.append(Linked(table(caption, columns, rows, words=True), links))
        return found

    def events_held(self) -> Linked:
        """Events by town, those held together among them."""
        rows: list[list[Cell]] = []
        known: set[str] = set()
        for town in self.file.towns:
            known.update(town.site_codes)
            rows.append([town.name, *_events([each for each in self.events if each.site in town.site_codes])])
        elsewhere = [each for each in self.events if each.site not in known]
        if elsewhere:
            rows.append([_("Non située"), *_events(elsewhere)])
        note = self.notes.number(
            _(
                "Événements publiés sur le site de la Cantine et terminés à la date du dossier. Tenus "
                "ensemble\u00a0: ceux qui portent le mot-clé French Tech ou écosystème."
            )
        )
        columns = [_("Agglomération"), _("Événements"), _("dont tenus ensemble")]
        total = [_("Ensemble"), *_events(self.events)]
        return Linked(table(_("Par agglomération"), columns, rows, total=total, notes=[note]), [])


def evidence(file: File, *, year: int, today: date) -> Evidence:
    """The evidence of `year`, up to today when it is not over."""
    return Drawing(file, year, min(date(year, 12, 31), today)).draw()


def _tile(value: int, label: str, note: str) -> Tile:
    return {"value": said(value), "label": label, "note": note}


def _events(those: Sequence[Held]) -> list[Cell]:
    return [len(those), sum(each.together for each in those)]


def _is(name: str, value: object) -> Callable[[Known], bool]:
    return lambda each: getattr(each, name) == value
