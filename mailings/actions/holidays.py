"""Keeping the table of official holidays."""

from django.db import transaction

from audit.changes import difference, snapshot
from audit.log import log

from ..models import Holiday

_FIELDS = ["name", "name_tg", "day", "month", "year", "length"]


@transaction.atomic
def save_holiday(holiday: Holiday, *, by) -> None:
    kept = Holiday.objects.filter(pk=holiday.pk).first()
    before = snapshot(kept, _FIELDS) if kept else {}
    holiday.save()
    log("mailings.holiday.changed", holiday, by=by, changes=difference(before, snapshot(holiday, _FIELDS)))


@transaction.atomic
def delete_holiday(holiday: Holiday, *, by) -> None:
    log("mailings.holiday.changed", holiday, by=by, changes=difference(snapshot(holiday, _FIELDS), {}))
    holiday.delete()
