"""What was asked, in pairs of label and value: for the private page, the messages and the manager."""

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.models import RentalRequest
from members.formats import day, euros, span


def where(request: RentalRequest) -> str:
    """The space asked for, or that the house is to advise."""
    return request.space.label if request.space is not None else _("à conseiller")


def when(request: RentalRequest) -> str:
    """« mardi 24 novembre 2026, 14 h – 18 h »."""
    local = request.local
    return span(local.start, local.end, get_language() or "fr", year=True)


def facts_of(request: RentalRequest) -> list[tuple[str, str]]:
    """What was asked, but for who asked; what was left out is not said."""
    language = get_language() or "fr"
    facts = [
        (_("Espace"), where(request)),
        (_("Quand"), when(request)),
        (_("Ou bien"), ", ".join(day(each, language, year=True) for each in request.alternatives)),
        (_("Personnes"), str(request.people)),
        (_("Disposition"), capfirst(str(request.get_layout_display())) if request.layout else ""),
        (_("Suppléments"), ", ".join(str(each) for each in request.extras.all())),
    ]
    return [(label, value) for label, value in facts if value]


def price_said(request: RentalRequest) -> str:
    """« 390,00 € HT, 450,00 € TTC », as it was told; nothing where none was."""
    if request.price_excl is None or request.price_incl is None:
        return ""
    language = get_language() or "fr"
    words = {"excl": euros(request.price_excl, language), "incl": euros(request.price_incl, language)}
    if request.price_excl == request.price_incl:
        return _("%(incl)s net de taxes") % words
    return _("%(excl)s HT, %(incl)s TTC") % words
