"""Reading the mailbox, where it exists: in local only (cantine/urls.py includes it there)."""

from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from cantine.mailbox import box
from members.access import before_second_factor, public


def letter_or_404(name: str) -> box.Letter:
    """Find an e-mail."""
    letter = box.read(name)
    if letter is None:
        raise Http404
    return letter


@before_second_factor
@public
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """List the newest e-mails."""
    to = request.GET.get("a", "").strip()
    return render(request, "mailbox/letters.html", {"letters": box.newest(to), "to": to, "shown": box.SHOWN})


@before_second_factor
@public
@require_safe
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # the same
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """Show one e-mail: HTML part in a frame, text part, attachments, headers."""
    return render(request, "mailbox/letter.html", {"letter": letter_or_404(name)})


@before_second_factor
@public
@require_safe
@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]  # django-csp types views without arguments
    {
        "default-src": ["'none'"],
        "script-src": ["'none'"],
        "connect-src": ["'none'"],
        "form-action": ["'none'"],
        "style-src": ["'unsafe-inline'"],  # e-mails carry their style in themselves
        "img-src": ["'self'", "data:"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-popups"],
    }
)
def html(request: HttpRequest, name: str) -> HttpResponse:
    """Give the HTML part alone, without script or form, for the frame."""
    return HttpResponse(letter_or_404(name).html)


@before_second_factor
@public
@require_safe
def file(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Download an attachment."""
    files = letter_or_404(name).files
    if not 0 <= number < len(files):
        raise Http404
    part = files[number]
    response = HttpResponse(
        part.get_payload(decode=True), content_type=str(part["Content-Type"] or part.get_content_type())
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{part.get_filename("piece")}"'
    return response
