"""Files of answers for tests; every name is invented."""

from pathlib import Path

SPACES = """code;sorte;nom;numéro;places;parties;équipements
poste-1;poste;;1;1;;prise+ecran
poste-2;poste;;2;1;;
pommier;salle;Salle Pommier;;8;;ecran
poirier;salle;Salle Poirier;;6;;
verger;salle;Le Verger;;14;pommier+poirier;
"""
ANSWERS = """
[seller]
code = "essai"
name = "Association Essai"
legal_form = "association loi 1901"
address = "1, rue de l’Exemple"
postcode = "76000"
city = "Rouen"
siren = "000 000 000"
vat_regime = "franchise"
email = "compta@cantine.example"
iban = "FR76 9999 9999 9900 0000 0000 056"

[site]
name = "Rouen"
address = "1, rue de l’Exemple"
postcode = "76000"
city = "Rouen"
holidays_open = true

[[hours]]
days = "monday-friday"
morning = "09:00-13:00"
afternoon = "13:00-18:00"

[spaces]
csv = "spaces.csv"

[[products]]
code = "poste"
name = "Poste de travail"

[[products]]
code = "salle"
name = "Salle de réunion"

[[tariffs]]
kind = "desk"
audience = "outside"
product = "poste"
half_day = 9.00
day = 15.00

[[tariffs]]
kind = "room"
audience = "outside"
product = "salle"
hour = 15.00

[manager]
email = "Gestion@cantine.example"
name = "Maud Essai"

[mail]
test_to = "gestion@cantine.example"
"""


def write_files(folder: Path, answers: str = ANSWERS, spaces: str = SPACES) -> Path:
    """Write the answers and the table of spaces they name; the path of the answers."""
    (folder / "spaces.csv").write_text(spaces, encoding="cp1252")
    file = folder / "answers.toml"
    file.write_text(answers, encoding="utf-8")
    return file
