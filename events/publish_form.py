"""The form by which an event is written: few things to say, the rest folded away with its usual answer."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.errors import NoSuchTime
from bookings.models import Site, Space
from bookings.period import asked_at
from events.album import ALBUM
from events.models import Category, Event
from events.publish_values import pairs, web_address
from events.services.drafts import Draft
from members.inputs import clock_input, day_input, moment_input
from members.models import User
from members.pictures import BadPicture, StoredPicture, prepare

LONGEST = timedelta(days=14)
NIGHT_ENDS = time(6)
"""An end at most this late is the next morning's; a later one before the start is a mistake."""
KINDS = (Space.Kind.ROOM, Space.Kind.HALL)
"""What an event may take."""


def spaces_of(site: Site) -> "list[Space]":
    """The rooms of a site that an event may take."""
    return list(Space.objects.active().with_atoms().filter(site=site, kind__in=KINDS).select_related("site"))


class EventForm(forms.Form):
    """What, when, where; the tickets and questions are forms of their own (publish_parts.py)."""

    title = forms.CharField(label=gettext_lazy("Titre"), max_length=120)
    category = forms.ModelChoiceField(
        label=gettext_lazy("Sorte d’événement"), queryset=Category.objects.all(), empty_label=None
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Markdown\u00a0: **gras**, ## sous-titre, - liste, [lien](https://…)."),
    )
    day = forms.DateField(label=gettext_lazy("Jour"), widget=day_input())
    starts = forms.TimeField(label=gettext_lazy("Début"), widget=clock_input())
    ends = forms.TimeField(label=gettext_lazy("Fin"), widget=clock_input())
    last_day = forms.DateField(
        label=gettext_lazy("Dernier jour"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("Seulement s’il dure plusieurs jours."),
    )
    site = forms.ModelChoiceField(label=gettext_lazy("Site"), queryset=Site.objects.none(), empty_label=None)
    where = forms.ChoiceField(
        label=gettext_lazy("Lieu"), choices=Event.Where.choices, widget=forms.RadioSelect, initial="room"
    )
    space = forms.ModelChoiceField(
        label=gettext_lazy("Salle"), queryset=Space.objects.none(), required=False, widget=forms.HiddenInput
    )
    place_name = forms.CharField(label=gettext_lazy("Nom du lieu"), max_length=120, required=False)
    place_address = forms.CharField(label=gettext_lazy("Adresse du lieu"), max_length=200, required=False)
    online_link = forms.URLField(
        label=gettext_lazy("Lien de la visioconférence"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Montré aux personnes inscrites seulement."),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Places"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=gettext_lazy("Vide\u00a0: celles de la salle."),
    )
    picture = forms.FileField(
        label=gettext_lazy("Image"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
        help_text=gettext_lazy(
            "JPEG, PNG, WebP ou GIF, 10\u00a0Mo au plus. Sans image, une affiche est dessinée."
        ),
    )
    picture_alt = forms.CharField(
        label=gettext_lazy("Ce que montre l’image"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Une phrase, pour qui ne la voit pas."),
    )
    kept_picture = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    drop_picture = forms.BooleanField(label=gettext_lazy("Retirer l’image"), required=False)
    summary = forms.CharField(
        label=gettext_lazy("En une phrase"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Pour les listes et les réseaux."),
    )
    speakers = forms.CharField(
        label=gettext_lazy("Intervenantes et intervenants"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Une personne par ligne\u00a0: nom, puis une virgule et ce qu’elle fait."),
    )
    partners = forms.CharField(
        label=gettext_lazy("Partenaires"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Un par ligne\u00a0: nom, puis une virgule et son site web."),
    )
    tags = forms.CharField(
        label=gettext_lazy("Mots-clés"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Séparés par des virgules."),
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Ouvert à"), choices=Event.Audience.choices, initial=Event.Audience.PUBLIC
    )
    visible_from = forms.DateTimeField(
        label=gettext_lazy("Montrer à partir du"),
        required=False,
        widget=moment_input(),
        help_text=gettext_lazy("Vide\u00a0: dès la publication."),
    )
    organisers = forms.CharField(
        label=gettext_lazy("Co-organisation"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Adresses électroniques de bénévoles, une par ligne."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Langue de l’événement"), choices=User.Language.choices, initial="fr"
    )
    setup_minutes = forms.IntegerField(
        label=gettext_lazy("Installation, en minutes"), min_value=0, max_value=600, initial=30
    )
    clearing_minutes = forms.IntegerField(
        label=gettext_lazy("Rangement, en minutes"), min_value=0, max_value=600, initial=30
    )
    has_waiting_list = forms.BooleanField(label=gettext_lazy("Liste d’attente"), required=False, initial=True)
    refund_hours = forms.IntegerField(
        label=gettext_lazy("Remboursé jusqu’à, en heures avant le début"),
        min_value=0,
        max_value=2000,
        initial=24,
    )

    def __init__(self, *args: Any, has_picture: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepared: StoredPicture | None = None
        self.fields["picture_alt"].sometimes_required = True  # type: ignore[attr-defined]  # django/forms/field.html
        self.has_picture = has_picture
        sites = Site.objects.open()
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]  # a ModelChoiceField's
        self.fields["space"].queryset = (  # type: ignore[attr-defined]  # a ModelChoiceField's
            Space.objects.active().filter(kind__in=KINDS).select_related("site")
        )
        self.many_sites = len(sites) > 1
        if not self.many_sites:
            self.fields["site"].widget = forms.HiddenInput()
        if sites and not self.is_bound:
            self.initial.setdefault("site", sites[0].pk)
        if not has_picture:
            del self.fields["drop_picture"]

    def clean_title(self) -> str:
        """A title is more than spaces."""
        title = " ".join(self.cleaned_data["title"].split())
        if not title:
            raise forms.ValidationError(_("Donnez un titre."))
        return title

    def clean_picture(self) -> Any:
        """Draw the picture anew and keep it, whatever else is to be corrected; or say what is wrong."""
        upload = self.cleaned_data.get("picture")
        if not upload:
            return None
        try:
            self.prepared = ALBUM.keep(prepare(upload, size=upload.size))
        except BadPicture as refused:
            raise forms.ValidationError(str(refused)) from refused
        return upload

    def clean_tags(self) -> tuple[str, ...]:
        """Small words, once each, ten at most."""
        words = (" ".join(each.split()).lower()[:30] for each in self.cleaned_data["tags"].split(","))
        return tuple(dict.fromkeys(word for word in words if word))[:10]

    def clean_speakers(self) -> tuple[tuple[str, str], ...]:
        """Name and presentation, line by line."""
        return tuple((name[:120], about[:200]) for name, about in pairs(self.cleaned_data["speakers"]))

    def clean_partners(self) -> tuple[tuple[str, str], ...]:
        """Name and address of the web site, line by line."""
        return tuple((name[:120], web_address(link)) for name, link in pairs(self.cleaned_data["partners"]))

    def clean_organisers(self) -> tuple[User, ...]:
        """Volunteers, by their addresses."""
        asked = [
            line.strip().lower() for line in self.cleaned_data["organisers"].splitlines() if line.strip()
        ]
        found = {user.email: user for user in User.objects.filter(email__in=asked, is_active=True)}
        unknown = [
            each for each in asked if each not in found or not found[each].has_perm("events.organise_event")
        ]
        if unknown:
            raise forms.ValidationError(
                _("Ces adresses ne sont pas celles de bénévoles\u00a0: %(who)s.")
                % {"who": ", ".join(unknown)}
            )
        return tuple(found[each] for each in dict.fromkeys(asked))

    def clean(self) -> dict[str, Any]:
        """Put day and hours together by the site's clocks; the picture needs its sentence."""
        data = super().clean() or self.cleaned_data
        if {"day", "starts", "ends", "site"} <= data.keys():
            self._put_together(data)
        self._check_room(data)
        self.prepared = self.prepared or ALBUM.read_ticket(data.get("kept_picture", ""))
        kept = self.has_picture and not data.get("drop_picture")
        if (self.prepared or kept) and not data.get("picture_alt"):
            self.add_error("picture_alt", _("Décrivez l’image en une phrase, pour qui ne la voit pas."))
        return data

    def check_to_publish(self, now: datetime) -> None:
        """Say along with the rest what only counts for what is sent or published: a room, a day to come."""
        data = self.cleaned_data
        if (starts_at := data.get("starts_at")) and starts_at <= now and "day" not in self.errors:
            self.add_error("day", _("Cette date est passée."))
        if data.get("where") == Event.Where.ROOM and not data.get("space") and "space" not in self.errors:
            self.add_error("space", _("Choisissez une salle."))

    def _check_room(self, data: dict[str, Any]) -> None:
        """The room is one of the site's, and holds who is let in."""
        space, site, capacity = data.get("space"), data.get("site"), data.get("capacity")
        if data.get("where") != Event.Where.ROOM or space is None or site is None:
            return
        if space.site_id != site.pk:
            data["space"] = None
            self.add_error("space", _("Choisissez une salle de %(site)s.") % {"site": site.name})
        elif capacity and capacity > space.capacity and capacity != self.initial.get("capacity"):
            said = {"room": space.label, "count": space.capacity}
            self.add_error("capacity", _("%(room)s a %(count)s places.") % said)

    def _put_together(self, data: dict[str, Any]) -> None:
        zone, last = data["site"].zone, data.get("last_day") or data["day"]
        if last == data["day"] and data["ends"] <= data["starts"]:
            if data["ends"] > NIGHT_ENDS:
                self.add_error("ends", _("La fin doit venir après le début."))
                return
            last += timedelta(days=1)  # it ends after midnight
        try:
            data["starts_at"] = asked_at(data["day"], data["starts"], zone)
            data["ends_at"] = asked_at(last, data["ends"], zone)
        except NoSuchTime as refused:
            self.add_error("starts", str(refused))
            return
        if data["ends_at"] <= data["starts_at"]:
            self.add_error("last_day", _("La fin doit venir après le début."))
        elif data["ends_at"] - data["starts_at"] > LONGEST:
            self.add_error("last_day", _("Un événement dure deux semaines au plus."))
        if data.get("visible_from"):
            shown: datetime = data["visible_from"]
            data["visible_from"] = asked_at(shown.date(), shown.time(), zone)

    @property
    def picture_ticket(self) -> str:
        """What brings the picture back when the form is sent again."""
        return ALBUM.ticket_of(self.prepared) if self.prepared else ""

    @property
    def picture_shown(self) -> str:
        """The picture that was sent, to be looked at before anything is published."""
        return ALBUM.shown(self.prepared) if self.prepared else ""

    def written(self) -> dict[str, Any]:
        """What a `Draft` takes of this form."""
        data = self.cleaned_data
        names = set(Draft.__dataclass_fields__) - {"tickets", "questions", "picture"}
        return {
            **{name: data[name] for name in names if name in data},
            "picture": self.prepared,
            "drop_picture": bool(data.get("drop_picture")),
        }
