"""How long a statement or a lock may take, kept on the database role (design §8)."""

from django.db import DatabaseError, connection

from cantine.embedded.postgres import ROLE_SETTINGS


def set_limits() -> str:
    """Set the limits on our own role; say what was done, or what to ask of who runs the database.

    On the role, never on connections: behind PgBouncer they would be somebody else's.
    """
    wanted = ", ".join(f"{name} {value}" for name, value in ROLE_SETTINGS.items())
    try:
        with connection.cursor() as cursor:
            for name, value in ROLE_SETTINGS.items():
                cursor.execute(f"ALTER ROLE CURRENT_USER SET {name} = '{value}'")
    except DatabaseError as reason:
        first = str(reason).strip().splitlines()[0]
        return f"limits of the database role NOT set ({first}): have its owner set {wanted}"
    return f"limits of the database role: {wanted}"
