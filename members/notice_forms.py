"""The forms of the help board."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Notice, Reply


class NoticeForm(forms.Form):
    """An ask or an offer."""

    kind = forms.ChoiceField(label=gettext_lazy("Vous"), widget=forms.RadioSelect, initial=Notice.Kind.SEEK)
    title = forms.CharField(
        label=gettext_lazy("En une phrase"),
        max_length=120,
        help_text=gettext_lazy(
            "Par exemple\u00a0: une relecture en anglais, un coup de main en comptabilité."
        ),
    )
    body = forms.CharField(
        label=gettext_lazy("Dites-en plus"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Pour quand, combien de temps, contre quoi. Les membres de la Cantine vous lisent."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["kind"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(value, capfirst(str(label))) for value, label in Notice.Kind.choices]


class ReplyForm(forms.Form):
    """An answer."""

    body = forms.CharField(
        label=gettext_lazy("Votre réponse"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class SolveForm(forms.Form):
    """Who helped, and thanks."""

    helped_by = forms.ChoiceField(label=gettext_lazy("Grâce à"), widget=forms.RadioSelect, initial="")
    thanks = forms.CharField(
        label=gettext_lazy("Un mot de remerciement"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Les personnes qui ont répondu le reçoivent."),
    )

    def __init__(self, *args: Any, replies: Iterable[Reply], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.replies = {str(reply.pk): reply for reply in replies}
        said = [(key, _reply_words(reply)) for key, reply in self.replies.items()]
        choice = self.fields["helped_by"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("Autrement")), *said]
        choice.required = False
        choice.sometimes_required = True  # type: ignore[attr-defined]  # django/forms/field.html: no « facultatif »

    def helper(self) -> Reply | None:
        """The reply that helped."""
        return self.replies.get(self.cleaned_data["helped_by"])


def _reply_words(reply: Reply) -> str:
    """« Inès Malandain : je peux relire demain… »."""
    name = getattr(reply, "author_name", None) or _("Un membre")
    words = Truncator(" ".join(reply.body.split())).chars(60)
    return _("%(name)s\u00a0: %(words)s") % {"name": name, "words": words}


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Pourquoi"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
