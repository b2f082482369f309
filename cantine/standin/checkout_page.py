"""The hosted page where a session is paid: French, plainly a simulation, usable without JavaScript."""

from cantine.standin import checkout, paying
from cantine.standin.answers import Answer, as_page, redirect, success_address
from cantine.standin.call import Call
from cantine.standin.card_form import FIELDS, CardForm
from cantine.standin.cards import CARDS
from cantine.standin.errors import ApiError
from cantine.standin.html import WIDE, Html, euros, fill, joined, page
from cantine.standin.paying import Result
from cantine.standin.state import Json

LABELS = {
    "email": ("Adresse e-mail", "email", "email", ""),
    "number": ("Numéro de carte", "text", "cc-number", "numeric"),
    "expiry": ("Expire (MM/AA)", "text", "cc-exp", "numeric"),
    "cvc": ("Cryptogramme", "text", "cc-csc", "numeric"),
    "name": ("Nom sur la carte", "text", "cc-name", ""),
}
ASK = "/authentification"


def show(call: Call, identifier: str, tail: str) -> Answer:
    """GET: the form, the bank's question, or why there is nothing to pay."""
    session = call.store.find(identifier, "checkout.session")
    if session is None:
        return _notice(
            "Cette page de paiement n’existe pas", "L’adresse est incomplète ou trop ancienne.", 404
        )
    if session["status"] != "open":
        return _closed(session)
    if tail == ASK:
        return _question(call, session)
    form = CardForm(_prefilled(call, session))
    return _form(call, session, form)


def submit(call: Call, identifier: str, tail: str) -> Answer:
    """POST: try the card, or hear the payer's answer to the bank."""
    session = call.store.find(identifier, "checkout.session")
    if session is None or session["status"] != "open":
        return show(call, identifier, tail)
    if tail == ASK:
        return _answered(call, session)
    form = CardForm({name: str(call.params.get(name, "")) for name in FIELDS})
    if not form.check(call.store.now()):
        return _form(call, session, form)
    result, card = paying.pay(call, identifier, number=form.number, holder=form.holder)
    if result is Result.ASKS:
        return redirect(f"/c/pay/{identifier}{ASK}")
    if result is Result.REFUSED:
        form.errors["number"] = card.sentence
        return _form(call, session, form)
    return redirect(success_address(session))


def _answered(call: Call, session: Json) -> Answer:
    try:
        result, card = paying.authenticate(call, session["id"], agreed=call.params.get("answer") == "agree")
    except ApiError:
        return redirect(f"/c/pay/{session['id']}")  # nobody asked, or it was answered in another tab
    if result is Result.PAID:
        return redirect(success_address(session))
    form = CardForm(_prefilled(call, session))
    form.errors["number"] = card.sentence
    return _form(call, session, form)


def _prefilled(call: Call, session: Json) -> dict[str, str]:
    """The person's address and name; a card of the list when its link was followed."""
    known = call.store.find(session["customer"] or "", "customer") or {}
    number = str(call.params.get("carte", ""))
    typed = {"email": session["customer_email"] or known.get("email") or "", "name": known.get("name") or ""}
    if number in CARDS:
        typed |= {"number": number, "expiry": "12/34", "cvc": "123"}
        typed["name"] = typed["name"] or "Carte d’essai"
    return typed


def _form(call: Call, session: Json, form: CardForm) -> Answer:
    fields = {name: _field(name, form) for name in FIELDS}
    body = fill(
        "checkout.html",
        summary=_summary(call, session),
        alert=_alert(form),
        address=f"/c/pay/{session['id']}",
        total=euros(session["amount_total"]),
        cards=_cards(session),
        cancel=_cancel(session),
        **fields,
    )
    title = f"Payer {euros(session['amount_total'])}"
    if form.errors:
        title = f"Erreur{WIDE}: {title}"
    return as_page(page(title, body), leads_to=session["success_url"])


def _field(name: str, form: CardForm) -> Html:
    label, kind, autocomplete, inputmode = LABELS[name]
    error = form.errors.get(name, "")
    return fill(
        "field.html",
        name=name,
        label=label,
        kind=kind,
        autocomplete=autocomplete,
        mode=Html(f' inputmode="{inputmode}"') if inputmode else Html(""),
        value="" if name == "cvc" and form.errors else form.typed.get(name, ""),
        state=Html(f' aria-invalid="true" aria-describedby="{name}-erreur"') if error else Html(""),
        error=fill("field_error.html", name=name, error=error) if error else Html(""),
    )


def _alert(form: CardForm) -> Html:
    if not form.errors:
        return Html("")
    return fill("alert.html", sentence=next(iter(form.errors.values())))


def _summary(call: Call, session: Json) -> Html:
    lines = [
        fill(
            "line.html",
            label=one["description"] if one["quantity"] == 1 else f"{one['quantity']} × {one['description']}",
            amount=euros(one["amount_total"]),
        )
        for one in checkout.line_items(call, session["id"])
    ]
    return fill("summary.html", lines=joined(lines), total=euros(session["amount_total"]))


def _cards(session: Json) -> Html:
    rows = []
    for card in CARDS.values():
        spaced = " ".join(card.number[start : start + 4] for start in range(0, len(card.number), 4))
        link = f"/c/pay/{session['id']}?carte={card.number}"
        rows.append(fill("card.html", number=spaced, label=card.label, link=link))
    return joined(rows)


def _cancel(session: Json) -> Html:
    return fill("cancel.html", address=session["cancel_url"]) if session["cancel_url"] else Html("")


def _question(call: Call, session: Json) -> Answer:
    intent = call.store.find(session["payment_intent"] or "", "payment_intent")
    if intent is None or intent["status"] != "requires_action":
        return redirect(f"/c/pay/{session['id']}")
    body = fill("question.html", address=f"/c/pay/{session['id']}{ASK}", total=euros(session["amount_total"]))
    return as_page(page("Votre banque demande une confirmation", body), leads_to=session["success_url"])


def _closed(session: Json) -> Answer:
    if session["status"] == "complete":
        return _notice(
            "Ce paiement est déjà fait", "Il n’y a plus rien à payer ici.", link=success_address(session)
        )
    return _notice(
        "Cette page de paiement a expiré", "Rien n’a été débité.", link=session["cancel_url"] or ""
    )


def _notice(title: str, sentence: str, status: int = 200, *, link: str = "") -> Answer:
    way = fill("back.html", address=link) if link else Html("")
    return as_page(page(title, fill("notice.html", title=title, sentence=sentence, way=way)), status)
