"""One project of the demonstration: what its requester and the manager do, by the services of everyone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from billing.customers import change_address
from billing.models import Customer, Document, Order, Quote, Refund
from billing.payments.refunds import repay_at_desk
from billing.quotes.accepting import Evidence
from billing.quotes.offers import Offer, OfferedLine, offer_of
from bookings.models import RentalDiscount, RentalQuote, RentalRequest, Site
from bookings.period import Period, at
from bookings.services.rentals.answering import accept_quote, asks_for_start, refuse_quote
from bookings.services.rentals.balancing import make_balance
from bookings.services.rentals.cancelling import cancel_rental
from bookings.services.rentals.following import plan_next
from bookings.services.rentals.prefilling import discount_by
from bookings.services.rentals.quoting import What, draft_quote, save_draft
from bookings.services.rentals.requesting import Asked, Who, request_rental, withdraw_request
from bookings.services.rentals.sending import close_request, send_quote
from cantine.demo.projects import Wanted
from cantine.demo.transfers import receive
from members.models import User

AGENT = "Navigateur inventé"
SHARE, EXCESS = Decimal("0.40"), Decimal("25.00")
HOURS, DAMAGES = Decimal(2), Decimal("80.00")
OUTSIDE = Decimal("0.00")


@dataclass
class Project:
    """A request's life; each verb is something that happens at an instant."""

    wanted: Wanted
    site: Site
    day: date
    by: User
    request: RentalRequest = field(init=False)
    rental: RentalQuote = field(init=False)

    def ask(self, now: datetime) -> None:
        """Ask, by the public form."""
        wanted = self.wanted
        start, end = (at(self.day, time(hour), self.site.zone) for hour in wanted.hours)
        extras = self.site.rental_extras.filter(product__code__in=wanted.extras)
        self.request = request_rental(
            asked=Asked(
                site=self.site,
                space=self.site.spaces.filter(code=wanted.space).first(),
                period=Period(start, end),
                people=wanted.people,
                purpose=wanted.purpose,
                layout=wanted.layout,
                extras=list(extras.values_list("pk", flat=True)),
            ),
            who=Who(
                name=wanted.who,
                email=wanted.email,
                organisation_name=wanted.organisation,
                buyer=wanted.buyer,
                language=wanted.language,
            ),
            now=now,
        )

    def draft(self, now: datetime) -> None:
        """Prepare the first version, and write down what is known of who will pay."""
        self.rental = draft_quote(request=self.request, by=self.by, now=now)
        self._dress(self.rental.quote.customer)
        self._save(self._tuned(offer_of(self.rental.quote)))

    def _dress(self, customer: Customer) -> None:
        """What the record of a customer says, as the manager fills it in."""
        change_address(
            customer=customer,
            address=f"{self.wanted.people}, allée Imaginaire",
            postcode="76000",
            city="Rouen",
            service_code=self.wanted.service,
        )
        if self.wanted.terms is not None:
            Customer.objects.filter(pk=customer.pk).update(terms_days=self.wanted.terms)

    def _tuned(self, offer: Offer) -> Offer:
        wanted = self.wanted
        discount = offer.discount
        if wanted.discount:
            rule = RentalDiscount.objects.get(site=self.site, audience=wanted.discount)
            discount = discount_by(rule, offer.lines, language=wanted.language)
        rule_of_place = Quote.Confirmation.ON_ACCEPTANCE if wanted.sure else offer.confirmation
        return replace(offer, discount=discount, advance_percent=wanted.advance, confirmation=rule_of_place)

    def _save(self, offer: Offer) -> None:
        spaces = [option.space for option in self.rental.options.select_related("space")]
        save_draft(rental=self.rental, what=What(spaces, self.rental.period), offer=offer)

    def send(self, now: datetime) -> None:
        """Send what is prepared."""
        self.rental = send_quote(rental=self.rental, now=now)

    def send_behind(self, now: datetime) -> None:
        """Send it in second rank, behind the option of another."""
        self.rental = send_quote(rental=self.rental, now=now, behind_options=True)

    def revise(self, now: datetime) -> None:
        """Prepare the version that follows: an hour of someone's help comes on top."""
        self.rental = draft_quote(request=self.request, by=self.by, now=now)
        self._save(self._with_hours(offer_of(self.rental.quote)))

    def _with_hours(self, offer: Offer) -> Offer:
        return replace(offer, lines=[*offer.lines, self._line("Aide à l’installation", Decimal(1), "35.00")])

    def _line(self, label: str, quantity: Decimal, price: str, unit: str = "hour") -> OfferedLine:
        rate = self.rental.quote.lines.order_by("position")[0].vat_rate
        return OfferedLine(label, quantity, Decimal(price), "ht", rate, unit)

    def refuse(self, now: datetime) -> None:
        """Say no to it."""
        refuse_quote(rental=self.rental, reason="Le prix dépasse notre budget.", now=now)

    def accept(self, now: datetime) -> None:
        """Say yes to it, with the proof."""
        who = Evidence(self.wanted.who, "en mon nom", "192.0.2.10", AGENT)
        start = asks_for_start(self.rental, now=now)
        self.rental = accept_quote(rental=self.rental, evidence=who, now=now, start_requested=start)

    def close(self, now: datetime) -> None:
        """File it, with the reason."""
        close_request(request=self.request, reason=self.wanted.reason, now=now)

    def withdraw(self, now: datetime) -> None:
        """Take the request back."""
        withdraw_request(request=self.request, now=now)

    def pay_advance(self, now: datetime) -> None:
        """Pay the advance, where one is asked, by transfer."""
        order = self.rental.quote.advance_order
        if order is not None:
            receive(order.total, of=order, by=self.by, now=now)

    def cancel(self, now: datetime) -> None:
        """Call it off."""
        cancel_rental(rental=self.rental, by=None, now=now)

    def repay(self, now: datetime) -> None:
        """Give back, by transfer, what the scale does not keep."""
        waiting = Refund.objects.to_repay_at_desk()
        for refund in waiting.filter(payment__order=self.rental.quote.advance_order_id):
            repay_at_desk(refund=refund, by=self.by, now=now)

    def balance(self, now: datetime) -> None:
        """Invoice what it came to."""
        make_balance(rental=self.rental, lines=self._lines(), by=self.by, now=now)

    def _lines(self) -> Sequence[OfferedLine]:
        lines = list(offer_of(self.rental.quote).lines)
        if self.wanted.more == "hours":
            lines.append(self._line("Heure supplémentaire", HOURS, "45.00"))
        elif self.wanted.more == "damages":
            lines.append(OfferedLine("Une table rayée", Decimal(1), DAMAGES, "ht", OUTSIDE))
        return lines

    def invoice(self) -> Document:
        """Its balance, with what is owed on it."""
        order = Order.objects.get(rental_balance__rental=self.rental)
        return Document.objects.with_balance().get(order=order, kind__in=["invoice", "final"])

    def pay(self, now: datetime) -> None:
        """Pay the balance."""
        receive(self.invoice().owed, of=self.invoice(), by=self.by, now=now)

    def pay_part(self, now: datetime) -> None:
        """Pay a part of it."""
        part = (self.invoice().owed * SHARE).quantize(Decimal("0.01"))
        receive(part, of=self.invoice(), by=self.by, now=now)

    def pay_too_much(self, now: datetime) -> None:
        """Pay more than it; the rest is a credit."""
        receive(self.invoice().owed + EXCESS, of=self.invoice(), by=self.by, now=now)

    def plan(self, now: datetime) -> None:
        """Note what is next, and when."""
        if self.wanted.next is not None:
            action, days = self.wanted.next
            on = now.astimezone(self.site.zone).date() + timedelta(days=days)
            plan_next(request=self.request, action=action, on=on)
