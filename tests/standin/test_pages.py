"""The hosted page and the developer's pages: without a browser, then in one."""

import re
import urllib.request
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser

from tests.browser.sweep import look
from tests.fixtures_standin import ASKS, DECLINED, GOOD, Standin
from tests.standin.api import CANCEL, SUCCESS, client, open_session, paid_session

CARD = {"email": "c@exemple.fr", "number": GOOD, "expiry": "12/34", "cvc": "123", "name": "Camille"}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        """Redirects are looked at, not followed."""


def ask(
    address: str | None, fields: dict[str, str] | None = None, **headers: str
) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers of a request without JavaScript."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)
    data = urlencode(fields).encode() if fields is not None else None
    try:
        answer = opener.open(urllib.request.Request(str(address), data=data, headers=headers), timeout=10)
    except HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.read().decode(), dict(answer.headers)


def test_the_page_says_that_it_is_a_simulation_and_escapes_what_it_shows(standin: Standin) -> None:
    status, body, headers = ask(open_session(standin).url)
    assert status == 200
    assert "Simulation de paiement" in body
    assert "aucune somme n’est débitée" in body
    assert "Poste 7 &lt;matin&gt;" in body
    assert 'value="camille@exemple.fr"' in body
    assert f'href="{CANCEL}"' in body
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "<script" not in body
    assert "style=" not in body


def test_paying_leads_back_with_the_sessions_id(standin: Standin) -> None:
    session = open_session(standin)
    status, _, headers = ask(session.url, CARD)
    assert status == 303
    assert headers["Location"] == SUCCESS.replace("{CHECKOUT_SESSION_ID}", session.id)
    assert standin.sessions()[0]["customer_details"]["name"] == "Camille"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("number", "4242424242424241", "pas valide"),
        ("number", "4111111111111111", "cartes d’essai"),
        ("number", DECLINED, "a refusé cette carte"),
        ("expiry", "13/34", "mois et l’année"),
        ("expiry", "01/20", "passée"),
        ("cvc", "12", "trois chiffres"),
        ("name", " ", "nom qui figure"),
        ("email", "camille", "adresse e-mail"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_paid(
    standin: Standin, field: str, typed: str, sentence: str
) -> None:
    status, body, _ = ask(open_session(standin).url, {**CARD, field: typed})
    assert status == 200
    assert sentence in body
    assert re.search(f'id="{field}"[^>]*aria-invalid="true"', body)
    assert standin.sessions()[0]["status"] == "open"


def test_the_banks_question_is_asked_on_a_page_of_its_own(standin: Standin) -> None:
    session = open_session(standin)
    _, _, headers = ask(session.url, {**CARD, "number": ASKS})
    question = standin.base + headers["Location"]
    assert "Votre banque demande une confirmation" in ask(question)[1]
    assert "pas confirmé que c’est vous" in ask(question, {"answer": "refuse"})[1]
    assert ask(question)[0] == 303
    ask(session.url, {**CARD, "number": ASKS})
    assert ask(question, {"answer": "agree"})[2]["Location"].endswith(session.id)


def test_a_closed_session_offers_nothing_to_pay(standin: Standin) -> None:
    paid, expired = paid_session(standin), open_session(standin)
    standin.expire(expired.id)
    for session, title in ((paid, "déjà fait"), (expired, "a expiré")):
        address = f"{standin.base}/c/pay/{session.id}"
        assert title in ask(address)[1]
        assert title in ask(address, CARD)[1]
    assert ask(f"{standin.base}/c/pay/cs_test_nobody")[0] == 404
    assert len(standin.get("/v1/charges")["data"]) == 1


def test_another_sites_form_is_refused(standin: Standin) -> None:
    status, _, _ = ask(open_session(standin).url, CARD, Origin="http://ailleurs.example")
    assert status == 403
    assert standin.sessions()[0]["status"] == "open"


def test_the_developers_pages_show_sessions_and_act(standin: Standin) -> None:
    session = paid_session(standin)
    client(standin).v1.refunds.create({"payment_intent": str(session.payment_intent)})
    assert "commande-1" in ask(standin.base)[1]
    assert "Faire échouer" in ask(f"{standin.base}/_control/")[1]
    status, _, _ = ask(f"{standin.base}/_control/clock", {"advance": "60"}, Accept="text/html")
    assert status == 303
    assert standin.get("/_control/state")["clock_offset"] == 60


@pytest.mark.browser
def test_a_person_pays_on_a_phone_without_script(chromium: Browser, standin: Standin) -> None:
    session = open_session(standin)
    page = chromium.new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    back = SUCCESS.replace("{CHECKOUT_SESSION_ID}", session.id)
    page.goto(str(session.url))
    page.get_by_role("link", name="4000 0027 6000 3184").click()
    page.get_by_role("button", name="Payer 36,00").click()
    with page.expect_response(lambda answer: answer.headers.get("location") == back):  # where nobody answers
        page.get_by_role("button", name="Confirmer le paiement").click()
    page.close()
    assert standin.sessions()[0]["payment_status"] == "paid"


@pytest.mark.browser
def test_axe_finds_nothing_and_nothing_scrolls_sideways(chromium: Browser, standin: Standin) -> None:
    session, paid = open_session(standin), paid_session(standin)
    page = chromium.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for address in (
        session.url,
        f"{standin.base}/c/pay/{paid.id}",
        standin.base,
        f"{standin.base}/_control/",
    ):
        page.goto(str(address))
        assert look(page) == [], address
    page.goto(str(session.url))
    page.get_by_role("button", name="Payer 36,00").click()
    assert look(page) == []
    page.close()
    assert said == []
