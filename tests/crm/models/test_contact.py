import pytest

from crm.models import Contact


@pytest.mark.django_db
def test_cities_are_told_once_each_in_order():
    for city in ("Хорог", "", "Душанбе", "Хорог"):
        Contact.objects.create(name="Умар", city=city)
    Contact.objects.create(name="Зебо", city="Куляб", kind="partner")

    assert list(Contact.objects.filter(kind="journalist").cities()) == ["Душанбе", "Хорог"]
