import pytest
from django.db import IntegrityError

from crm.models import ImportBatch, ImportRow


@pytest.fixture
def batch(author):
    return ImportBatch.objects.create(filename="Список.xlsx", uploaded_by=author)


@pytest.mark.parametrize("field", ["kind", "basis"])
def test_the_database_refuses_an_import_of_unknown_kind_or_basis(batch, field):
    with pytest.raises(IntegrityError, match=f"crm_import_{field}"):
        ImportBatch.objects.filter(pk=batch.pk).update(**{field: "friend"})


def test_the_database_refuses_a_row_of_unknown_outcome(batch):
    with pytest.raises(IntegrityError, match="crm_import_row_outcome"):
        ImportRow.objects.create(batch=batch, sheet="Лист1", number=2, outcome="lost")
