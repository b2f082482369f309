"""« Je cherche », « je propose »: what members ask of one another, and what is answered."""

import secrets
from datetime import datetime, timedelta
from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.profile import Profile
from members.models.searching import CONFIG, SearchedQuerySet, hay_of, tsv_of, words_of
from members.models.user import User
from members.rights import house

LASTS = timedelta(days=30)
WARNED = timedelta(days=3)
"""How long before its end its author is asked whether it is still true."""
MOST_TERMS = 24


def new_slug() -> str:
    """The end of an address that tells nothing of what it leads to."""
    return secrets.token_hex(5)


def named(rows: "QuerySet[Profile]", author: str) -> dict[str, Subquery]:
    """What is said of who wrote: their name and profile while they are in the directory, else nothing."""
    theirs = rows.filter(user=OuterRef(author))
    return {
        "author_name": Subquery(theirs.values("name")[:1]),
        "author_slug": Subquery(theirs.values("slug")[:1]),
    }


class NoticeQuerySet(SearchedQuerySet):
    """Which notices, and for whom."""

    def standing(self, now: datetime) -> Self:
        """Those nobody hid or took back, of people of the house."""
        people = house(timezone.localdate(now))
        return self.filter(hidden_at=None, author__in=people).exclude(state=Notice.State.CLOSED)

    def open_at(self, now: datetime) -> Self:
        """Those of the board: they wait for an answer."""
        return self.standing(now).filter(state=Notice.State.OPEN, expires_at__gt=now)

    def visible_to(self, user: User, now: datetime) -> Self:
        """What this person may read: what stands, and all of their own; the manager reads what she hid."""
        if user.has_role("manager"):
            return self
        return self.filter(Q(pk__in=self.standing(now).values("pk")) | Q(author=user))

    def reported(self) -> Self:
        """Those somebody complained of and the manager has not judged."""
        return self.filter(Exists(Report.objects.waiting().filter(notice=OuterRef("pk"))))

    def due_for_a_reminder(self, now: datetime) -> Self:
        """Those that end soon and whose author was not asked yet."""
        soon = Q(expires_at__gt=now, expires_at__lte=now + WARNED)
        return self.filter(soon, state=Notice.State.OPEN, hidden_at=None, reminded_at=None)

    def with_names(self, now: datetime) -> Self:
        """With who wrote each, as the directory says today, and how many replies there are."""
        listed = Profile.objects.listed(timezone.localdate(now))
        replies = Reply.objects.filter(notice=OuterRef("pk")).order_by().values("notice")
        number = replies.annotate(number=models.Count("pk")).values("number")
        return self.annotate(**named(listed, "author"), reply_number=Subquery(number))

    def matching(self, user: User, now: datetime) -> Self:
        """Those of others that answer what this person does or looks for, newest first (« Aujourd’hui »)."""
        profile = Profile.objects.filter(user=user).first()
        if profile is None:
            return self.none()
        can = terms_of(" ".join(profile.skills), profile.offering, profile.job)
        wants = terms_of(profile.looking_for)
        fits = Q()
        if can is not None:
            fits |= Q(kind=Notice.Kind.SEEK, tsv=can)
        if wants is not None:
            fits |= Q(kind=Notice.Kind.OFFER, tsv=wants)
        return (
            self.open_at(now).filter(fits).exclude(author=user).order_by("-created_at")
            if fits
            else self.none()
        )


def terms_of(*texts: str) -> SearchQuery | None:
    """Any of the words of these texts, by their stems."""
    words = [
        word
        for text in texts
        for line in text.split("\n")
        for part in line.split(",")
        for word in words_of(part)
    ]
    asked = [SearchQuery(word, config=CONFIG) for word in dict.fromkeys(words) if len(word) > 2]
    found: SearchQuery | None = None
    for each in asked[:MOST_TERMS]:
        found = each if found is None else found | each
    return found


class Notice(models.Model):
    """A member's ask or offer. It ends by itself; its author says when it is solved, and thanks to whom."""

    class Kind(models.TextChoices):
        SEEK = "seek", _("je cherche")
        OFFER = "offer", _("je propose")

    class State(models.TextChoices):
        OPEN = "open", _("ouverte")
        SOLVED = "solved", _("résolue")
        CLOSED = "closed", _("retirée")

    slug = models.SlugField(_("adresse"), max_length=12, default=new_slug, unique=True)
    author = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="notices", verbose_name=_("auteur")
    )
    kind = models.CharField(_("genre"), max_length=5, choices=Kind)
    title = models.CharField(_("titre"), max_length=120)
    body = models.TextField(_("texte"), max_length=3000)
    state = models.CharField(_("état"), max_length=6, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(_("publiée le"), default=timezone.now)
    changed_at = models.DateTimeField(_("changée le"), default=timezone.now)
    expires_at = models.DateTimeField(_("jusqu’au"))
    reminded_at = models.DateTimeField(_("rappel fait le"), null=True, blank=True)
    solved_at = models.DateTimeField(_("résolue le"), null=True, blank=True)
    helped_by = models.ForeignKey(
        "members.Reply",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("grâce à"),
    )
    thanks = models.TextField(_("remerciement"), max_length=400, blank=True)
    hidden_at = models.DateTimeField(_("masquée le"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("masquée par"),
    )
    hidden_reason = models.TextField(_("motif"), max_length=400, blank=True)

    hay = hay_of("title", "body")
    tsv = tsv_of("title", "body")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("annonce")
        verbose_name_plural = _("annonces")
        db_table_comment = "A member's ask or offer"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["seek", "offer"]), name="notice_kind_is_known"),
            models.CheckConstraint(
                condition=Q(state="solved", solved_at__isnull=False)
                | Q(state__in=["open", "closed"], solved_at__isnull=True),
                name="notice_solved_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_reason="")
                | Q(hidden_at__isnull=False) & ~Q(hidden_reason=""),
                name="notice_hidden_has_its_reason",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="notice_lasts"),
        ]
        indexes = [
            GinIndex(OpClass(F("hay"), name="gin_trgm_ops"), name="notice_hay"),
            GinIndex(fields=["tsv"], name="notice_tsv"),
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="notice_ends"),
            models.Index(fields=["-created_at", "-id"], name="notice_newest"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="notice_moves_along_its_arrows",
                field="state",
                transitions=[("open", "solved"), ("open", "closed")],
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where members read it."""
        return reverse("members:notice", args=[self.slug])

    @property
    def icon(self) -> str:
        """What stands beside it in a list."""
        return "search" if self.kind == self.Kind.SEEK else "hand"

    def takes_replies(self, now: datetime) -> bool:
        """Whether somebody may still answer."""
        return self.state == self.State.OPEN and self.hidden_at is None and self.expires_at > now


class ReplyQuerySet(models.QuerySet["Reply"]):
    """Which replies."""

    def with_names(self, now: datetime) -> Self:
        """With who wrote each, as the directory says today."""
        return self.annotate(**named(Profile.objects.listed(timezone.localdate(now)), "author"))


class Reply(models.Model):
    """An answer to a notice, read by whoever reads the notice."""

    notice = models.ForeignKey(
        Notice, on_delete=models.CASCADE, related_name="replies", verbose_name=_("annonce")
    )
    author = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="replies", verbose_name=_("auteur")
    )
    body = models.TextField(_("texte"), max_length=2000)
    created_at = models.DateTimeField(_("écrite le"), default=timezone.now)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("réponse")
        verbose_name_plural = _("réponses")
        ordering: ClassVar[list[str]] = ["id"]
        db_table_comment = "An answer to a notice"

    def __str__(self) -> str:
        return f"{self.notice} · {self.pk}"


class ReportQuerySet(models.QuerySet["Report"]):
    """Which reports."""

    def waiting(self) -> Self:
        """Those the manager has not judged."""
        return self.filter(judged_at=None)


class Report(models.Model):
    """Someone says that a notice should not be there; the manager judges."""

    notice = models.ForeignKey(
        Notice, on_delete=models.CASCADE, related_name="reports", verbose_name=_("annonce")
    )
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("signalée par"))
    reason = models.TextField(_("motif"), max_length=400)
    created_at = models.DateTimeField(_("signalée le"), default=timezone.now)
    judged_at = models.DateTimeField(_("examinée le"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("signalement")
        verbose_name_plural = _("signalements")
        db_table_comment = "Someone says that a notice should not be there"
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "by"],
                condition=Q(judged_at=None),
                name="notice_is_reported_once_by_someone",
            )
        ]
        indexes = [models.Index(fields=["notice"], condition=Q(judged_at=None), name="report_waiting")]

    def __str__(self) -> str:
        return f"{self.notice} · {self.created_at:%Y-%m-%d}"
