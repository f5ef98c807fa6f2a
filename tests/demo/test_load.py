from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from crm.models import Contact
from demo import catcher
from demo.accounts import ACCOUNTS
from events.models import Event, Interview, Invitation, PressRequest
from mailings.models import Delivery, Incoming, Mailing
from mailings.models import Event as Visit
from mailings.pipeline import ledger
from mailings.pipeline.analytics import totals
from mailings.states import MailingStatus

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo():
    call_command("demo", "load", verbosity=0)


def test_demo_has_a_list_a_statement_that_went_out_and_a_draft(demo):
    sent = Mailing.objects.get(frozen_count__isnull=False)

    assert (
        User.objects.count(),
        Contact.objects.count(),
        sorted(sent.versions.values_list("language", flat=True)),
        set(sent.deliveries.values_list("language", flat=True)),
        Mailing.objects.filter(status=MailingStatus.DRAFT).count(),
    ) == (len(ACCOUNTS), 274, ["en", "ru", "tg"], {"en", "ru", "tg"}, 4)


def test_events_of_the_demo_lie_ahead_and_behind_with_answers_of_every_kind(demo):
    assert sorted(Event.objects.values_list("kind", "status")) == [
        ("film_club", "draft"),
        ("forum", "open"),
        ("press_conf", "open"),
        ("training", "held"),
    ]
    answers = set(Invitation.objects.filter(event__kind="press_conf").values_list("rsvp", flat=True))
    assert answers == {"invited", "accepted", "tentative", "declined", "waitlisted"}


def test_press_desk_of_the_demo_has_something_in_every_state_that_asks_for_something(demo):
    states = sorted(PressRequest.objects.values_list("status", flat=True))

    assert states == ["answered", "approval", "closed", "in_work", "new", "new", "reporter"]
    assert list(Interview.objects.values_list("status", "consent")) == [("scheduled", "given")]


def test_letters_of_the_demo_lie_in_the_catcher(demo):
    taken = Delivery.objects.sent().count() + Delivery.objects.filter(bounced_at__isnull=False).count()

    assert len(catcher.names()) == taken > 200


def test_some_letters_of_the_demo_bounce_with_the_server_s_words(demo):
    words = set(Delivery.objects.failed().values_list("bounce_class", "code"))

    assert words == {("hard", 550), ("block", 550), ("full", 552)}


def test_somebody_speaks_for_an_organisation_of_the_demo_and_sees_its_people(demo):
    member = User.objects.get(role="member")

    assert Contact.objects.visible_to(member).count() == 4


def test_one_contact_of_the_demo_is_sealed_and_can_be_reached(demo):
    [sealed] = Contact.objects.filter(sensitivity="sealed")

    assert (sealed.emails.filter(address="").count(), sealed.emails.count()) == (1, 1)


def test_the_head_of_the_demo_takes_contacts_out(demo):
    assert list(User.objects.filter(may_export=True).values_list("role", flat=True)) == ["head"]


def test_second_load_changes_nothing(demo):
    before = list(Contact.objects.values()), list(Delivery.objects.values())
    call_command("demo", "load", verbosity=0)

    assert (list(Contact.objects.values()), list(Delivery.objects.values())) == before


def test_reset_begins_again(demo):
    Contact.objects.create(name="Лишний")
    call_command("demo", "reset", verbosity=0)

    assert (Contact.objects.count(), Contact.objects.filter(name="Лишний").exists()) == (274, False)


def test_reset_leaves_a_database_with_other_people_alone(demo):
    User.objects.create_user("real@person.test", "a-long-password", name="Настоящий")

    with pytest.raises(CommandError):
        call_command("demo", "reset", verbosity=0)
    assert Contact.objects.count() == 274


def test_statement_of_the_demo_was_opened_by_people_and_machines_and_answered(demo):
    statement = Mailing.objects.get(frozen_count__isnull=False)
    found = totals(statement)
    reasons = set(Visit.objects.values_list("reason", flat=True))

    assert (0.3 < found.opened / found.measured < 0.8, 0 < found.clicked < found.opened, found.machine > 10) == (
        True,
        True,
        True,
    )
    assert {"person", "proxy_person", "prefetch", "trap", "burst"} <= reasons
    assert found.unsubscribed == 2


def test_mailbox_of_the_demo_has_every_kind_that_somebody_has_to_know(demo):
    kinds = Counter(Incoming.objects.values_list("kind", flat=True))

    assert kinds == {"bounce": 4, "reply": 3, "auto_reply": 2}
    assert (Incoming.objects.filter(proposal="left").count(), Incoming.objects.unrecognised().count()) == (1, 1)


def test_answers_of_servers_in_the_demo_are_an_unbroken_chain(demo):
    statement = Mailing.objects.get(frozen_count__isnull=False)

    told = ledger.verify(ledger.signed(statement, seen_by=User.objects.get(role="head")))

    assert statement.evidence.count() == statement.deliveries.left().count() > 200
    assert told
