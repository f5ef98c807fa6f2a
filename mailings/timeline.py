"""What mailings tell of a contact: letters that went, that did not arrive, and those they were left out of."""

from collections.abc import Collection, Iterator
from datetime import datetime, time

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from accounts.roles import Right
from crm.models import Contact
from crm.permissions import may_edit
from crm.timeline import Item, Question, Source

from .models import Delivery, Exclusion
from .states import FAILED_DELIVERY, DeliveryStatus, IncomingKind, Reason

LETTER, GIFT, ANSWER = "letter", "gift", "answer"
# What has become of a letter. The others are still on their way, or never set out.
_TOLD = [DeliveryStatus.SENT, *FAILED_DELIVERY]


def items(question: Question) -> Iterator[Item]:
    told = _dated(question.contact.deliveries.filter(status__in=_TOLD)).filter(question.until("told_at"))
    for delivery in told.order_by("-told_at", "-pk")[: question.limit]:
        yield _item(delivery)
    left = question.contact.deliveries.filter(question.until("unsubscribed_at"), unsubscribed_at__isnull=False)
    for delivery in left.select_related("mailing").order_by("-unsubscribed_at", "-pk")[: question.limit]:
        title = _("Unsubscribed by “%(title)s”") % {"title": delivery.mailing.title}
        yield Item(LETTER, delivery.unsubscribed_at, delivery.pk, "mail-x", title, "bad", url=_report(delivery))
    out = Exclusion.objects.filter(
        question.until("mailing__started_at"), contact=question.contact, mailing__started_at__isnull=False
    )
    for exclusion in out.select_related("mailing").order_by("-mailing__started_at", "-pk")[: question.limit]:
        title = _("Left out of “%(title)s”") % {"title": exclusion.mailing.title}
        reason, at = str(Reason(exclusion.reason).label), exclusion.mailing.started_at
        yield Item(LETTER, at, exclusion.pk, "user-x", title, text=reason, url=_report(exclusion))


def latest(keys: Collection[int]) -> dict[int, Item]:
    """The last letter to each contact whose fate is known."""
    told = Delivery.objects.filter(status__in=_TOLD)
    last = _dated(told.filter(contact=OuterRef("contact"))).order_by("-told_at", "-pk").values("pk")[:1]
    found = _dated(told.filter(contact__in=keys, pk=Subquery(last)))
    return {delivery.contact_id: _item(delivery) for delivery in found if delivery.told_at}


def count(contact: Contact, user: User) -> int:
    return contact.deliveries.count()


def activity(since: datetime) -> QuerySet:
    """Contacts to whom a letter went since a moment."""
    return Delivery.objects.filter(sent_at__gte=since, contact__isnull=False).order_by().values("contact")


SOURCE = Source(
    "mailings.letters",
    {LETTER: pgettext_lazy("timeline", "Letters")},
    items,
    right=Right.MAILINGS_VIEW,
    latest=latest,
    panel="mailings:contact-panel",
    count=count,
)


def handed(question: Question) -> Iterator[Item]:
    """What the person was given."""
    rows = question.contact.handovers.select_related("occasion", "by").order_by("-on", "-pk")
    may = may_edit(question.contact, question.user)
    for row in rows:
        at = timezone.make_aware(datetime.combine(row.on, time.min))
        if question.before and at > question.before:
            continue
        row.contact = question.contact
        what = f"{row.get_thing_display()} × {row.count}" if row.count > 1 else row.get_thing_display()
        title = _("Handed over: %(what)s") % {
            "what": ", ".join(filter(None, [what, str(row.occasion or ""), str(row.year)]))
        }
        edit_url = reverse("mailings:handover-update", args=[row.pk]) if may else ""
        words, when = question.words_of(row), date_format(row.on, "DATE_FORMAT")
        yield Item(GIFT, at, row.pk, "gift", title, "gold", by=row.by.name, when=when, edit_url=edit_url, **words)


HANDED = Source(
    "mailings.handovers",
    {GIFT: pgettext_lazy("timeline", "Handed over")},
    handed,
    panel="mailings:handover-panel",
    count=lambda contact, _user: contact.handovers.count(),
)


_CAME = {
    IncomingKind.REPLY: ("message-circle", "info", gettext_lazy("Answered")),
    IncomingKind.AUTO_REPLY: ("clock", "", gettext_lazy("Automatic answer")),
    IncomingKind.BOUNCE: ("mail-warning", "bad", gettext_lazy("Letter came back")),
    IncomingKind.ABUSE: ("shield-alert", "bad", gettext_lazy("Called our letter spam")),
    IncomingKind.CALENDAR: ("calendar-days", "info", gettext_lazy("Answered from a calendar")),
}


def came(question: Question) -> Iterator[Item]:
    """What came from the person, or about a letter to them."""
    rows = question.contact.incoming.filter(question.until("came_at"), kind__in=list(_CAME))
    for row in rows.select_related("delivery__mailing").order_by("-came_at", "-pk")[: question.limit]:
        icon, tone, title = _CAME[row.kind]
        words = question.words_of(row) if row.kind in {IncomingKind.REPLY, IncomingKind.AUTO_REPLY} else {}
        if words.get("text"):
            words = {"text": Truncator(words["text"]).words(60)}
        about = f"“{row.mailing.title}”" if row.mailing else row.subject
        url = reverse("mailings:incoming-detail", args=[row.pk])
        title = ": ".join(filter(None, [str(title), about]))
        yield Item(ANSWER, row.came_at, row.pk, icon, title, tone, is_quote=bool(words), url=url, **words)


CAME = Source("mailings.incoming", {ANSWER: pgettext_lazy("timeline", "Answers")}, came, right=Right.MAILINGS_VIEW)


def _dated(deliveries: QuerySet) -> QuerySet:
    """With `told_at`: of a letter that was refused only the beginning of its mailing is known."""
    dated = deliveries.annotate(told_at=Coalesce("sent_at", "mailing__started_at"))
    return dated.filter(told_at__isnull=False).select_related("mailing")


def _item(delivery: Delivery) -> Item:
    if delivery.status == DeliveryStatus.SENT:
        icon, tone, title = "mail-check", "accent", _("Mailing sent: “%(title)s”")
    else:
        icon, tone, title = "mail-warning", "bad", _("Letter did not arrive: “%(title)s”")
    text = "" if delivery.status == DeliveryStatus.SENT else delivery.get_status_display()
    title = title % {"title": delivery.mailing.title}
    return Item(LETTER, delivery.told_at, delivery.pk, icon, title, tone, text=text, url=_report(delivery))


def _report(row: Delivery | Exclusion) -> str:
    return reverse("mailings:mailing-report", args=[row.mailing_id])
