"""What the application is measured against: views that do the least, behind the same middleware."""

import os
from functools import cache
from pathlib import Path

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bench.models import Row
from members.access import signed_in


@signed_in
@require_POST
def insert(request: HttpRequest) -> HttpResponse:
    """Session, user, one insert through the ORM in a transaction, and nothing else."""
    with transaction.atomic():
        Row.objects.create(user_id=request.user.pk, slot=0, at=timezone.now())
    return HttpResponse(status=302, headers={"Location": "/"})


@signed_in
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Session, user, and the very bytes of the day plan, made beforehand."""
    if not request.user.is_active:
        return HttpResponse(status=404)
    return HttpResponse(made_beforehand(os.environ["BENCH_BYTES"]))


@cache
def made_beforehand(path: str) -> bytes:
    """The bytes kept in a file."""
    return Path(path).read_bytes()


@signed_in
@require_POST
def check_then_insert(request: HttpRequest) -> HttpResponse:
    """Book as the peers do: look whether the slot is free, then write, with no constraint behind it."""
    slot = int(request.POST["slot"])
    with transaction.atomic():
        if Row.objects.filter(slot=slot).exists():
            return HttpResponse(status=409)
        Row.objects.create(user_id=request.user.pk, slot=slot, at=timezone.now())
    return HttpResponse(status=302, headers={"Location": "/"})
