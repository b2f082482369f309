"""What a form that anyone may send is asked, so that programs are left outside."""

from django.http import HttpRequest

from bookings.errors_rental import NotAPerson, TooOld, TooQuick
from members import form_tokens

TROUBLES = {
    form_tokens.Trouble.FORGED: NotAPerson,
    form_tokens.Trouble.QUICK: TooQuick,
    form_tokens.Trouble.OLD: TooOld,
}
TRAP = "site_web"
"""A field that people do not see."""


def read_token(request: HttpRequest) -> str:
    """The token of the page a form came from; raises a `NotAPerson` where no person seems to have sent it."""
    token = form_tokens.read(request.POST.get("token", ""))
    if isinstance(token, form_tokens.Trouble):
        raise TROUBLES[token]
    if request.POST.get(TRAP):
        raise NotAPerson
    return token
