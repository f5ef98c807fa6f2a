"""What a robot leaves behind: one number a day and reason."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ..models import FormCounter


@transaction.atomic
def count_refusal(reason: str) -> None:
    row, _made = FormCounter.objects.get_or_create(on=timezone.localdate(), reason=reason)
    FormCounter.objects.filter(pk=row.pk).update(count=F("count") + 1)
