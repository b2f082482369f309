"""Where the first manager chooses a password, by the link that `manage.py setup` gave."""

from typing import Any

from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import reverse_lazy

from members.access import with_key
from members.account_forms import LABELS, PASSWORD_HINT


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # Django has no generics at run time
    """A password and the same again, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, second.label = LABELS["password1"], LABELS["password2"]
        first.help_text, second.help_text = PASSWORD_HINT, ""


first_password = with_key("A link that serves once, made on the machine itself")(
    PasswordResetConfirmView.as_view(
        form_class=FirstPasswordForm,
        template_name="setup/first_password.html",
        success_url=reverse_lazy("account_login"),
        reset_url_token="choisir",  # noqa: S106 - a word of the address, nothing secret
    )
)
