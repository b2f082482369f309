"""`manage.py audit` before anything happened."""

from io import StringIO

import pytest
from django.core.management import call_command

from cantine.audit.report import CHECKS
from cantine.roles import synchronise


@pytest.mark.django_db
def test_an_empty_database_is_clean() -> None:
    synchronise()
    said = StringIO()
    call_command("audit", stdout=said)
    lines = said.getvalue().splitlines()
    assert len(lines) == len(CHECKS)
    assert all(line.startswith("ok ") for line in lines)
