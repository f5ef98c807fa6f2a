"""Whether opens and clicks of a mailing's readers are measured."""

from django.db import transaction

from audit.changes import difference, snapshot
from audit.log import log

from ..models import Mailing
from .approval import reopen


@transaction.atomic
def set_measures(mailing: Mailing, measures: str, *, by) -> None:
    """What a reader gets changes with it, so an approval is taken back. Raises WrongState once it is leaving."""
    mailing.hold()
    if mailing.measures == measures:
        return
    reopen(mailing, by=by)
    before = snapshot(mailing, ["measures"])
    mailing.measures = measures
    mailing.save(update_fields=["measures"])
    log("mailings.mailing.measured", mailing, by=by, changes=difference(before, snapshot(mailing, ["measures"])))
