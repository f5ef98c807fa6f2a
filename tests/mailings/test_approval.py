"""What was approved is what leaves, whoever is quick."""

import threading

import pytest
from django.db import connection

from crm.models import Contact
from mailings import actions
from mailings.models import Mailing, MailingVersion
from mailings.pipeline.send import send_due
from mailings.states import MailingStatus, WrongState
from tests.factories.accounts import PASSWORD, make_user, sign_in
from tests.factories.mailings import make_approved, make_draft, make_reader, make_started, person

pytestmark = pytest.mark.django_db
OWN = {"subject": "Своё", "preheader": "", "body": "<p>Своё</p>"}
FORGED = {"subject": "Подложено", "preheader": "", "body": "<p>Подложено</p>"}


@pytest.fixture
def reader():
    return make_reader()


def test_page_opened_before_the_approval_changes_nothing_after_the_start(reader):
    stale = make_draft()
    fresh = Mailing.objects.get(pk=stale.pk)
    actions.submit(fresh, by=fresh.author)
    actions.approve(fresh, seen=fresh.fingerprint(), by=person("head@payom.test"))
    actions.start(fresh, by=fresh.author)

    with pytest.raises(WrongState):
        actions.save_version(stale, "ru", words=FORGED, revision=1, by=stale.author)
    with pytest.raises(WrongState):
        actions.set_audience(stale, {"kind": ["partner"]}, by=stale.author)
    assert Mailing.objects.get().is_as_approved


def test_page_opened_before_the_approval_takes_it_back(reader):
    stale = make_draft()
    fresh = Mailing.objects.get(pk=stale.pk)
    actions.submit(fresh, by=fresh.author)
    actions.approve(fresh, seen=fresh.fingerprint(), by=person("head@payom.test"))
    actions.save_version(stale, "ru", words=FORGED, revision=1, by=stale.author)

    assert (Mailing.objects.get().status, Mailing.objects.get().approved_by) == (MailingStatus.DRAFT, None)


@pytest.mark.django_db(transaction=True)
def test_saving_and_starting_at_once_never_sends_what_nobody_approved(smtp):
    make_reader()
    mailing = make_approved()
    barrier, answers = threading.Barrier(2), {}

    def act(name, verb):
        mine = Mailing.objects.get(pk=mailing.pk)
        barrier.wait(10)
        try:
            verb(mine)
            answers[name] = True
        except WrongState:
            answers[name] = False
        finally:
            connection.close()

    verbs = {
        "save": lambda mine: actions.save_version(mine, "ru", words=FORGED, revision=1, by=mine.author),
        "start": lambda mine: actions.start(mine, by=mine.author),
    }
    threads = [threading.Thread(target=act, args=pair) for pair in verbs.items()]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    send_due()

    assert sorted(answers.values()) == [False, True]
    assert [letter.message["Subject"] for letter in smtp.envelopes] == ["Тема ru"] * answers["start"]


def test_text_changed_behind_the_product_s_back_does_not_leave(reader, smtp):
    mailing = make_started()
    MailingVersion.objects.update(subject="Подложено")
    send_due()

    mailing.refresh_from_db()
    assert (smtp.envelopes, mailing.status, mailing.pause_kind) == ([], "paused", "changed")


def test_contact_renamed_after_the_approval_stops_the_start(reader):
    mailing = make_approved()
    Contact.objects.update(given_name="Коалиция отзывает доклад и просит прощения")

    with pytest.raises(WrongState):
        actions.start(mailing, by=mailing.author)


def test_only_head_approves_their_own_text_after_proving_who_they_are(reader):
    boss = make_user("head", email="boss@payom.test")
    mailing = actions.create(title="Заявление", kind="statement", by=boss)
    actions.save_version(mailing, "ru", words=OWN, revision=0, by=boss)
    actions.submit(mailing, by=boss)
    client = sign_in(boss)
    asked = client.post(f"/mailings/{mailing.pk}/approve/", {"fingerprint": mailing.fingerprint()})
    client.post(asked.headers["Location"], {"password": PASSWORD})

    mailing.refresh_from_db()
    assert asked.headers["Location"].partition("?")[0] == "/confirm/"
    assert (mailing.status, mailing.approved_by, mailing.approved_alone) == (MailingStatus.APPROVED, boss, True)


def test_head_does_not_approve_their_own_text_while_another_head_could(reader):
    boss = make_user("head", email="boss@payom.test")
    person("head@payom.test")
    mailing = actions.create(title="Заявление", kind="statement", by=boss)
    actions.save_version(mailing, "ru", words=OWN, revision=0, by=boss)
    actions.submit(mailing, by=boss)

    with pytest.raises(WrongState):
        actions.approve(mailing, seen=mailing.fingerprint(), by=boss)
