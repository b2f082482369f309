"""The public page of the ecosystem, and open data."""

from datetime import timedelta
from hashlib import sha256

from allauth.core.internal.ratelimit import consume as consume_always
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cantine.ecosystem import public
from cantine.ecosystem.open_data import DATASETS, LICENCE, LICENCE_URL, Dataset
from cantine.ecosystem.open_files import FORMS
from members.access import public as open_to_all
from members.models import Agglomeration, OrganisationProfile, Sector

PER_PAGE = 50


@open_to_all
@never_cache
@require_safe
def ecosystem(request: HttpRequest) -> HttpResponse:
    """Show the organisations that agreed, drawn and in a table; no cache keeps it, for one may withdraw."""
    words = public.Words(list(Agglomeration.objects.all()), list(Sector.objects.all()))
    asked, everyone = public.read(request.GET, words), public.listed()
    found = [each for each in everyone if asked.takes(each)]
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "words": words,
        "kinds": OrganisationProfile.Kind.choices,
        "shown_kinds": {each.kind or "unknown" for each in found},
        "page": page,
        "total": len(everyone),
        "tiles": public.tiles(found, words, asked),
    }
    return render(request, "ecosystem/map.html", context)


@open_to_all
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """List what may be taken, with the meaning of each field."""
    context = {"datasets": DATASETS.values(), "licence": LICENCE, "licence_url": LICENCE_URL, "forms": FORMS}
    return render(request, "ecosystem/open_data.html", context)


@open_to_all
@require_safe
def open_data_file(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """Give a file, or 304 to who has it already."""
    dataset, written = DATASETS.get(name), FORMS.get(form)
    if dataset is None or written is None:
        raise Http404
    # The public function lets every GET pass.
    if not consume_always(request, app="allauth.account", action="read_open_data", limit_get=True):
        return render(request, "429.html", status=429)
    with translation.override("fr"):  # the same bytes for everyone
        content = written.write(dataset, dataset.kept(timezone.now()))
    return answered(request, content, kind=written.mime, dataset=dataset, form=form)


def answered(request: HttpRequest, content: bytes, *, kind: str, dataset: Dataset, form: str) -> HttpResponse:
    """The file with its mark, by which it is asked for only when it changed."""
    etag = quote_etag(sha256(content).hexdigest()[:32])
    known = {each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))}
    response: HttpResponse
    if etag in known:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(content, content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="{dataset.name}.{form}"'
    response["ETag"] = etag
    seconds = dataset.lasts // timedelta(seconds=1)
    response["Cache-Control"] = f"public, max-age={seconds}" if seconds else "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response
