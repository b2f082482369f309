"""Two pages for developers: the sessions there are, and the control panel."""

import time

from cantine.standin import control
from cantine.standin.answers import Answer, as_page
from cantine.standin.call import Call
from cantine.standin.faults import COUNTED
from cantine.standin.html import Html, euros, fill, joined, page
from cantine.standin.state import Json

STATES = {"open": "à payer", "complete": "terminée", "expired": "expirée"}
DELIVERY = {
    "pending": "en attente", "sending": "en cours", "delivered": "livrée", "lost": "perdue exprès",
    "held": "retenue", "given up": "abandonnée",
}  # fmt: skip
SHOWN = 50


def sessions(call: Call) -> Answer:
    """GET /."""
    newest = call.store.where("checkout.session")[: -SHOWN - 1 : -1]
    rows = [_session_row(one) for one in newest]
    body = fill("sessions.html", rows=joined(rows), empty="" if rows else "Aucune session pour l’instant.")
    return as_page(page("Sessions de paiement", body, layout="wide"))


def _session_row(session: Json) -> Html:
    return fill(
        "session.html",
        moment=_moment(session["created"]),
        identifier=f"{session['id'][:20]}…",
        link=f"/c/pay/{session['id']}",
        reference=session["client_reference_id"] or "",
        amount=euros(session["amount_total"]),
        state=STATES[session["status"]],
    )


def panel(call: Call) -> Answer:
    """GET /_control/."""
    known = control.state(call)
    rows = [
        fill(
            "delivery.html",
            number=one["id"],
            kind=one["type"],
            event=one["event"],
            state=DELIVERY[one["state"]],
            tries=one["tries"],
            answer=one["answer"] or "–",
        )
        for one in control.deliveries(call)["data"][:SHOWN]
    ]
    refunds = [
        fill("refund.html", identifier=one["id"], amount=euros(one["amount"]), state=one["status"])
        for one in call.store.where("refund")[: -SHOWN - 1 : -1]
    ]
    payouts = [
        fill("payout.html", identifier=one["id"], amount=euros(one["amount"]), state=one["status"])
        for one in call.store.where("payout")[: -SHOWN - 1 : -1]
    ]
    faults = {**dict.fromkeys(COUNTED, 0), "slow_ms": 0, **known["api_faults"]}
    bends = {**dict.fromkeys(control.WEBHOOK_FAULTS, 0), **known["webhook_faults"]}
    body = fill(
        "control.html",
        now=_moment(known["now"]),
        target=known["webhook_url"] or "aucune adresse",
        rows=joined(rows),
        refunds=joined(refunds),
        payouts=joined(payouts),
        **known["balance"],
        **faults,
        **bends,
    )
    return as_page(page("Commandes de la simulation", body, layout="wide"))


def _moment(at: int) -> str:
    return time.strftime("%d/%m/%Y %H:%M:%S UTC", time.gmtime(at))
