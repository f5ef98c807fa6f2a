"""What this room knows of a contact's story: touches, posts, stop rules, and where the card comes from."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from accounts.roles import Right

from .. import dates
from ..models import Contact, ImportRow, Merge, Position, StopRule, Touch
from ..permissions import may_change_touch, may_remove_touch
from ..states import Messenger, TouchKind
from . import Item, Question, Source, register

TALK = {
    "call": pgettext_lazy("timeline", "Calls"),
    "meeting": pgettext_lazy("timeline", "Meetings"),
    "note": pgettext_lazy("timeline", "Notes"),
    "messenger": pgettext_lazy("timeline", "Messages"),
}
CAREER, WISHES, CARD = "career", "wishes", "card"
# Which choice of the reader shows a touch. A merge is told from its own row.
_GROUPS = {kind: kind.value for kind in TouchKind if kind.value in TALK} | {TouchKind.MOVE: CAREER}
_LOOKS = {
    TouchKind.CALL: ("phone", ""),
    TouchKind.MEETING: ("users", "ok"),
    TouchKind.NOTE: ("pencil", ""),
    TouchKind.MESSENGER: ("message-circle", "info"),
    TouchKind.MOVE: ("briefcase-business", "gold"),
}


def register_all() -> None:
    register(Source("crm.touches", TALK | {CAREER: _("Posts")}, touches, latest=latest_touches))
    register(Source("crm.positions", {CAREER: _("Posts")}, positions, right=Right.DESK))
    register(Source("crm.stops", {WISHES: pgettext_lazy("timeline", "Stop rules")}, stops))
    register(Source("crm.card", {CARD: pgettext_lazy("timeline", "The card")}, card))


def touches(question: Question) -> Iterator[Item]:
    wanted = [kind for kind, group in _GROUPS.items() if group in question.kinds]
    rows = question.contact.touches.filter(question.until("at"), kind__in=wanted).select_related("by")
    for touch in rows.order_by("-at", "-pk")[: question.limit]:
        touch.contact = question.contact
        may = may_change_touch(touch, question.user) or may_remove_touch(touch, question.user, at=timezone.now())
        edit_url = reverse("crm:touch-update", args=[touch.contact_id, touch.pk]) if may else ""
        yield _touch(touch, by=touch.by.name if touch.by else "", edit_url=edit_url, **question.words_of(touch))


def latest_touches(keys: Collection[int]) -> dict[int, Item]:
    """The last touch of each contact: what it was, not what was said."""
    talk = Touch.objects.filter(kind__in=list(_GROUPS))
    last = talk.filter(contact=OuterRef("contact")).order_by("-at", "-pk").values("pk")[:1]
    return {touch.contact_id: _touch(touch) for touch in talk.filter(contact__in=keys, pk=Subquery(last))}


def _touch(touch: Touch, **more) -> Item:
    icon, tone = _LOOKS[touch.kind]
    title = Messenger(touch.messenger).label if touch.messenger else touch.get_kind_display()
    return Item(_GROUPS[touch.kind], touch.at, touch.pk, icon, title, tone, is_quote=True, **more)


def positions(question: Question) -> Iterator[Item]:
    """When somebody came to a post and left it, as far as the day is known."""
    sees_restricted = question.user.may(Right.CONTACTS_RESTRICTED)
    for position in _positions_of(question):
        if position.organisation.restricted_on and not sees_restricted:
            continue
        where = position.contact.name if question.contact.is_post else str(position)
        for text, at, title in (
            (position.started_on, _first_moment(position.started_on), _t("Began in the post: %(where)s")),
            (position.ended_on, _last_moment(position.ended_on), _t("Left the post: %(where)s")),
        ):
            if at and at <= timezone.now():
                title = title % {"where": where}
                yield Item(CAREER, at, position.pk, "briefcase-business", title, "gold", when=dates.alone(text))


def _positions_of(question: Question):
    """Those of a person; of a post, its holders whom the reader may know of."""
    if not question.contact.is_post:
        return question.contact.positions.all()
    seen = Contact.objects.visible_to(question.user).order_by().values("pk")
    return Position.objects.filter(post=question.contact, contact__in=seen).select_related("contact", "organisation")


def _first_moment(partial: str) -> datetime | None:
    """Midnight of the first day; None of a day that there is not."""
    try:
        day = date.fromisoformat(f"{partial}-01-01"[:10])
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time.min)) if partial else None


def _last_moment(partial: str) -> datetime | None:
    """The beginning of the last day that a year, a month or a day has."""
    first = _first_moment(partial)
    if first is None or len(partial) == 10:
        return first
    months = 12 if len(partial) == 4 else 1
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return first.replace(year=year, month=month + 1) - timedelta(days=1)


def _who(rule: StopRule) -> str:
    if rule.by_person:
        return pgettext("who said it", "the person")
    return rule.set_by.name if rule.set_by else ""


def stops(question: Question) -> Iterator[Item]:
    """What the person did not want, and when that was lifted. There are few: all are read."""
    for rule in question.contact.stop_rules.select_related("topic", "set_by", "lifted_by"):
        by = _who(rule)
        title, words = _t("Stop rule: %(what)s") % {"what": rule.words}, question.words_of(rule)
        yield Item(WISHES, rule.set_at, rule.pk, "user-x", title, "bad", by=by, **words)
        if rule.lifted_at:
            by, title = rule.lifted_by.name if rule.lifted_by else "", _t("Lifted: %(what)s") % {"what": rule.words}
            yield Item(WISHES, rule.lifted_at, rule.pk, "check", title, "ok", by=by)


def card(question: Question) -> Iterator[Item]:
    """Where the card comes from, and what was put into it."""
    contact = question.contact
    yield Item(CARD, contact.created_at, contact.pk, "user-plus", _t("Added"))
    yield from _imports(question)
    for merge in Merge.objects.visible_to(question.user).filter(kept=contact).select_related("by", "undone_by"):
        title = _t("Put together with “%(name)s”") % {"name": merge.dropped_name}
        yield Item(CARD, merge.at, merge.pk, "git-merge", title, "plum", by=merge.by.name)
        if merge.undone_at:
            title = _t("Taken apart again: “%(name)s”") % {"name": merge.dropped_name}
            by = merge.undone_by.name if merge.undone_by else ""
            yield Item(CARD, merge.undone_at, merge.pk, "users", title, "plum", by=by)


def _imports(question: Question) -> Iterator[Item]:
    titles = {ImportRow.Outcome.CREATED: _t("Came with a list"), ImportRow.Outcome.CHANGED: _t("Changed by a list")}
    rows = ImportRow.objects.filter(
        question.until("batch__committed_at"),
        contact=question.contact,
        outcome__in=list(titles),
        batch__committed_at__isnull=False,
    )
    follows = question.user.may(Right.CONTACTS_IMPORT)
    rows = rows.select_related("batch__uploaded_by").order_by("-batch__committed_at", "-pk")
    for row in rows[: question.limit]:
        yield Item(
            CARD,
            row.batch.committed_at,
            row.pk,
            "file-spreadsheet",
            titles[row.outcome],
            "plum",
            text=row.batch.filename,
            by=row.batch.uploaded_by.name,
            url=reverse("crm:import-result", args=[row.batch_id]) if follows else "",
        )
