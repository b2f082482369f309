"""Sessions that ended are forgotten; the others stay."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from cantine.tasks import forget_sessions
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


def test_a_session_that_ended_is_forgotten_by_the_worker() -> None:
    ended, going_on = Client(), Client()
    for client in (ended, going_on):
        client.force_login(make_user())
    old = Session.objects.filter(pk=ended.session.session_key)
    old.update(expire_date=timezone.now() - timedelta(seconds=1))
    forget_sessions()
    assert [session.pk for session in Session.objects.all()] == [going_on.session.session_key]
