"""The services embedded in a data folder."""

import pytest
from django.core.cache import caches
from django.db import connection


@pytest.mark.django_db
def test_the_tests_have_a_database_of_their_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('lock_timeout'), lower('É')")
        assert cursor.fetchone() == (connection.settings_dict["NAME"], "5s", "é")
    assert connection.settings_dict["NAME"].startswith("test_cantine")


@pytest.mark.django_db(transaction=True)
def test_both_caches_keep_what_they_are_given() -> None:
    for name in ("default", "redis"):
        caches[name].set("word", "bonjour")
        assert caches[name].get("word") == "bonjour"
