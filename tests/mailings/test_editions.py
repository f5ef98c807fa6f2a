"""A mailing that is corrected on its way, for those who have not got it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from audit.models import Entry
from core.signing import make_token
from mailings import actions
from mailings.models import Delivery, Edition, Mailing
from mailings.pipeline import analytics
from mailings.pipeline.frame import WEB_COPY
from mailings.pipeline.send import send_due
from mailings.states import DeliveryStatus, MailingStatus, WrongState
from tests.factories.mailings import make_reader, make_started, person

pytestmark = pytest.mark.django_db
HEAD = "head@payom.test"


@pytest.fixture
def half(smtp):
    """Of three letters one has left, one is to be tried again; then somebody paused."""
    for name in ("got", "later", "waits"):
        make_reader(f"{name}@{name}.test", name=name)
    smtp.refuse["later@later.test"] = ["451 4.3.0 Later"]
    mailing = make_started("ru tg")
    Delivery.objects.filter(address="waits@waits.test").update(next_try_at=timezone.now() + timedelta(minutes=1))
    send_due()
    mailing.refresh_from_db()
    actions.pause(mailing, by=mailing.author)
    return Mailing.objects.get(pk=mailing.pk)


def rewrite(mailing, subject="Исправленная тема"):
    version = mailing.versions.get(language="ru")
    words = {"subject": subject, "preheader": version.preheader, "body": version.body}
    actions.save_version(mailing, "ru", words=words, revision=version.revision, by=mailing.author)


def approve(mailing):
    mailing = Mailing.objects.get(pk=mailing.pk)
    actions.submit(mailing, by=mailing.author)
    actions.approve(mailing, seen=mailing.fingerprint(), by=person(HEAD))
    return mailing


def later():
    return time_machine.travel(timezone.now() + timedelta(hours=1))


def test_the_rest_gets_the_corrected_text_and_nobody_a_second_letter(half, smtp):
    actions.correct_rest(half, by=half.author)
    rewrite(half)
    mailing = approve(half)
    actions.start(mailing, by=mailing.author)
    with later():
        send_due()
    mailing.refresh_from_db()

    assert ({one.recipients[0]: one.message["Subject"] for one in smtp.envelopes}, len(smtp.envelopes)) == (
        {"got@got.test": "Тема ru", "later@later.test": "Исправленная тема", "waits@waits.test": "Исправленная тема"},
        3,
    )
    assert mailing.status == MailingStatus.FINISHED


def test_report_leaves_as_a_file_while_nobody_has_approved_the_corrected_text(half, client_of):
    actions.correct_rest(half, by=half.author)
    address = f"/mailings/{half.pk}/report/"
    client = client_of(half.author)

    assert (client.get(address).status_code, client.post(f"{address}export/", {"format": "pdf"}).content[:5]) == (
        200,
        b"%PDF-",
    )


def test_report_says_who_got_which_text(half):
    actions.correct_rest(half, by=half.author)
    rewrite(half)
    mailing = approve(half)
    actions.start(mailing, by=mailing.author)
    with later():
        send_due()
    mailing.refresh_from_db()

    counted = [(one.number, one.approved_by, one.sent, one.letters) for one in analytics.by_edition(mailing)]
    assert counted == [(1, "head", 1, 1), (2, "head", 2, 2)]


def test_delivered_letters_of_a_text_are_opened_without_those_that_wait(half, client_of):
    actions.correct_rest(half, by=half.author)
    rewrite(half)
    mailing = approve(half)
    actions.start(mailing, by=mailing.author)
    page = client_of(mailing.author).get(f"/mailings/{mailing.pk}/report/").content.decode()

    assert f'href="/mailings/{mailing.pk}/deliveries/?edition=2&amp;state=sent">0</a>' in page


def test_text_that_left_is_kept(half):
    actions.correct_rest(half, by=half.author)
    rewrite(half)

    kept = Edition.objects.get()
    assert [(language, subject) for language, subject, _preheader, _body in kept.texts] == [
        ("ru", "Тема ru"),
        ("tg", "Тема tg"),
    ]


def test_nothing_leaves_before_the_corrected_text_is_approved(half, smtp):
    actions.correct_rest(half, by=half.author)
    with later():
        send_due()
    half.refresh_from_db()

    assert (len(smtp.envelopes), half.status, half.approved_by) == (1, MailingStatus.DRAFT, None)
    with pytest.raises(WrongState):
        actions.start(half, by=half.author)


def test_number_that_is_typed_is_that_of_the_rest(half, settings):
    settings.TYPE_COUNT_FROM = 1
    actions.correct_rest(half, by=half.author)
    mailing = approve(half)

    with pytest.raises(WrongState):
        actions.start(mailing, typed=3, by=mailing.author)
    assert actions.start(Mailing.objects.get(pk=mailing.pk), typed=2, by=mailing.author) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda mailing: actions.set_audience(mailing, {"city": ["Душанбе"]}, by=mailing.author),
        lambda mailing: actions.describe(mailing, title="Другое", kind="review", by=mailing.author),
    ],
    ids=["audience", "kind"],
)
def test_only_the_text_can_be_corrected(half, change):
    actions.correct_rest(half, by=half.author)

    with pytest.raises(WrongState):
        change(half)


def test_language_that_somebody_waits_in_cannot_be_taken_out(half):
    Delivery.objects.filter(address="waits@waits.test").update(language="tg")
    actions.correct_rest(half, by=half.author)
    version = half.versions.get(language="tg")
    empty = {"subject": "", "preheader": "", "body": ""}
    actions.save_version(half, "tg", words=empty, revision=version.revision, by=half.author)
    mailing = approve(half)

    with pytest.raises(WrongState):
        actions.start(mailing, by=mailing.author)


@pytest.mark.parametrize("status", ["sending", "finished", "cancelled"])
def test_only_a_paused_mailing_is_corrected(half, status):
    Mailing.objects.update(status=status)

    with pytest.raises(WrongState):
        actions.correct_rest(half, by=half.author)


def test_letter_on_the_wire_is_waited_for(half):
    rows = Delivery.objects.filter(address="waits@waits.test")
    claimed = {"claim": "0" * 32, "lease_until": timezone.now() + timedelta(minutes=5)}
    rows.update(status=DeliveryStatus.INFLIGHT, **claimed)

    with pytest.raises(WrongState):
        actions.correct_rest(half, by=half.author)


def test_where_nobody_waits_there_is_nothing_to_correct(half):
    half.deliveries.claimable().update(status=DeliveryStatus.SUPPRESSED)

    with pytest.raises(WrongState):
        actions.correct_rest(half, by=half.author)


def test_called_back_it_is_approved_and_the_rows_wait(half, settings):
    settings.MAIL_HOLD = timedelta(minutes=5)
    actions.correct_rest(half, by=half.author)
    mailing = approve(half)
    actions.start(mailing, by=mailing.author)
    called = actions.call_back(Mailing.objects.get(pk=mailing.pk), by=mailing.author)
    mailing.refresh_from_db()

    assert (called, mailing.status, mailing.deliveries.count()) == (2, MailingStatus.APPROVED, 3)


def test_nothing_of_the_rest_leaves_while_it_is_held(half, smtp, settings):
    settings.MAIL_HOLD = timedelta(hours=5)
    actions.correct_rest(half, by=half.author)
    mailing = approve(half)
    actions.start(mailing, by=mailing.author)
    with later():
        send_due()

    assert len(smtp.envelopes) == 1


@pytest.mark.parametrize("step", ["draft", "in_review", "approved"])
def test_it_can_be_stopped_at_any_stage_of_its_second_way(half, step):
    actions.correct_rest(half, by=half.author)
    if step != "draft":
        actions.submit(half, by=half.author)
    if step == "approved":
        actions.approve(half, seen=half.fingerprint(), by=person(HEAD))
    kept = actions.cancel(Mailing.objects.get(pk=half.pk), by=half.author)
    half.refresh_from_db()

    assert (kept, half.status, half.approved_by.email) == (2, MailingStatus.CANCELLED, HEAD)


def test_unknown_letter_that_is_sent_again_carries_the_present_text(half):
    Delivery.objects.filter(address="got@got.test").update(status=DeliveryStatus.UNKNOWN, sent_at=None)
    actions.correct_rest(half, by=half.author)

    actions.decide_unknown(Delivery.objects.get(address="got@got.test"), send_again=True, by=half.author)

    assert Delivery.objects.get(address="got@got.test").edition == 2


def test_restored_backup_asks_about_the_rest_as_well(half, tmp_path, settings):
    settings.VAR = tmp_path
    actions.correct_rest(half, by=half.author)
    (tmp_path / "sending_clock").write_text("restored")
    send_due()
    half.refresh_from_db()

    assert (half.status, half.deliveries.filter(status=DeliveryStatus.UNKNOWN).count()) == (MailingStatus.DRAFT, 2)


def test_web_copy_shows_no_text_that_nobody_has_approved(half, client):
    link = f"/w/{make_token(WEB_COPY, half.pk)}/?lang=ru"
    before = client.get(link).content.decode()
    actions.correct_rest(half, by=half.author)
    rewrite(half, "Черновик, которого никто не видел")

    answer = client.get(link)

    assert ("Тема ru" in before, answer.status_code, "Черновик" in answer.content.decode()) == (True, 503, False)


def test_it_is_written_down(half):
    actions.correct_rest(half, by=half.author)

    entry = Entry.objects.get(action="mailings.mailing.taken_back")
    assert entry.changes == {"status": ["paused", "draft"]}


def test_pages_of_the_second_way_open(half, client_of):
    actions.correct_rest(half, by=half.author)
    client = client_of(half.author)

    desk = client.get(f"/mailings/{half.pk}/", follow=True)
    report = client.get(f"/mailings/{half.pk}/report/")
    kept = client.get(f"/mailings/{half.pk}/editions/1/")

    assert (desk.redirect_chain[-1][0], report.status_code, "Тема ru" in kept.content.decode()) == (
        f"/mailings/{half.pk}/text/ru/",
        200,
        True,
    )


def test_button_takes_it_back_to_the_desk(half, client_of):
    client_of(half.author).post(f"/mailings/{half.pk}/correct-rest/")
    half.refresh_from_db()

    assert (half.status, half.edition) == (MailingStatus.DRAFT, 2)
