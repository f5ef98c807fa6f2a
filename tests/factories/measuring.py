"""Mailings whose readers are measured, sent, and visits to their links."""

from datetime import timedelta

from django.utils import timezone

from mailings import actions
from mailings.measuring.agents import Agent
from mailings.measuring.judge import Sort
from mailings.measuring.links import Mark
from mailings.models import Delivery, Mailing
from mailings.pipeline import spool, visits
from mailings.states import DeliveryStatus, MailingStatus
from tests.factories.mailings import make_draft, make_reader, person

URL = "https://example.org/text"


def make_measured(measures: str = "all", languages: str = "ru", **rule) -> Mailing:
    """Started: its rows are frozen, nothing has left."""
    mailing = make_draft(languages, **rule)
    actions.set_measures(mailing, measures, by=mailing.author)
    mailing = Mailing.objects.get(pk=mailing.pk)
    actions.submit(mailing, by=mailing.author)
    actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    mailing.refresh_from_db()
    actions.start(mailing, typed=len(mailing.approved_recipients), by=mailing.author)
    return Mailing.objects.get(pk=mailing.pk)


def make_delivered(measures: str = "all", *, hours: int = 2, **rule) -> Mailing:
    """All letters arrived some hours ago."""
    mailing = make_measured(measures, **rule)
    begun = timezone.now() - timedelta(hours=hours)
    answer = {"code": 250, "reply": "2.0.0 OK", "sent_at": begun}
    mailing.deliveries.update(status=DeliveryStatus.SENT, **answer)
    Mailing.objects.filter(pk=mailing.pk).update(
        status=MailingStatus.FINISHED, started_at=begun, finished_at=begun + timedelta(minutes=5)
    )
    return Mailing.objects.get(pk=mailing.pk)


def make_office(address: str = "press@ministry.test", name: str = "Пресс-служба", **fields):
    """A press service, which is measured by name."""
    return make_reader(address, name=name, kind="press_service", **fields)


def make_readers(count: int, kind: str = "partner") -> None:
    for number in range(count):
        make_reader(f"{kind}{number}@navid.test", name=f"Читатель {number}", kind=kind)


def see(mark: Mark, *, minutes: float, url: str = "", agent: Agent = Agent.BROWSER, is_trap: bool = False) -> None:
    """Something visits a link, or the picture where no `url` is named, so long after the mailing began."""
    begun = Mailing.objects.get(pk=mark.mailing).started_at
    sort = Sort.CLICK if url or is_trap else Sort.OPEN
    spool.keep(spool.Line(mark, sort, agent, (begun + timedelta(minutes=minutes)).timestamp(), url, is_trap))


def read_by(delivery: Delivery, *, minutes: float = 30, url: str = "") -> None:
    """The reader of a letter opens it, or follows a link, and it is known."""
    see(Mark(delivery.mailing_id, delivery.pk), minutes=minutes, url=url)
    visits.load()
