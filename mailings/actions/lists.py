"""Make a list of the people behind a figure."""

from django.db import transaction
from django.db.models import QuerySet

from audit.log import log
from crm.actions.segments import save_segment
from crm.models import Contact, Segment, SegmentMember


@transaction.atomic
def make_list(segment: Segment, contacts: QuerySet[Contact], *, by) -> Segment:
    """A fixed list: whoever opens the letter later does not join it."""
    segment.kind, segment.rule = Segment.Kind.LIST, {}
    save_segment(segment, by=by)
    keys = contacts.order_by("pk").values_list("pk", flat=True)
    members = [SegmentMember(segment=segment, contact_id=key, added_by=by) for key in keys]
    SegmentMember.objects.bulk_create(members, batch_size=1000)
    log("mailings.segment.made", segment, by=by, count=len(members))
    return segment
