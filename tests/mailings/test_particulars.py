from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Entry
from mailings import actions
from mailings.models import Attachment, FrameText, Hotline, Mailing, Signatory
from mailings.pipeline.frame import frame_of
from mailings.pipeline.freeze import audience_of
from mailings.pipeline.send import send_due
from mailings.states import MailingStatus, WrongState
from tests.factories.letters import make_file, make_picture, make_signatory, show_picture
from tests.factories.mailings import make_approved, make_draft, make_reader, make_started, person

pytestmark = pytest.mark.django_db
SOON = timezone.now() + timedelta(days=2)


def frame(mailing, words=None, **own):
    actions.set_particulars(mailing, own, words or {}, by=mailing.author)
    return Mailing.objects.get(pk=mailing.pk)


def letters(smtp):
    return [envelope.message for envelope in smtp.envelopes]


def kind_of(kind):
    mailing = make_draft()
    actions.describe(mailing, title="Другое", kind=kind, by=mailing.author)
    return Mailing.objects.get(pk=mailing.pk)


@pytest.mark.parametrize(
    "change",
    [
        lambda one: frame(one, number=1),
        lambda one: frame(one, is_urgent=True),
        lambda one: frame(one, embargo_until=SOON),
        make_signatory,
        make_picture,
        make_file,
    ],
    ids=["number", "urgent", "embargo", "signatory", "picture", "file"],
)
def test_what_stands_around_the_text_takes_an_approval_back(change):
    make_reader()
    mailing = make_approved()
    before = mailing.fingerprint()
    change(mailing)
    now = Mailing.objects.get(pk=mailing.pk)

    assert (now.status, now.fingerprint() == before) == ("draft", False)


@pytest.mark.parametrize("name", ["contact", "about"])
def test_words_around_the_text_take_an_approval_back(name):
    mailing = kind_of("press_release")
    before = mailing.fingerprint()

    assert frame(mailing, {"ru": {name: "Зебо"}}).fingerprint() != before


def test_description_of_a_picture_is_part_of_what_is_approved():
    mailing = make_draft()
    picture = make_picture(mailing)
    before = mailing.fingerprint()
    actions.describe_picture(picture, "Другое", by=mailing.author)

    assert mailing.fingerprint() != before


def test_untouched_form_takes_no_approval_back():
    make_reader()
    mailing = frame(make_approved(), number=None, is_urgent=False, embargo_until=None)

    assert mailing.status == "approved"


def test_number_is_given_once_a_year_and_kind():
    frame(make_draft(), number=4)

    with pytest.raises(WrongState):
        frame(make_draft(), number=4)


def test_same_number_is_free_in_another_kind_and_in_another_year():
    last_year = frame(make_draft(), number=4)
    Mailing.objects.filter(pk=last_year.pk).update(year=2020)

    numbers = [frame(make_draft(), number=4).number, frame(kind_of("official"), number=4).number]

    assert numbers == [4, 4]


def test_next_number_follows_the_greatest_of_its_year():
    frame(make_draft(), number=7)
    year = timezone.localdate().year

    assert [Mailing.next_number(kind, year) for kind in ("statement", "official")] == [8, 1]


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("review", {"is_urgent": True}),
        ("invitation", {"embargo_until": SOON}),
        ("press_release", {"number": 3, "year": 2026}),
        ("statement", {"number": 3, "year": None}),
        ("statement", {"number": 0, "year": 2026}),
    ],
)
def test_database_refuses_what_a_kind_does_not_have(kind, wrong):
    mailing = kind_of(kind)

    with pytest.raises(IntegrityError), transaction.atomic():
        Mailing.objects.filter(pk=mailing.pk).update(**wrong)


def test_mailing_of_another_kind_gives_up_what_that_does_not_have():
    mailing = frame(make_draft(), number=2, is_urgent=True, embargo_until=SOON)
    actions.describe(mailing, title="Обзор", kind="invitation", by=mailing.author)
    mailing.refresh_from_db()

    assert (mailing.number, mailing.year, mailing.is_urgent, mailing.embargo_until) == (None, None, False, None)


def test_journal_knows_that_words_changed_and_not_which():
    mailing = frame(kind_of("press_release"), {"ru": {"contact": "Зебо, +992 93 111 22 33", "about": "Кто мы"}})
    entry = Entry.objects.get(action="mailings.mailing.framed")

    assert (entry.subject_id, "Зебо" in str(entry.changes), "111" in str(entry.changes)) == (mailing.pk, False, False)


def test_letter_is_framed_by_what_its_kind_has():
    mailing = kind_of("press_release")
    words = {"ru": {"contact": "Зебо", "about": "Кто мы", "addressee": "Министру"}}
    framed = frame_of(frame(mailing, words), "ru")

    assert (framed.contact, framed.about, framed.addressee, framed.number) == ("Зебо", "Кто мы", "", None)


def test_nothing_around_the_text_of_a_sent_mailing_can_be_changed():
    make_reader()
    mailing = make_started()

    for change in (lambda: frame(mailing, number=9), lambda: make_picture(mailing), lambda: make_signatory(mailing)):
        with pytest.raises(WrongState):
            change()

    assert [model.objects.count() for model in (Attachment, Signatory, FrameText)] == [0, 0, 0]


# Signatories


def test_organisation_signs_once():
    mailing = make_draft()
    signatory = make_signatory(mailing)

    with pytest.raises(WrongState):
        actions.add_signatory(mailing, signatory.organisation, by=mailing.author)


def test_signatory_keeps_the_name_it_signed_with():
    mailing = make_draft()
    signatory = make_signatory(mailing, "Центр «Паноҳ»")
    signatory.organisation.name = "Центр «Умед»"
    signatory.organisation.save()

    assert [one.name for one in frame_of(mailing, "ru").signatures] == ["Центр «Паноҳ»"]


def test_consent_is_noted_and_leaves_an_approval_standing():
    make_reader()
    mailing = make_draft()
    signatory = make_signatory(mailing)
    actions.submit(mailing, by=mailing.author)
    actions.note_agreement(signatory, agreed_by="Директор", agreed_on=date(2026, 6, 1), by=mailing.author)
    signatory.refresh_from_db()

    assert (Mailing.objects.get(pk=mailing.pk).status, signatory.has_agreed, signatory.noted_by) == (
        "in_review",
        True,
        mailing.author,
    )


def test_consent_is_whole_in_the_database():
    signatory = make_signatory(make_draft())

    with pytest.raises(IntegrityError), transaction.atomic():
        Signatory.objects.filter(pk=signatory.pk).update(agreed_on=date(2026, 6, 1))


# Hotlines


@pytest.fixture
def hotlines():
    texts = {("", "ru"): "Общая", ("sughd", "ru"): "Худжанд", ("", "tg"): "Умумӣ"}
    actions.set_hotlines(texts, by=person("author@payom.test"))


def test_each_recipient_s_hotline_is_frozen_with_the_audience(hotlines):
    make_reader("a@navid.test", region="sughd")
    make_reader("b@navid.test", region="khatlon")
    make_reader("c@navid.test", region="sughd", languages="tg")
    mailing = make_started("ru tg")

    assert [one.merge_data.get("hotline") for one in mailing.deliveries.order_by("address")] == [
        "Худжанд",
        "Общая",
        "Умумӣ",
    ]


def test_letter_shows_the_hotline_of_its_reader_s_region(hotlines, smtp):
    make_reader("a@navid.test", region="sughd")
    make_reader("b@navid.test")
    make_started()
    send_due()
    texts = {letter["To"]: letter.get_body(("plain",)).get_content() for letter in letters(smtp)}

    assert {to: ("Худжанд" in text, "Общая" in text) for to, text in texts.items()} == {
        "a@navid.test": (True, False),
        "b@navid.test": (False, True),
    }


@pytest.mark.parametrize("region", ["sughd", ""])
def test_other_hotline_has_to_be_approved_anew(hotlines, region):
    make_reader(region=region)
    mailing = make_approved()
    actions.set_hotlines({(region, "ru"): "Другая"}, by=mailing.author)

    assert Mailing.objects.get(pk=mailing.pk).status == MailingStatus.DRAFT


def test_hotline_of_a_language_it_does_not_speak_takes_no_approval_back(hotlines):
    make_reader()
    mailing = make_approved("ru")
    actions.set_hotlines({("", "tg"): "Дигар"}, by=mailing.author)

    assert Mailing.objects.get(pk=mailing.pk).status == MailingStatus.APPROVED


def test_letters_on_their_way_keep_the_hotline_they_were_approved_with(hotlines, smtp):
    make_reader()
    mailing = make_started()
    actions.set_hotlines({("", "ru"): "Другая"}, by=mailing.author)
    send_due()

    assert "Общая" in letters(smtp)[0].get_body(("plain",)).get_content()


def test_empty_hotline_is_none(hotlines):
    actions.set_hotlines({("sughd", "ru"): ""}, by=person("author@payom.test"))

    assert list(Hotline.objects.values_list("region", "language")) == [("", "ru"), ("", "tg")]


def test_hotlines_cost_the_same_for_three_recipients_as_for_one(hotlines, django_assert_num_queries):
    make_reader("a@navid.test", region="sughd")
    mailing = make_draft()
    with django_assert_num_queries(10) as counted:
        audience_of(mailing)
    for name in "bcd":
        make_reader(f"{name}@navid.test", region="sughd")

    with django_assert_num_queries(len(counted)):
        audience_of(mailing)


# Files


def test_two_files_of_one_name_are_told_apart():
    mailing = make_draft()

    assert [make_file(mailing).name, make_file(mailing).name, make_file(mailing, "tg").name] == [
        "Доклад.pdf",
        "Доклад (2).pdf",
        "Доклад.pdf",
    ]


def test_file_goes_with_the_letters_of_its_language_alone(smtp):
    make_reader("ru@navid.test", languages="ru")
    make_reader("tg@navid.test", languages="tg")
    mailing = make_draft("ru tg")
    make_file(mailing, "tg")
    actions.submit(mailing, by=mailing.author)
    actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    actions.start(mailing, by=mailing.author)
    send_due()

    assert {one["To"]: [part.get_filename() for part in one.iter_attachments()] for one in letters(smtp)} == {
        "ru@navid.test": [],
        "tg@navid.test": ["Доклад.pdf"],
    }


def test_picture_in_the_text_arrives_within_the_letter(smtp):
    make_reader()
    mailing = make_draft()
    picture = make_picture(mailing)
    show_picture(mailing, picture)
    actions.submit(mailing, by=mailing.author)
    actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    actions.start(mailing, by=mailing.author)
    send_due()
    [letter] = letters(smtp)
    [shown] = [part for part in letter.walk() if part.get_content_type() == "image/jpeg"]

    assert (f"cid:{shown['Content-ID'][1:-1]}" in letter.get_body(("html",)).get_content(), shown.get_content()) == (
        True,
        picture.content(),
    )


def test_letter_has_a_weight_it_cannot_exceed(settings):
    settings.LETTER_MAX_BYTES = 100

    with pytest.raises(ValueError, match="heavier|тяжел"):
        make_file(make_draft())


def test_removed_file_is_gone_from_the_disk(django_capture_on_commit_callbacks):
    mailing = make_draft()
    attachment = make_file(mailing)
    storage, name = attachment.file.storage, attachment.file.name
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_attachment(attachment, by=mailing.author)

    assert (storage.exists(name), mailing.attachments.count()) == (False, 0)


def test_database_wants_a_description_of_every_picture():
    picture = make_picture(make_draft())

    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=picture.pk).update(alt="")
