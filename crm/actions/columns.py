"""A person's own choice of columns."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from audit.log import log

from ..models import ColumnChoice


@transaction.atomic
def choose_columns(columns: Sequence[str] | None, *, by: User) -> None:
    """Keep which columns of the contact list `by` wants to see; None: the usual ones again."""
    if columns is None:
        ColumnChoice.objects.filter(user=by).delete()
    else:
        ColumnChoice.objects.update_or_create(user=by, defaults={"columns": list(columns)})
    log("crm.columns.chosen", by=by)
