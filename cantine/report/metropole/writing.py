"""The whole report as plain values, with what the manager wrote."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from cantine.pilotage.figures.coverage import added, costed
from cantine.report.metropole import life, money
from cantine.report.metropole.parts import PERCENT, language
from cantine.report.metropole.reading import Facts
from cantine.report.printing import said
from cantine.report.told import Notes, Section, Tile, Told
from cantine.templatetags.pilotage import whole_euros

SECTIONS: Mapping[str, Callable[[Facts, Notes], Section]] = {
    "agreement": money.agreement,
    "income": money.earned,
    "coverage": money.covered,
    "occupancy": life.occupancy,
    "people": life.people,
    "events": life.events,
    "rentals": life.rentals,
    "coming": life.coming,
    "agreeing": money.agreeing,
}
"""In the order of the report."""


def written(facts: Facts, words: Mapping[str, str]) -> Told:
    """Write it; `words` are what the manager says of each section, by its key."""
    notes = Notes()
    sections = [write(facts, notes) for write in SECTIONS.values()]
    for each in sections:
        each["comment"] = words.get(each["key"], "")
    title = _("Rapport annuel") if facts.term.kind == "year" else _("Rapport trimestriel")
    return {
        "title": title,
        "subtitle": f"{facts.term.label} – {', '.join(site.name for site in facts.sites)}",
        "tiles": tiles(facts),
        "sections": sections,
        "notes": notes.rows,
    }


def tiles(facts: Facts) -> list[Tile]:
    """Six figures that come first."""
    whole = facts.money(facts.own_months[0], facts.last_month)
    twelve = added(costed([facts.months[each] for each in facts.year_months]))
    found = facts.attendance
    hosted, held, rented = found.hosted, found.held, found.rentals

    def share(value: int | None) -> str:
        return said(value, language(), PERCENT)

    def count(value: int) -> str:
        return said(value, language())

    return [
        _tile(
            whole_euros(whole.own),
            _("de recettes propres"),
            _("coûts de fonctionnement\u00a0: %(costs)s") % {"costs": whole_euros(whole.costs)},
        ),
        _tile(
            share(twelve.coverage),
            _("des coûts couverts, sur douze mois"),
            _("avec subventions\u00a0: %(share)s") % {"share": share(twelve.with_grants)},
        ),
        _tile(
            share(found.desks.percent),
            _("des heures de postes prises"),
            _("un an avant\u00a0: %(share)s") % {"share": share(found.desks_before.percent)},
        ),
        _tile(
            count(hosted.people.number),
            _("personnes accueillies"),
            _("dont nouvelles\u00a0: %(n)s") % {"n": count(hosted.people.new)},
        ),
        _tile(
            count(held.whole.events),
            _("événements"),
            _("personnes venues\u00a0: %(n)s") % {"n": count(held.whole.came)},
        ),
        _tile(
            count(rented.won),
            _("locations gagnées"),
            _("demandes reçues\u00a0: %(n)s") % {"n": count(rented.received)},
        ),
    ]


def _tile(value: str, label: str, note: str) -> Tile:
    return {"value": value, "label": label, "note": note}
