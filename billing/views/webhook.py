"""Where Stripe tells what happened."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing.payments.errors import BadSignature
from billing.settlement import inbox
from members.access import with_key

LARGEST = 1024 * 1024
PLAIN = "text/plain; charset=utf-8"


@csrf_exempt  # Stripe has no cookie of ours: its signature on the raw body is checked instead
@with_key("Stripe's signature on the raw body")
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Check, store, answer; the event is handled afterwards, by Celery."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST:
        return HttpResponse("too large", status=413, content_type=PLAIN)
    now = timezone.now()
    try:
        inbox.receive(request.body, request.headers.get("Stripe-Signature", ""), now=now)
    except BadSignature:
        return HttpResponse("bad signature", status=400, content_type=PLAIN)
    except inbox.WrongMode as error:
        inbox.refuse(error, now=now)
        return HttpResponse("wrong mode", status=400, content_type=PLAIN)
    return HttpResponse("stored", content_type=PLAIN)
