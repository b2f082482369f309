"""A form field that takes one picture: drawn anew when it comes, and kept while the rest is corrected."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.pictures import Album, BadPicture, StoredPicture, prepare


class PictureForm(forms.Form):
    """A form with an optional picture of `album`; `kept` is the one to keep, whichever try it came with."""

    album: Album
    picture = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
        help_text=_("JPEG, PNG, WebP ou GIF, 10\u00a0Mo au plus."),
    )
    kept_picture = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    kept: StoredPicture | None = None

    def clean_picture(self) -> Any:
        """Draw it anew, or say what is wrong."""
        upload = self.cleaned_data.get("picture")
        if upload is None:
            self.kept = self.album.read_ticket(str(self.data.get("kept_picture", "")))
            return None
        try:
            self.kept = self.album.keep(prepare(upload, size=upload.size))
        except BadPicture as refused:
            raise forms.ValidationError(str(refused)) from refused
        return upload

    @property
    def picture_ticket(self) -> str:
        """What the form sends back so that the picture need not be chosen again."""
        return self.album.ticket_of(self.kept) if self.kept else ""
