"""What must be made before the application serves: built files, tables, demonstration data."""

import fcntl
import hashlib
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from cantine import migrating
from cantine.backups import making
from cantine.backups.errors import BackupFailed
from cantine.broker import restore_unacknowledged
from cantine.embedded.errors import CannotStart

Say = Callable[[str], object]
KEPT_BEFORE_MIGRATING = 3
UNFINISHED = "demonstration.unfinished"
"""A file that stands in the data folder while demonstration data is being written."""


def prepare_files(say: Say) -> None:
    """Build style sheets, fonts and translations, and collect static files, as far as they changed."""
    build = settings.BASE_DIR / ".build"
    build.mkdir(exist_ok=True)
    (build / "static").mkdir(exist_ok=True)
    with (build / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two folders of data may start from one checkout
        call_command("build_assets")
        stamp_file = build / "collected.stamp"
        stamp = fingerprint_of_static_files()
        if not stamp_file.exists() or stamp_file.read_text() != stamp:
            say("collecting static files")
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp_file.write_text(stamp)


def fingerprint_of_static_files() -> str:
    """What changes when a static file comes, goes or is written."""
    total = hashlib.sha256(repr((settings.STORAGES["staticfiles"], str(settings.STATIC_ROOT))).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = (storage.path(path), storage.get_modified_time(path), storage.size(path))
            total.update(repr(found).encode())
    return total.hexdigest()


def reach_database() -> None:
    """Connect, or refuse in one line."""
    try:
        connection.ensure_connection()
    except DatabaseError as reason:
        first = str(reason).strip().splitlines()[0]
        advice = "check DATABASE_URL, or unset it to use the embedded PostgreSQL"
        raise CannotStart(f"The database does not answer ({first}): {advice}.") from reason


def prepare_database(say: Say) -> None:
    """Bring the tables up to date, once what is there was kept."""
    back_up_before_migrating(say)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    say("the database is ready")


def back_up_before_migrating(say: Say) -> None:
    """Keep database and files as they are when a migration is about to change them; the last three stay."""
    if not settings.BACKUP_BEFORE_MIGRATING or not migrating.applied() or not migrating.due():
        return
    say("migrations are due: a backup first")
    try:
        kept = making.back_up(
            settings.BACKUP_DIR,
            now=timezone.now(),
            prefix=making.BEFORE_MIGRATING,
            keep=KEPT_BEFORE_MIGRATING,
        )
    except BackupFailed as reason:
        raise CannotStart(f"{reason} With BACKUP_BEFORE_MIGRATING=0 it is migrated without one.") from reason
    say(f"kept in {kept.path}")


def prepare_broker(say: Say) -> None:
    """Give back what killed workers held; without a broker people still book, and what is owed waits."""
    try:
        restored = restore_unacknowledged()
    except (OSError, KombuError, RedisError):
        say("Redis does not answer (check REDIS_URL): what is to be sent waits until it does")
        return
    if restored:
        say(f"{restored} tasks of a worker that was killed are in the queue again")


def load_demonstration(say: Say, *, password: str) -> None:
    """Fill an empty database with invented people, spaces and bookings; one begun and cut off starts over."""
    unfinished = settings.DATA_DIR / UNFINISHED
    if get_user_model().objects.exists():
        return
    say("loading demonstration data, about a minute, the first time only")
    unfinished.touch()
    call_command("demo", f"--password={password}")  # in one word: a password may begin with a dash
    unfinished.unlink()


def drop_unfinished_demonstration(say: Say) -> None:
    """Empty the embedded database when its demonstration was cut off half-way: nobody has used it yet."""
    unfinished = settings.DATA_DIR / UNFINISHED
    if settings.DATABASE_URL or not unfinished.exists():
        return
    say("the demonstration was cut off: making it anew")
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    unfinished.unlink()
