"""The list that a contact was opened from: which one this is, and who stands before and after."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict

from ..filters import contact_filter
from ..models import Contact, Segment
from ..models.rules import is_key


@dataclass(frozen=True)
class Neighbours:
    # The filter, as the list's address has it; a link to a neighbour takes it along.
    query: str
    segment: str
    number: int
    total: int
    before: int | None
    after: int | None


def neighbours(request, contact: Contact) -> Neighbours | None:
    """None where the page was not opened from a list, or the contact is not, or no more, in it.

    In the order of the alphabet, whatever the list was sorted by.
    """
    query = request.GET.get("from")
    if query is None:
        return None
    chosen = contact_filter(query, request=request, queryset=Contact.objects.visible_to(request.user)).chosen()
    if not chosen.filter(pk=contact.pk).exists():
        return None
    earlier = Q(sort_key__lt=contact.sort_key) | Q(sort_key=contact.sort_key, pk__lt=contact.pk)
    later = Q(sort_key__gt=contact.sort_key) | Q(sort_key=contact.sort_key, pk__gt=contact.pk)
    before, after = chosen.filter(earlier), chosen.filter(later)
    return Neighbours(
        query=query,
        segment=_segment(query),
        number=before.count() + 1,
        total=chosen.count(),
        before=before.order_by("-sort_key", "-pk").values_list("pk", flat=True).first(),
        after=after.order_by("sort_key", "pk").values_list("pk", flat=True).first(),
    )


def _segment(query: str) -> str:
    """The name of the segment that the list is narrowed to, if it is one."""
    chosen = QueryDict(query).getlist("segment")
    if len(chosen) != 1 or not is_key(chosen[0]):
        return ""
    return Segment.objects.filter(pk=chosen[0]).values_list("name", flat=True).first() or ""
