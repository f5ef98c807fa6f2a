import pytest
from django.db import IntegrityError

from crm.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("spelling", ['тв "навид"', "ТВ  «НАВИД»", "TV Navid"])
def test_one_organisation_whatever_the_spelling(spelling):
    made = Organisation.objects.named("ТВ «Навид»")

    assert Organisation.objects.named(spelling) == made


@pytest.mark.parametrize("name", ["", " ", "\u200b", "—", "-", "«»", "ъ"])
def test_a_name_that_folds_to_nothing_names_no_organisation(name):
    with pytest.raises(ValueError, match="has a name"):
        Organisation.objects.named(name)


@pytest.mark.parametrize("name", ["—", "-", "ъ"])
def test_the_database_refuses_an_organisation_without_a_key(name):
    with pytest.raises(IntegrityError, match="crm_organisation_has_a_key"):
        Organisation.objects.create(name=name)
