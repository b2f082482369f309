"""What the style guide shows: names of tokens and icons from their files, and forms to try the fields on."""

import re
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings

SWATCHES = (
    "paper", "surface", "sunk", "floor", "line", "edge", "ink2", "ink", "ardoise", "ardoise2",
    "seine", "seine2", "seinesoft", "pomme", "pommesoft", "beurre", "beurresoft", "pre", "presoft",
    "cidre", "cidresoft", "bette", "bettesoft", "person", "hatch", "q0", "q1", "q2", "q3", "q4",
)  # fmt: skip
DESK_STATES = (
    ("free", "libre"), ("taken", "pris"), ("mine", "à vous"), ("chosen", "choisi"), ("expected", "attendu"),
    ("out", "indisponible"),
)  # fmt: skip


class SampleForm(forms.Form):
    """One field of each sort; bound with nonsense it shows its errors."""

    name = forms.CharField(label="Prénom et nom", initial="Camille Fauvel")
    email = forms.EmailField(label="Adresse électronique", help_text="Pour votre billet")
    day = forms.DateField(label="Jour", widget=forms.DateInput(attrs={"type": "date"}))
    space = forms.ChoiceField(
        label="Espace", choices=[("p", "Salle Pommier"), ("q", "Le Quai et la Cuisine")]
    )
    project = forms.CharField(label="Votre projet", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    means = forms.ChoiceField(
        label="Comment payez-vous\u202f?",
        choices=[("card", "Carte bancaire"), ("terms", "Sur facture")],
        widget=forms.RadioSelect,
    )
    remind = forms.BooleanField(label="Me le rappeler la veille", initial=True, required=False)


def icons() -> list[str]:
    """The ids of the sprite, in its order."""
    sprite = Path(settings.BASE_DIR) / "static" / "img" / "icons.svg"
    return re.findall(r'<symbol id="([a-z]+)"', sprite.read_text(encoding="utf-8"))


def context() -> dict[str, Any]:
    """Everything templates/styleguide/index.html needs; each theme has forms (and so ids) of its own."""
    return {
        "themes": [
            {
                "name": name,
                "form": SampleForm(prefix=name, auto_id=f"{name}-%s"),
                "bad_form": SampleForm(
                    {f"{name}-bad-email": "camille@exemple"}, prefix=f"{name}-bad", auto_id=f"{name}-bad-%s"
                ),
            }
            for name in ("light", "dark")
        ],
        "swatches": SWATCHES,
        "desk_states": DESK_STATES,
        "icons": icons(),
        "steps": [("Choix", "done"), ("Paiement", "current"), ("Billet", "next")],
        "facts": [("Porte B", "4719"), ("Wi-Fi Cantine-Membres", "pomme-tarte-42")],
        "menu": [("Déjeuner partagé", "La Cuisine, chacun apporte un plat", "12\u00a0h\u00a030")],
        "discs": [True] * 6 + [False] * 4,
        "lines": [("2 heures à 15,00\u00a0€ HT", "30,00\u00a0€"), ("TVA 20\u00a0%", "6,00\u00a0€")],
        "total": "36,00\u00a0€",
    }
