"""Follow-up, correction, withdrawal, and the same again."""

from datetime import date, timedelta

import pytest
from django.db.models import ProtectedError

from crm.actions.suppression import suppress
from crm.models import Contact
from mailings import actions
from mailings.models import Mailing
from mailings.pipeline.freeze import audience_of
from mailings.pipeline.send import send_due
from mailings.states import Correction, MailingStatus, Reason, WrongState
from tests.factories.contacts import make_contact
from tests.factories.greetings import make_card
from tests.factories.letters import make_file, make_picture, make_signatory, show_picture
from tests.factories.mailings import BODY, make_approved, make_draft, make_reader, make_started, person

pytestmark = pytest.mark.django_db


def sent(languages="ru"):
    mailing = make_started(languages)
    send_due()
    return Mailing.objects.get(pk=mailing.pk)


def write(mailing, *languages):
    for language in languages:
        words = {"subject": f"Исправление {language}", "preheader": "", "body": BODY}
        actions.save_version(mailing, language, words=words, revision=0, by=mailing.author)
    return Mailing.objects.get(pk=mailing.pk)


def go(mailing):
    actions.submit(mailing, by=mailing.author)
    actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    actions.start(Mailing.objects.get(pk=mailing.pk), by=mailing.author)
    send_due()


def test_a_follow_up_is_a_draft_to_those_it_is_about(smtp):
    make_reader("one@navid.test", name="Один")
    make_reader("gone@navid.test", name="Два")
    smtp.refuse["gone@navid.test"] = "550 5.7.1 policy"
    mailing = sent()
    draft = actions.follow_up(mailing, "failed", by=mailing.author)
    draft = write(draft, "ru")

    assert (draft.status, [one.name for one in audience_of(draft).recipients]) == (MailingStatus.DRAFT, ["Два"])


def test_a_correction_goes_to_exactly_those_who_got_the_letter(smtp):
    make_reader("one@navid.test", name="Один")
    make_reader("gone@navid.test", name="Два")
    smtp.refuse["gone@navid.test"] = "550 5.7.1 policy"
    mailing = sent()
    make_reader("new@navid.test", name="Новый")
    draft = write(actions.correct(mailing, by=mailing.author), "ru")

    assert [one.name for one in audience_of(draft).recipients] == ["Один"]


def test_a_correction_is_an_answer_to_each_reader_s_own_letter(smtp):
    make_reader("one@navid.test")
    make_reader("two@navid.test")
    mailing = sent()
    first = {envelope.recipients[0]: envelope.message["Message-ID"] for envelope in smtp.envelopes}
    smtp.envelopes.clear()
    go(write(actions.correct(mailing, by=mailing.author), "ru"))
    answers = {
        envelope.recipients[0]: (envelope.message["In-Reply-To"], envelope.message["References"])
        for envelope in smtp.envelopes
    }

    assert answers == {address: (own, own) for address, own in first.items()}


def test_a_letter_that_corrects_nothing_is_no_answer(smtp):
    make_reader()
    sent()

    assert smtp.envelopes[0].message["In-Reply-To"] is None


def test_a_correction_speaks_the_language_of_the_letter(smtp):
    make_reader("one@navid.test", languages="ru tg")
    mailing = sent("ru tg")
    Contact.objects.update(languages="tg ru")
    draft = write(actions.correct(mailing, by=mailing.author), "ru", "tg")

    assert [one.language for one in audience_of(draft).recipients] == ["ru"]


def test_a_correction_without_a_text_in_that_language_leaves_the_reader_out(smtp):
    make_reader("one@navid.test", languages="ru tg")
    mailing = sent("ru tg")
    draft = write(actions.correct(mailing, by=mailing.author), "tg")

    assert [one.reason for one in audience_of(draft).left_out] == [Reason.NO_VERSION]


def test_who_unsubscribed_gets_no_correction_and_is_named(smtp):
    make_reader("one@navid.test", name="Один")
    mailing = sent()
    suppress("one@navid.test", "unsubscribed", by="test")
    draft = write(actions.correct(mailing, by=mailing.author), "ru")

    assert [(one.name, one.reason) for one in audience_of(draft).left_out] == [("Один", Reason.UNSUBSCRIBED)]


@pytest.mark.parametrize(
    "change",
    [
        lambda draft, reader: actions.set_audience(draft, {}, by=draft.author),
        lambda draft, reader: actions.pick(draft, reader, by=draft.author),
    ],
    ids=["rule", "by hand"],
)
def test_the_audience_of_a_correction_cannot_be_changed(smtp, change):
    reader = make_reader()
    mailing = sent()
    draft = actions.correct(mailing, by=mailing.author)

    with pytest.raises(WrongState):
        change(draft, reader)
    assert Mailing.objects.get(pk=draft.pk).audience == {"outcome": [f"{mailing.pk}:sent"]}


def test_a_sealed_reader_gets_the_correction_and_no_row_shows_the_address(smtp):
    make_contact("Закрытая", sensitivity="sealed", emails=["sealed@navid.test"])
    mailing = sent()
    smtp.envelopes.clear()
    draft = actions.correct(mailing, by=mailing.author)
    go(write(draft, "ru"))

    assert [envelope.recipients for envelope in smtp.envelopes] == [["sealed@navid.test"]]
    assert list(draft.deliveries.values_list("address", flat=True)) == [""]


def test_what_a_mailing_corrects_is_part_of_what_is_approved(smtp):
    make_reader()
    mailing = sent()
    draft = write(actions.correct(mailing, by=mailing.author), "ru")
    before = draft.fingerprint()
    draft.correction = Correction.WITHDRAWAL

    assert draft.fingerprint() != before


def test_of_a_draft_there_is_nothing_to_correct():
    make_reader()
    mailing = make_draft()

    for verb in (actions.correct, actions.withdraw):
        with pytest.raises(WrongState):
            verb(mailing, by=mailing.author)


def test_withdrawn_it_says_so_at_once_and_what_has_not_left_is_held_back():
    make_reader()
    mailing = make_started()
    draft = actions.withdraw(mailing, by=mailing.author)
    mailing = Mailing.objects.get(pk=mailing.pk)

    assert (mailing.withdrawn_at is not None, mailing.status) == (True, MailingStatus.PAUSED)
    assert (draft.correction, draft.corrects_id) == (Correction.WITHDRAWAL, mailing.pk)


@pytest.mark.parametrize("is_paused", [True, False], ids=["paused before", "paused by it"])
def test_withdrawn_it_does_not_go_on(is_paused):
    make_reader("one@navid.test")
    mailing = make_started()
    if is_paused:
        actions.pause(mailing, by=mailing.author)
    actions.withdraw(Mailing.objects.get(pk=mailing.pk), by=mailing.author)

    with pytest.raises(WrongState):
        actions.resume(mailing, by=mailing.author)
    assert Mailing.objects.get(pk=mailing.pk).status == MailingStatus.PAUSED


@pytest.mark.parametrize(("status", "decide"), [("unknown", actions.decide_unknown), ("look", actions.decide_broken)])
def test_no_letter_of_it_is_sent_again_once_it_is_withdrawn(smtp, status, decide):
    make_reader("one@navid.test")
    mailing = sent()
    mailing.deliveries.update(status=status)
    actions.withdraw(mailing, by=mailing.author)

    with pytest.raises(WrongState):
        decide(mailing.deliveries.get(), send_again=True, by=mailing.author)
    assert (mailing.deliveries.get().status, Mailing.objects.get(pk=mailing.pk).status) == (status, "finished")


def test_corrected_for_the_rest_it_does_not_leave_once_it_is_withdrawn():
    make_reader("one@navid.test")
    mailing = make_started()
    actions.pause(mailing, by=mailing.author)
    actions.correct_rest(mailing, by=mailing.author)
    actions.submit(mailing, by=mailing.author)
    actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    actions.withdraw(mailing, by=mailing.author)

    with pytest.raises(WrongState):
        actions.start(mailing, by=mailing.author)


def test_report_of_what_is_withdrawn_offers_to_send_nothing(client_of):
    make_reader("one@navid.test")
    mailing = make_started()
    mailing.deliveries.update(status="unknown")
    actions.withdraw(mailing, by=mailing.author)
    client = client_of(person("head@payom.test"))

    pages = [client.get(f"/mailings/{mailing.pk}/{page}/").content.decode() for page in ("report", "deliveries")]
    assert ("/resume/" in pages[0], 'value="again"' in pages[1], 'value="sent"' in pages[1]) == (False, False, True)


def test_a_withdrawal_can_be_taken_back(smtp):
    make_reader()
    mailing = sent()
    actions.withdraw(mailing, by=mailing.author)
    actions.stand_by(mailing, by=mailing.author)

    assert Mailing.objects.get(pk=mailing.pk).withdrawn_at is None


def test_what_is_corrected_is_not_deleted_under_its_correction(smtp):
    make_reader()
    mailing = sent()
    actions.correct(mailing, by=mailing.author)

    with pytest.raises(ProtectedError):
        mailing.delete()


def test_the_same_again_is_a_draft_that_nobody_has_approved(smtp):
    make_reader()
    mailing = sent("ru tg")
    again = actions.repeat(mailing, by=person("editor@payom.test"))
    words = [
        list(one.versions.order_by("language").values_list("language", "subject", "body")) for one in (mailing, again)
    ]

    assert (again.status, again.approved_by, again.author.email) == (MailingStatus.DRAFT, None, "editor@payom.test")
    assert (words[0], again.audience) == (words[1], mailing.audience)


def test_the_same_again_has_its_own_files_and_its_text_shows_them(smtp):
    make_reader()
    mailing = make_draft()
    picture, _file = make_picture(mailing), make_file(mailing)
    show_picture(mailing, picture)
    again = actions.repeat(Mailing.objects.get(pk=mailing.pk), by=mailing.author)
    shown = again.attachments.get(use="picture")
    named = [one.versions.get(language="ru").body.count(f'data-attachment="{shown.pk}"') for one in (mailing, again)]
    actions.remove_attachment(picture, by=mailing.author)

    assert [one.name for one in again.attachments.all()] == ["зал.jpg", "Доклад.pdf"]
    assert (named, shown.sha256, shown.content() != b"") == ([0, 1], picture.sha256, True)


def test_the_same_again_has_the_signatories_and_none_of_them_has_agreed(smtp):
    make_reader()
    mailing = make_draft()
    signatory = make_signatory(mailing, "Центр «Паноҳ»")
    actions.note_agreement(signatory, agreed_by="Директор", agreed_on=date(2026, 6, 1), by=mailing.author)
    again = actions.repeat(Mailing.objects.get(pk=mailing.pk), by=mailing.author)

    assert [(one.name, one.has_agreed) for one in again.signatories.all()] == [("Центр «Паноҳ»", False)]


def test_the_history_of_the_same_again_begins_with_its_text(smtp):
    make_reader()
    mailing = make_draft()
    again = actions.repeat(Mailing.objects.get(pk=mailing.pk), by=mailing.author)

    assert [one.number for one in again.versions.get(language="ru").revisions.all()] == [1]


def test_a_greeting_card_is_not_repeated_past_its_calendar():
    card = make_card()

    with pytest.raises(WrongState):
        actions.repeat(card.mailing, by=card.mailing.author)


def test_what_stands_around_a_letter_stands_around_its_correction(smtp):
    make_reader()
    mailing = make_draft()
    actions.describe(mailing, title="Пресс-релиз", kind="press_release", by=mailing.author)
    actions.set_particulars(mailing, {}, {"ru": {"contact": "Пресс-служба, 44 600"}}, by=mailing.author)
    go(mailing)
    draft = actions.correct(Mailing.objects.get(pk=mailing.pk), by=mailing.author)

    assert [one.contact for one in draft.frames.all()] == ["Пресс-служба, 44 600"]


def test_the_copy_of_a_correction_corrects_nothing(smtp):
    make_reader()
    draft = write(actions.correct(sent(), by=person("author@payom.test")), "ru")
    go(draft)
    again = actions.repeat(Mailing.objects.get(pk=draft.pk), by=draft.author)

    assert (again.corrects_id, again.correction) == (None, "")


def test_who_repeats_a_mailing_does_not_approve_it(smtp):
    make_reader()
    again = actions.repeat(sent(), by=person("head@payom.test"))
    actions.submit(again, by=again.author)

    assert actions.approver_of(again, person("head@payom.test")) != "second"


def test_a_letter_that_is_held_is_changed_and_not_corrected(settings):
    settings.MAIL_HOLD = timedelta(minutes=5)
    make_reader()
    mailing = make_approved()
    actions.start(mailing, by=mailing.author)

    with pytest.raises(WrongState):
        actions.correct(Mailing.objects.get(pk=mailing.pk), by=mailing.author)
