"""The switch of languages in the footer."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from members.access import before_second_factor, public
from members.services.people import change_language


@before_second_factor
@public
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Show the site in another language; who is signed in is written to in that language from now on."""
    if request.user.is_authenticated:
        change_language(user=request.user, language=request.POST.get("language", ""))
    return set_language(request)
