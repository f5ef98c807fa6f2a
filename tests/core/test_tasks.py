import pytest
from django.db import connection

from core.tasks import know_the_tables
from tests.factories.contacts import make_contact

pytestmark = pytest.mark.django_db


@pytest.mark.sqlite
def test_sqlite_knows_how_full_its_tables_are():
    make_contact("Аҳмад")

    know_the_tables()

    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'crm_contact_order'")
        assert cursor.fetchall() == [("1 1 1 1",)]


@pytest.mark.grown
def test_postgresql_is_left_to_itself(django_assert_num_queries):
    with django_assert_num_queries(0):
        know_the_tables()
