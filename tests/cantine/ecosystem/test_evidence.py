"""The evidence of the ecosystem: counted again from the rows, issued once; the file in and out."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from cantine.audit.report import CHECKS
from cantine.ecosystem.evidence import evidence
from cantine.ecosystem.export import sheet_of_file
from cantine.ecosystem.file import read_file
from cantine.ecosystem.gaps import gaps
from cantine.ecosystem.growth import percent
from cantine.importing import services
from cantine.models import FrozenReport, FrozenReportFile
from cantine.report.issuing import issue_report, make_due
from cantine.report.sheet import plain
from cantine.report.told import digest
from cantine.roles import give_role, synchronise
from members.errors import NotAllowed
from members.models import Organisation, OrganisationFact, OrganisationProfile, User
from tests.factories.bookings import NOW, make_house
from tests.factories.ecosystem import SOURCE, make_known, make_sector, make_town
from tests.factories.events import make_event
from tests.factories.members import make_organisation, make_superuser, make_user
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
YEAR = TODAY.year
FILE = "4 every report issued is as it was"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True, scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Three towns, of which one has a site with two events; organisations of many kinds."""
    with lasting(django_db_blocker), time_machine.travel(NOW, tick=False):
        synchronise()
        site = make_house(code="essai-sur-seine")
        rouen, havre, caen = make_town("rouen", site.code), make_town("le-havre"), make_town("caen")
        logiciel, mer = make_sector("logiciel"), make_sector("mer")
        young, old = date(YEAR - 2, 3, 1), date(YEAR - 12, 1, 1)
        for number, (town, kind, sector, founded) in enumerate(
            (
                (rouen, "startup", logiciel, young),
                (rouen, "startup", mer, old),
                (havre, "startup", mer, young),
                (havre, "key_account", mer, old),
                (caen, "public", None, None),
                (caen, "funder", None, old),
                (None, "", None, None),
                (rouen, "company", logiciel, date(YEAR, 5, 1)),
            )
        ):
            make_known(
                name=f"Essai {number}",
                agglomeration=town,
                kind=kind,
                sector=sector,
                founded_on=founded,
                jobs={YEAR - 1: 10 + number, YEAR: 12 + number} if number % 3 else {YEAR - 1: 7},
                raised={YEAR: 100_000},
            )
        make_known(name="Essai fini", agglomeration=rouen, founded_on=old, ceased_on=date(YEAR, 2, 1))
        make_organisation(name="Essai sans fiche")
        past = NOW - timedelta(days=20)
        make_event(site=site, starts_at=past, now=past, tags=["French Tech"])
        make_event(site=site, starts_at=past + timedelta(days=1), now=past)
        make_event(site=site)  # to come: not held
        yield


@pytest.fixture
def manager() -> User:
    return make_user(role="manager")


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def tables() -> dict[str, dict[str, Any]]:
    found = evidence(read_file(NOW), year=YEAR, today=TODAY).told
    return {
        f"{part['title']}/{each['caption']}": dict(each)
        for part in found["sections"]
        for each in part["tables"]
    }


def test_each_figure_is_what_the_rows_say() -> None:
    there = [
        each
        for each in OrganisationProfile.objects.select_related("agglomeration")
        if (each.ceased_on is None or each.ceased_on > TODAY)
        and not (each.founded_on and each.founded_on > TODAY)
    ]
    found = tables()
    kinds = found["Organisations/Par genre"]
    assert kinds["columns"] == ["Genre", "Caen", "Le-havre", "Rouen", "Non située", "Ensemble"]
    assert kinds["total"][-1] == len(there) == 8
    told = {row[0]: row[-1] for row in kinds["rows"]}
    counted = Counter(each.get_kind_display().capitalize() or "À préciser" for each in there)
    assert {name: told[name] for name in counted} == dict(counted)
    assert told["dont jeunes pousses"] == 2
    jobs = {row[0]: row[1:] for row in found["Emplois/Par agglomération"]["rows"]}
    for town in ("Rouen", "Le-havre", "Caen"):
        those = [each for each in there if each.agglomeration and each.agglomeration.name == town]
        latest = [
            OrganisationFact.objects.filter(
                organisation=each.organisation_id, measure="jobs", year__in=(YEAR - 1, YEAR)
            ).latest("year")
            for each in those
        ]
        fresh = sum(fact.year == YEAR for fact in latest)
        assert jobs[town] == [int(sum(fact.value for fact in latest)), len(latest), len(those), fresh]
    assert {row[0]: row[1:] for row in found["Événements/Par agglomération"]["rows"]}["Rouen"] == [2, 1]
    growth = {row[0]: row[1:] for row in found["D’une année à l’autre/Croissance"]["rows"]}
    assert growth[str(YEAR)][:2] == [8, 1]
    assert growth[str(YEAR - 1)][:2] == [8, 0]
    both = [n for n in range(8) if n % 3]
    before, after = sum(10 + n for n in both), sum(12 + n for n in both)
    assert growth[str(YEAR)][4:] == [len(both), percent(before, after)]
    money = {
        row[0]: row[1:] for row in found["D’une année à l’autre/Fonds levés et chiffre d’affaires"]["rows"]
    }
    assert money[str(YEAR)] == [800_000, 8, None, 0]


def test_money_of_two_organisations_is_not_told() -> None:
    OrganisationFact.objects.filter(measure="raised", organisation__name__gt="Essai 1").delete()
    rows = tables()["D’une année à l’autre/Fonds levés et chiffre d’affaires"]["rows"]
    assert rows[-1] == [str(YEAR), None, 2, None, 0]


@given(before=st.integers(1, 10_000), after=st.integers(0, 10_000))
def test_a_growth_in_percent_is_right_to_the_tenth(before: int, after: int) -> None:
    text = percent(before, after)
    assert text is not None
    told = float(text.removesuffix("\u00a0%").replace(",", ".").replace("−", "-"))
    assert abs(told - 100 * (after - before) / before) <= 0.05 + 1e-9


def test_the_page_shows_it_with_its_gaps_and_asks_as_much_for_more_organisations(desk: Client) -> None:
    page = reverse("admin:french_tech")
    with CaptureQueriesContext(
        connection,
    ) as few:
        html = desk.get(page).content.decode()
    assert "1 organisation sans genre" in html
    assert "1 organisation sans fiche" in html
    assert f"{reverse('admin:members_organisation_changelist')}?profile__kind__exact=startup" in html
    for number in range(12):
        make_known(name=f"Encore {number}", agglomeration=make_town(), jobs={YEAR: 3}, raised={YEAR: 10})
    with CaptureQueriesContext(connection) as more:
        desk.get(page)
    assert len(more) <= len(few)


def test_each_gap_and_each_row_leads_to_the_organisations_it_counts(desk: Client) -> None:
    for gap in gaps(TODAY):
        answer = desk.get(gap.url)
        assert answer.context["cl"].result_count == gap.number, gap.words
    found = evidence(read_file(NOW), year=YEAR, today=TODAY)
    here = reverse("admin:members_organisation_changelist")
    for each in (each for _section, linked in found.linked for each in linked):
        for link in each.links:
            assert desk.get(f"{here}?{link}").status_code == 200, link


def test_what_was_issued_never_changes_when_the_file_does(desk: Client, manager: User) -> None:
    desk.post(reverse("admin:french_tech"), {"commentary": "Une bonne année.\n\nEt de deux."})
    report = FrozenReport.objects.get()
    assert (report.first, report.last, report.issued_by) == (date(YEAR, 1, 1), TODAY, manager)
    assert make_due(NOW) == 1
    assert make_due(NOW) == 0
    at = [reverse(f"admin:report_{form}", args=[report.pk]) for form in ("pdf", "csv")]
    before = [b"".join(desk.get(each)) for each in at]
    assert before[0].startswith(b"%PDF")
    assert sha256(before[0]).hexdigest() == FrozenReportFile.objects.get().sha256
    Organisation.objects.filter(name="Essai 1").delete()
    OrganisationFact.objects.update(value=1)
    assert [b"".join(desk.get(each)) for each in at] == before
    report.refresh_from_db()
    assert digest(report.data) == report.sha256
    assert list(dict(CHECKS)[FILE](NOW)) == []
    listed = desk.get(reverse("admin:french_tech")).content.decode()
    assert FrozenReportFile.objects.get().sha256 in listed


def test_a_manager_of_one_site_issues_nothing_of_all_of_them_and_reads_none(client: Client) -> None:
    hers = make_user(role=None)
    give_role(user=hers, role="manager", by=None, sites=[make_house()])
    said: dict[str, Any] = {
        "kind": "french_tech",
        "site": None,
        "first": TODAY,
        "last": TODAY,
        "commentary": "",
        "now": NOW,
    }
    data = evidence(read_file(NOW), year=YEAR, today=TODAY).told
    with pytest.raises(NotAllowed):
        issue_report(**said, data=data, by=hers)
    assert not FrozenReport.objects.exists()
    report = issue_report(**said, data=data, by=make_superuser())
    client.force_login(hers)
    assert client.get(reverse("admin:french_tech")).status_code == 403
    assert client.get(reverse("admin:report_csv", args=[report.pk])).status_code == 404


def test_an_agreement_given_in_writing_is_noted_and_taken_back_at_the_desk(desk: Client) -> None:
    known = OrganisationProfile.objects.get(organisation__name="Essai 3")
    page = reverse("admin:agreement", args=[known.organisation_id])
    assert desk.post(page, {"source": ""}).status_code == 422
    assert not OrganisationProfile.objects.listed().exists()
    desk.post(page, {"source": "courriel du 12 novembre"})
    assert OrganisationProfile.objects.listed().get() == known
    desk.post(page)
    assert not OrganisationProfile.objects.listed().exists()


TABLE = (
    "nom;genre;secteur;agglomération;créée le;siren;emplois;année;source\n"
    f"Essai 0;;;;;;20;{YEAR};registre\n"
    "Neuve;Grand compte;mer;le-havre;01/02/2020;732 829 320;;;\n"
    "Mauvaise;bateau;mer;paris;;123456789;3;;\n"
    "Neuve;;;;;;;;\n"
)


def imported(manager: User, text: str) -> Any:
    job = services.read_table(
        kind="ecosystem", site=None, content=text.encode(), file_name="f.csv", by=manager, now=NOW
    )
    return job


def test_a_table_is_previewed_written_once_and_changes_nothing_the_second_time(manager: User) -> None:
    job = imported(manager, TABLE)
    assert (job.added, job.changed, job.same, job.wrong) == (1, 1, 0, 2)
    assert not Organisation.objects.filter(name="Neuve").exists()
    wrong = [problem[1] for problem in job.problems]
    assert wrong == ["genre", "agglomération", "SIREN", "année", "source", "nom"]
    services.confirm(job=job, by=manager, now=NOW)
    services.run(job.pk, now=NOW)
    made = OrganisationProfile.objects.get(organisation__name="Neuve")
    assert (made.kind, made.siren, made.agglomeration) == ("key_account", "732829320", make_town("le-havre"))
    kept = OrganisationProfile.objects.get(organisation__name="Essai 0")
    assert (kept.kind, kept.sector) == ("startup", make_sector("logiciel"))
    assert (
        OrganisationFact.objects.get(organisation=kept.organisation_id, year=YEAR, measure="jobs").value == 20
    )
    again = imported(manager, TABLE)
    assert (again.added, again.changed, again.same) == (0, 0, 2)


def test_what_is_exported_and_imported_again_changes_nothing(desk: Client, manager: User) -> None:
    content = desk.get(reverse("admin:ecosystem_csv")).content.decode()
    assert content == sheet_of_file(read_file(NOW), YEAR)
    job = imported(manager, content)
    assert (job.added, job.changed, job.wrong) == (0, 0, 0)
    assert job.same == OrganisationProfile.objects.count()
    assert SOURCE in content


def test_no_cell_computes() -> None:
    assert plain("=1+1") == "'=1+1"
    assert plain(-3) == "-3"
