"""« Reprise de fichiers »: a table sent, what it would do, then doing it."""

import csv
import io

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.everywhere import everywhere
from cantine.gestion.importing_form import ImportForm
from cantine.importing import services
from cantine.importing.models import Import
from cantine.importing.reading import LARGEST, Unreadable
from members.access import role
from members.errors import Refused
from members.inputs import focus_first_error

LATEST = 20
BOM = "\ufeff"
"""So that a spreadsheet reads the accents of the model."""


@role("manager")
@everywhere
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: SignedInRequest) -> HttpResponse:
    """GET shows the form and the latest tables; POST reads one and leads to its preview."""
    posted = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if posted else ImportForm(initial={"sorte": "people"})
    if posted and form.is_valid() and (job := read(request, form)):
        return redirect("admin:import", job.pk)
    focus_first_error(form)
    context = {
        "form": form,
        "latest": Import.objects.select_related("site")[:LATEST],
        "models": [(name, kind.label) for name, kind in zip(Import.Kind.values, Import.Kind, strict=True)],
    }
    status = 422 if posted else 200
    return shown.page(request, "gestion/imports.html", status, title=_("Reprise de fichiers"), **context)


def read(request: SignedInRequest, form: ImportForm) -> Import | None:
    """Read the file that was sent; what is wrong with it is said at its field."""
    data = form.cleaned_data
    try:
        return services.read_table(
            kind=data["sorte"],
            site=data["site"],
            content=data["fichier"].read(LARGEST + 1),
            file_name=data["fichier"].name,
            by=request.user,
            now=timezone.now(),
        )
    except Unreadable as refused:
        form.add_error("fichier", str(refused.message))
        return None


@role("manager")
@everywhere
@require_safe
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a table would do, does, or did."""
    job = get_object_or_404(Import.objects.select_related("site"), pk=pk)
    return shown.page(
        request, "gestion/import.html", title=_("Reprise\u00a0: %(what)s") % {"what": job}, job=job
    )


@role("manager")
@everywhere
@require_POST
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let it be written: at once when it is short, by the worker otherwise."""
    job = get_object_or_404(Import, pk=pk)
    try:
        services.confirm(job=job, by=request.user, now=timezone.now())
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        if job.total <= services.AT_ONCE:
            services.run(job.pk, now=timezone.now())
    return redirect("admin:import", pk)


@role("manager")
@everywhere
@require_POST
def drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give it up."""
    job = get_object_or_404(Import, pk=pk)
    try:
        services.drop(job=job, now=timezone.now())
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        messages.success(request, _("Rien n’a été repris, et le fichier est oublié."))
    return redirect("admin:imports")


@role("manager")
@everywhere
@require_safe
def model_table(request: SignedInRequest, kind: str) -> HttpResponse:
    """An empty table of this sort, with one row to follow."""
    module = services.KINDS.get(kind)
    if module is None:
        raise Http404
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";")
    writer.writerow([column.heading for column in module.COLUMNS])
    writer.writerow(module.EXAMPLE)
    answer = HttpResponse(BOM + written.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return answer
