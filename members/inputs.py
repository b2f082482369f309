"""How browsers are asked for days, hours and money."""

from decimal import Decimal
from typing import Any

from django import forms


def day_input() -> forms.DateInput:
    """A day, as browsers ask for one."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def clock_input() -> forms.TimeInput:
    """An hour, as browsers ask for one."""
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 900})


def moment_input() -> forms.DateTimeInput:
    """A day and an hour, as browsers ask for them."""
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


def focus_first_error(form: forms.BaseForm) -> None:
    """Let the first answer to be corrected take the focus, with or without script (js/focus.js)."""
    for name, field in form.fields.items():
        if name in form.errors and not field.widget.is_hidden:
            field.widget.attrs |= {"autofocus": True, "data-focus": True}
            return


def price_field(label: Any, **options: Any) -> forms.DecimalField:
    """Euros with VAT, written with a comma or a point."""
    return forms.DecimalField(
        label=label,
        min_value=Decimal(0),
        max_digits=7,
        decimal_places=2,
        required=False,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
        **options,
    )
