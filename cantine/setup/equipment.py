"""What spaces usually have, by the codes that plans use."""

from bookings.models import Equipment

USUAL = {
    "fenetre": ("fenêtre", "window", "window"),
    "seine": ("côté Seine", "river side", "window"),
    "prise": ("prise", "power socket", "plug"),
    "ecran": ("écran 27 pouces", "27-inch screen", "screen"),
    "fauteuil": ("accessible en fauteuil", "wheelchair accessible", "wheelchair"),
    "reglable": ("réglable en hauteur", "adjustable height", "desk"),
    "calme": ("au calme", "quiet corner", "mute"),
    "grand-ecran": ("écran 55 pouces", "55-inch screen", "screen"),
    "visio": ("visioconférence", "video conferencing", "projector"),
    "tableau": ("tableau blanc", "whiteboard", "board"),
    "cloison": ("cloison repliée", "folding wall open", "door"),
    "insonorisee": ("insonorisée", "soundproof", "mute"),
    "appels": ("appels et visio", "calls and video", "people"),
    "projecteur": ("vidéoprojecteur", "projector", "projector"),
    "sono": ("sonorisation", "sound system", "bell"),
    "accueil": ("accueil", "reception", "hand"),
}


def equipment_of(codes: list[str], there: dict[str, Equipment]) -> list[Equipment]:
    """Step: the equipment of these codes, made where it is new; `there` is what was read before."""
    for code in codes:
        if code not in there:
            name, name_en, icon = USUAL.get(code, (code.replace("-", " "), "", ""))
            there[code] = Equipment.objects.create(code=code, name=name, name_en=name_en, icon=icon)
    return [there[code] for code in codes]
