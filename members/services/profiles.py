"""What people tell the others of themself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from members.models import Profile, User
from members.pictures import Album, StoredPicture

ALBUM = Album("profiles")
WORDS = ("job", "organisation", "about", "looking_for", "offering", "website", "network")


@dataclass(frozen=True, kw_only=True)
class ProfileDraft:
    """A profile as its person wrote it."""

    is_listed: bool
    shown: Sequence[str]
    skills: Sequence[str] = ()
    job: str = ""
    organisation: str = ""
    about: str = ""
    looking_for: str = ""
    offering: str = ""
    website: str = ""
    network: str = ""
    photo: StoredPicture | None = None
    drop_photo: bool = False


def profile_of(user: User) -> Profile:
    """This person's profile, or one not kept yet: listed nowhere, with all but the address to show."""
    found: Profile | None = Profile.objects.filter(user=user).first()
    if found is not None:
        return found
    shown = [name for name in Profile.Field.values if name != Profile.Field.EMAIL]
    first = user.organisations.order_by("name").first()
    return Profile(user=user, name=user.name, shown=shown, organisation=first.name if first else "")


@transaction.atomic(durable=True)
def save_profile(*, user: User, draft: ProfileDraft, now: datetime) -> Profile:
    """Keep what `user` wrote; who is no longer listed has vanished from the directory when this returns."""
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)  # the name does not change meanwhile
    profile = Profile.objects.filter(user=person).first() or Profile(user=person)
    for name in WORDS:
        setattr(profile, name, getattr(draft, name))
    profile.name, profile.is_listed = person.name, draft.is_listed
    profile.skills, profile.shown = list(draft.skills), list(draft.shown)
    if draft.drop_photo:
        profile.photo = profile.photo_small = ""
    if draft.photo is not None:
        profile.photo, profile.photo_small = draft.photo.large, draft.photo.small
    profile.changed_at = now
    profile.save()
    return profile


def export_profile(user: User) -> dict[str, Any]:
    """What a person's profile holds, for the download of their data; nothing where there is none."""
    profile = Profile.objects.filter(user=user).first()
    if profile is None:
        return {}
    names = ("slug", "name", "is_listed", "shown", "skills", *WORDS, "photo", "created_at", "changed_at")
    return {name: getattr(profile, name) for name in names}


def erase_profile(user: User) -> None:
    """Step: forget a person's profile; their picture goes with the next sweep of unused ones."""
    Profile.objects.filter(user=user).delete()
