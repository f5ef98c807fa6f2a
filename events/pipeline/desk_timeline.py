"""What the press desk tells of a contact: what they asked us, and what came of it."""

from collections.abc import Collection, Iterator

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Right
from crm.models import Contact
from crm.timeline import Item, Question, Source

from ..desk_states import RequestStatus
from ..models import PressRequest

REQUEST = "request"
_TOLD = PressRequest.objects.exclude(status__in=[RequestStatus.SPAM, RequestStatus.DUPLICATE])


def items(question: Question) -> Iterator[Item]:
    asked = _TOLD.filter(question.until("received_at"), contact=question.contact)
    for request in asked.order_by("-received_at", "-pk")[: question.limit]:
        yield _item(request)


def latest(keys: Collection[int]) -> dict[int, Item]:
    last = _TOLD.filter(contact=OuterRef("contact")).order_by("-received_at", "-pk").values("pk")[:1]
    found = _TOLD.filter(contact__in=keys, pk=Subquery(last))
    return {request.contact_id: _item(request) for request in found}


def count(contact: Contact, user: User) -> int:
    return _TOLD.filter(contact=contact).count()


def _item(request: PressRequest) -> Item:
    words = request.get_result_display() if request.result else request.get_status_display()
    title, url = _("Asked us: “%(subject)s”") % {"subject": request.subject}, _address(request)
    return Item(REQUEST, request.received_at, request.pk, "mic", title, "info", text=str(words), url=url)


def _address(request: PressRequest) -> str:
    return reverse("events:request-detail", args=[request.pk])


SOURCE = Source(
    "events.requests",
    {REQUEST: pgettext_lazy("timeline", "Press requests")},
    items,
    right=Right.REQUESTS_VIEW,
    latest=latest,
    panel="events:request-panel",
    count=count,
)
