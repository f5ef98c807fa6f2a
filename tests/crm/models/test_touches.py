"""What the database itself refuses of a touch."""

import pytest
from django.db import IntegrityError, transaction

from crm.models import Touch
from tests.factories.contacts import make_contact

pytestmark = pytest.mark.django_db


def test_a_merge_is_no_touch():
    contact = make_contact("Зебо")

    with pytest.raises(IntegrityError), transaction.atomic():
        Touch.objects.create(contact=contact, kind="merge")
