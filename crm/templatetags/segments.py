"""What the contact list shows of segments, whichever view draws it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import template

from accounts.roles import Right

from ..models import Counted, Segment, known_counts
from ..models.wording import keys_in

register = template.Library()

_TABS = 4


@dataclass(frozen=True)
class Tab(Counted):
    is_current: bool = False


@register.simple_tag(takes_context=True)
def segment_tabs(context) -> list[Tab]:
    """The first segments and the one that is open, with the numbers that are known already."""
    request = context["request"]
    if not request.user.may(Right.CONTACTS_VIEW):
        return []
    chosen = request.GET.getlist("segment")
    segments = list(Segment.objects.all())
    shown = [one for rank, one in enumerate(segments) if rank < _TABS or [str(one.pk)] == chosen]
    known = known_counts(shown, by=request.user)
    return [Tab(one, known.get(one.pk), [str(one.pk)] == chosen) for one in shown]


@register.simple_tag
def uncounted(rows) -> str:
    """The segments of these rows without a number, as the address asks for them."""
    return urlencode({"of": [row.segment.pk for row in rows if row.count is None]}, doseq=True)


@register.simple_tag(takes_context=True)
def segment_being_changed(context) -> Segment | None:
    """The segment whose rule is being put together with the filters of the list."""
    request = context["request"]
    asked = request.GET.get("saving", "")
    if not keys_in([asked]) or not request.user.may(Right.CONTACTS_EDIT):
        return None
    return Segment.objects.filter(pk=asked, kind=Segment.Kind.RULE).first()


@register.simple_tag(takes_context=True)
def list_filter(context) -> str:
    """The filters in force as an address, without how the list is shown; empty where it shows everybody."""
    given = context["request"].GET.copy()
    for name in ("page", "sort", "columns", "saving"):
        given.pop(name, None)
    for name in list(given):
        if not any(given.getlist(name)):
            del given[name]
    return given.urlencode()
