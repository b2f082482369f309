"""What the directory shows: what was asked for, and the links that change it."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Func, TextField
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from members.models.profile import ProfileQuerySet
from members.models.searching import forgiving, words_of
from members.texts import folded

LONGEST = 80
MOST_CHIPS = 10
MOST_FOUND = 480
"""Twenty pages: who goes on types another word."""
LOOKING, OFFERING = "cherche", "propose"


@dataclass(frozen=True)
class Chip:
    """A filter as a link; once on, it leads back to where it is off."""

    text: str
    href: str
    is_on: bool = False


@dataclass(frozen=True)
class Asked:
    """What the address asks for; an unknown word asks for nothing."""

    text: str = ""
    skill: str = ""
    who: str = ""

    def href(self, **changes: str) -> str:
        """The directory with something else asked for."""
        query = replace(self, **changes).query
        return reverse("members:directory") + (f"?{query[:-1]}" if query else "")

    @property
    def query(self) -> str:
        """What is asked for as parameters, with an & at the end; empty when nothing is."""
        pairs = {"q": self.text, "competence": self.skill, "qui": self.who}
        return "".join(f"{urlencode({name: value})}&" for name, value in pairs.items() if value)

    @property
    def others(self) -> list[tuple[str, str]]:
        """What stays asked for when other words are searched."""
        return [("competence", self.skill), ("qui", self.who)]


def read(data: QueryDict) -> Asked:
    """Read the filters of an address."""
    who = data.get("qui", "")
    return Asked(
        text=" ".join(data.get("q", "").split())[:LONGEST],
        skill=" ".join(folded(data.get("competence", "")).split())[:LONGEST],
        who=who if who in {LOOKING, OFFERING} else "",
    )


def chosen(profiles: ProfileQuerySet, asked: Asked) -> ProfileQuerySet:
    """The profiles that were asked for: the nearest first, or by name."""
    if asked.skill:
        profiles = profiles.with_skill(asked.skill)
    if asked.who:
        name = "looking_for" if asked.who == LOOKING else "offering"
        profiles = profiles.filter(shown__contains=[name]).exclude(**{name: ""})
    return profiles.searched(words_of(asked.text), then=("sort_name", "id"))


def nearest(profiles: ProfileQuerySet, asked: Asked) -> list[int]:
    """The keys of who was searched for, the nearest first: some hundreds, found once for the page."""
    with forgiving():
        return list(chosen(profiles, asked).values_list("pk", flat=True)[:MOST_FOUND])


def chips(found: ProfileQuerySet, asked: Asked) -> list[Chip]:
    """Every filter, the one that clears them first; the skills are those of who is found."""
    links = [Chip(_("Tous"), asked.href(skill="", who=""), not (asked.skill or asked.who))]
    for code, text in ((LOOKING, _("Cherchent quelque chose")), (OFFERING, _("Proposent quelque chose"))):
        links.append(Chip(text, asked.href(who="" if asked.who == code else code), asked.who == code))
    told = dict(skills_of(found))
    if asked.skill:
        links.append(Chip(told.pop(asked.skill, asked.skill), asked.href(skill=""), is_on=True))
    links += [Chip(text, asked.href(skill=key)) for key, text in list(told.items())[:MOST_CHIPS]]
    return links


def skills_of(found: ProfileQuerySet) -> list[tuple[str, str]]:
    """The skills that are most told of, each as it is compared and as it is mostly written."""
    words: Any = Func(F("skills"), function="unnest", output_field=TextField())
    rows = found.filter(shown__contains=["skills"]).order_by().annotate(word=words)
    counted = rows.values("word").annotate(number=Count("id")).order_by("-number", "word")
    numbers: dict[str, int] = {}
    spelt: dict[str, str] = {}
    for word, number in counted.values_list("word", "number")[: MOST_CHIPS * 4]:
        spelt.setdefault(folded(word), word)
        numbers[folded(word)] = numbers.get(folded(word), 0) + number
    return [(key, spelt[key]) for key in sorted(numbers, key=lambda key: (-numbers[key], key))]
