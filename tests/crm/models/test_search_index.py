"""What a search by part of a word reads on PostgreSQL."""

import pytest
from django.db import connection

from crm.models import Contact

pytestmark = [pytest.mark.grown, pytest.mark.django_db]


def test_a_part_of_a_word_is_looked_up_in_the_trigrams():
    with connection.cursor() as cursor:
        # With a handful of rows the planner would read them all.
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Contact.objects.search("рахмонов").order_by().values("pk").explain()

    assert "crm_contact_trigrams" in plan
