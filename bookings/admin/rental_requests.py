"""Requests to rent, which are only read here: what is done about them are pages of their own."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.models import Quote
from bookings.models import RentalCancellation, RentalFeedback, RentalQuote, RentalRequest
from bookings.moved_words import moved_said
from bookings.opinions import opinion_said
from bookings.rental_change_words import change_facts
from bookings.rental_facts import price_said, when, where
from bookings.rental_next_form import NextStepForm
from bookings.rental_thread import thread_of
from bookings.rental_titles import is_invoiced_early
from bookings.services.rentals.cancelling import may_be_cancelled
from bookings.stay import period_of, stay_of
from members.desk import pill, two_lines
from members.desk_read_only import ReadOnlyAdmin
from members.formats import day, euros, moment

PILLS = {
    RentalRequest.State.RECEIVED: "due",
    RentalRequest.State.QUOTED: "wait",
    RentalRequest.State.WON: "done",
    RentalRequest.State.DONE: "done",
    RentalRequest.State.LOST: "off",
    RentalRequest.State.CANCELLED: "off",
}
LANGUAGES = {"fr": "français", "en": "English"}
ICONS = {RentalRequest.State.RECEIVED: "bell"}


def quote_address(pk: int) -> str:
    """The record of a quote."""
    return reverse("admin:billing_quote_change", args=[pk])


def won_of(asked: RentalRequest) -> RentalQuote | None:
    """The quote by which a request was won."""
    return asked.quotes.told().filter(quote__state=Quote.State.ACCEPTED).first()


class AgeFilter(admin.SimpleListFilter):
    """How long ago a request came."""

    title = _("reçue")
    parameter_name = "recue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The three choices."""
        return [
            ("jour", _("Depuis moins d’un jour")),
            ("semaine", _("Depuis moins d’une semaine")),
            ("avant", _("Il y a plus d’une semaine")),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        """By when it came."""
        now = timezone.now()
        day, week = now - timedelta(days=1), now - timedelta(days=7)
        wanted = {
            "jour": {"received_at__gte": day},
            "semaine": {"received_at__gte": week},
            "avant": {"received_at__lt": week},
        }
        return queryset.filter(**wanted.get(self.value() or "", {}))


def _says(desk: ReadOnlyAdmin, obj: RentalRequest, field: Any) -> bool:
    """Whether a field, by its name or as the site tells it, has anything to say."""
    name = str(getattr(field, "name", field))
    said = getattr(desk, name)(obj) if hasattr(desk, name) else getattr(obj, name)
    return said not in (None, "", "–")


@admin.register(RentalRequest)
class RentalRequestAdmin(ReadOnlyAdmin):
    """Who asks to rent what, without the key of their private page."""

    list_display = ("who", "what", "people", "price", "state_pill", "received_at", "next_action")
    list_filter = ("state", AgeFilter, "site")
    list_select_related = ("site", "space__site")
    search_fields = ("name", "email", "organisation_name", "purpose")
    date_hierarchy = "received_at"
    ordering = ("-received_at", "-pk")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "state_pill",
                    "lost_reason",
                    "site",
                    "space_said",
                    "when_said",
                    "moved",
                    "alternatives_said",
                    "people",
                    "layout",
                    "extras_said",
                    "purpose",
                    "price",
                )
            },
        ),
        (_("Qui"), {"fields": ("name", "organisation_name", "email", "phone", "buyer", "language_said")}),
        (
            _("Suivi"),
            {
                "fields": (
                    "quotes_said",
                    "received_at",
                    "next_action",
                    "next_action_on",
                    "closed_said",
                    "cancelled_said",
                    "feedback_said",
                    "link_until",
                )
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: RentalRequest | None = None) -> Any:
        """Leave out what has nothing to say: a record reads as a letter, not as a table of dashes."""
        sets = super().get_fieldsets(request, obj)
        if obj is None:
            return sets
        kept = [(title, [each for each in rest["fields"] if _says(self, obj, each)]) for title, rest in sets]
        return [(title, {"fields": fields}) for title, fields in kept]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add what is next, to who may note it, and the thread."""
        asked = context["original"]
        may_plan = request.user.has_perm("bookings.answer_rentalrequest") and asked.state in asked.OPEN
        context["next_step"] = NextStepForm.of(asked) if may_plan else None
        may_answer = request.user.has_perm("bookings.answer_rentalrequest") and asked.erased_at is None
        change = asked.changes.unanswered().first() if may_answer else None
        context["open_change"], context["change_facts"] = change, change_facts(change) if change else []
        context["has_draft"] = asked.quotes.filter(quote__state=Quote.State.DRAFT).exists()
        won = won_of(asked)
        context["is_to_come"] = is_invoiced_early(asked, won, now=timezone.now())
        context["is_over"] = won is not None and period_of(won).end <= timezone.now()
        context["may_cancel"] = won is not None and may_be_cancelled(won, now=timezone.now())
        context["thread"] = thread_of(asked, opens_messages=request.user.has_perm("members.view_message"))
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("devis"))
    def quotes_said(self, obj: RentalRequest) -> SafeString | str:
        """Its quotes, the last one first, each with its state."""
        rows = obj.quotes.select_related("quote").order_by("-quote__version", "-pk")
        lines = [(quote_address(row.quote_id), row.quote, row.quote.get_state_display()) for row in rows]
        return format_html_join("", '<div><a href="{}">{}</a> · {}</div>', lines) or "–"

    @admin.display(description=_("annulation"))
    def cancelled_said(self, obj: RentalRequest) -> str:
        """What it came to, and what the scale leaves to ask for."""
        found = RentalCancellation.objects.filter(rental__request=obj).first()
        if found is None:
            return "–"
        tongue, cost = get_language() or "fr", found.cost
        words = {
            "kept": euros(cost.paid - cost.given_back, tongue),
            "back": euros(cost.given_back, tongue),
            "rest": euros(cost.rest, tongue),
        }
        if found.by_house:
            return _("du fait du lieu, %(back)s rendus\u00a0: %(reason)s") % {**words, "reason": found.reason}
        said = _("%(kept)s gardés, %(back)s rendus, %(rest)s au-delà de l’acompte") % words
        if cost.lifted:
            said += _(", %(lifted)s facturés qui ne sont plus à payer") % {
                "lifted": euros(cost.lifted, tongue)
            }
        return said

    @admin.display(description=_("avis"))
    def feedback_said(self, obj: RentalRequest) -> str:
        """What who rented thought of it."""
        given = RentalFeedback.objects.filter(rental__request=obj).first()
        return opinion_said(given) if given is not None else "–"

    @admin.display(description=_("qui"), ordering="name")
    def who(self, obj: RentalRequest) -> SafeString:
        """The organisation or the person, and the address."""
        return two_lines(obj, obj.name if obj.organisation_name else obj.email)

    @admin.display(description=_("quoi"), ordering="during")
    def what(self, obj: RentalRequest) -> SafeString:
        """The day and the space."""
        return two_lines(when(obj), f"{obj.site}, {where(obj)}")

    @admin.display(description=_("état"), ordering="state")
    def state_pill(self, obj: RentalRequest) -> SafeString:
        """How far it has come."""
        state = RentalRequest.State(obj.state)
        if state == RentalRequest.State.DONE and is_invoiced_early(obj, won_of(obj), now=timezone.now()):
            return pill(PILLS[state], _("facturée"))
        return pill(PILLS[state], obj.get_state_display(), ICONS.get(state, ""))

    @admin.display(description=_("close le"))
    def closed_said(self, obj: RentalRequest) -> str:
        """When, but for what was invoiced and is still to come."""
        if obj.closed_at is None or is_invoiced_early(obj, won_of(obj), now=timezone.now()):
            return "–"
        local = obj.closed_at.astimezone(obj.site.zone)
        return moment(local, get_language() or "fr")

    @admin.display(description=_("espace"))
    def space_said(self, obj: RentalRequest) -> str:
        """The space, or that advice is asked for."""
        return where(obj)

    @admin.display(description=_("quand"))
    def when_said(self, obj: RentalRequest) -> str:
        """By the clocks of the site."""
        return when(obj)

    @admin.display(description=_("désormais"))
    def moved(self, obj: RentalRequest) -> str:
        """Hours and space as they stand, where that is not as the quote says."""
        won = won_of(obj)
        stay = stay_of(won) if won is not None else None
        return (moved_said(won, stay) if won is not None and stay is not None else "") or "–"

    @admin.display(description=_("autres jours"))
    def alternatives_said(self, obj: RentalRequest) -> str:
        """« mardi 24 novembre 2026 », or two."""
        return ", ".join(day(each, get_language() or "fr", year=True) for each in obj.alternatives)

    @admin.display(description=_("langue"))
    def language_said(self, obj: RentalRequest) -> str:
        """In words."""
        return LANGUAGES[obj.language]

    @admin.display(description=_("suppléments"))
    def extras_said(self, obj: RentalRequest) -> str:
        """What was ticked."""
        return ", ".join(str(each) for each in obj.extras.select_related("product")) or "–"

    @admin.display(description=_("prix indicatif"), ordering="price_excl")
    def price(self, obj: RentalRequest) -> str:
        """As it was told to who asked."""
        return price_said(obj) or "–"
