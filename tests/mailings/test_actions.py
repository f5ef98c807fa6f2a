import pytest

from audit.models import Entry
from mailings import actions
from mailings.models import Mailing
from mailings.states import MAILING_TRANSITIONS, MailingStatus, WrongState
from tests.factories.mailings import make_approved, make_draft, make_reader, make_started, person

pytestmark = pytest.mark.django_db

WORDS = {"subject": "Другая тема", "preheader": "", "body": "<p>Другой текст</p>"}


def test_author_cannot_approve():
    make_reader()
    mailing = make_draft()
    actions.submit(mailing, by=mailing.author)

    with pytest.raises(WrongState):
        actions.approve(mailing, seen=mailing.fingerprint(), by=mailing.author)


def test_whoever_edited_last_cannot_approve():
    make_reader()
    mailing, editor = make_draft(), person("editor@payom.test")
    actions.save_version(mailing, "tg", words=WORDS, revision=0, by=editor)
    mailing = Mailing.objects.get(pk=mailing.pk)
    actions.submit(mailing, by=mailing.author)

    with pytest.raises(WrongState):
        actions.approve(mailing, seen=mailing.fingerprint(), by=editor)


def test_approval_of_a_text_that_was_changed_meanwhile_is_refused():
    make_reader()
    mailing = make_draft()
    actions.submit(mailing, by=mailing.author)

    with pytest.raises(WrongState):
        actions.approve(mailing, seen="0" * 64, by=person("head@payom.test"))


@pytest.mark.parametrize(
    "edit",
    [
        lambda mailing: actions.save_version(mailing, "ru", words=WORDS, revision=1, by=mailing.author),
        lambda mailing: actions.set_audience(mailing, {"kind": ["partner"]}, by=mailing.author),
    ],
    ids=["text", "audience"],
)
def test_any_edit_takes_the_approval_back(edit):
    make_reader()
    mailing = make_approved()

    edit(mailing)
    mailing.refresh_from_db()

    assert (mailing.status, mailing.approved_by, mailing.approved_fingerprint) == (MailingStatus.DRAFT, None, "")


def test_mailing_that_has_left_cannot_be_edited():
    make_reader()
    mailing = make_started()

    with pytest.raises(WrongState):
        actions.save_version(mailing, "ru", words=WORDS, revision=1, by=mailing.author)


def test_save_from_an_old_page_overwrites_nothing():
    mailing = make_draft()

    with pytest.raises(actions.StaleText) as stale:
        actions.save_version(mailing, "ru", words=WORDS, revision=0, by=mailing.author)
    assert (stale.value.theirs.subject, mailing.versions.get().subject) == ("Тема ru", "Тема ru")


def test_text_is_cleaned_before_it_is_stored():
    mailing = make_draft()

    hostile = WORDS | {"body": "<p onclick='x'>А</p><script>x</script>"}
    version = actions.save_version(mailing, "ru", words=hostile, revision=1, by=mailing.author)

    assert version.body == "<p>А</p>"


def test_mailing_with_an_error_cannot_be_submitted():
    make_reader()
    mailing = make_draft()
    bad = WORDS | {"body": "<p>{отчество}</p>"}
    actions.save_version(mailing, "ru", words=bad, revision=1, by=mailing.author)

    with pytest.raises(WrongState):
        actions.submit(Mailing.objects.get(pk=mailing.pk), by=mailing.author)


def test_every_step_is_written_down():
    make_reader()
    make_started()

    assert list(Entry.objects.filter(action__startswith="mailings").order_by("pk").values_list("action", "by")) == [
        ("mailings.mailing.created", "author"),
        ("mailings.version.saved", "author"),
        ("mailings.audience.set", "author"),
        ("mailings.mailing.submitted", "author"),
        ("mailings.mailing.approved", "head"),
        ("mailings.mailing.started", "author"),
    ]


def test_audit_log_names_no_address():
    make_reader("canary@navid.test")
    mailing = make_started()
    actions.unsubscribe(mailing.deliveries.get())

    assert [entry for entry in Entry.objects.values() if "canary" in str(entry)] == []


def test_journal_holds_what_was_and_what_is():
    make_reader(kind="partner")
    mailing = make_started("ru", kind=["partner"])
    actions.pause(mailing, by=mailing.author)

    assert list(
        Entry.objects.filter(action__startswith="mailings").order_by("pk").values_list("changes", flat=True)
    ) == [
        {},
        {
            "subject": ["", {"characters": 7}],
            "preheader": ["", {"characters": 5}],
            "body": ["", {"characters": 86}],
        },
        {"audience.kind": [None, ["partner"]]},
        {"status": ["draft", "in_review"]},
        {"status": ["in_review", "approved"]},
        {"status": ["approved", "sending"]},
        {"status": ["sending", "paused"]},
    ]


@pytest.mark.parametrize("status", list(MailingStatus))
def test_every_status_stands_in_the_transition_table(status):
    assert status in MAILING_TRANSITIONS


def test_two_clicks_on_send_start_one_mailing():
    make_reader()
    mailing = make_approved()
    twin = Mailing.objects.get(pk=mailing.pk)
    actions.start(mailing, by=mailing.author)

    with pytest.raises(WrongState):
        actions.start(twin, by=mailing.author)
    assert mailing.deliveries.count() == 1


def test_stopped_mailing_sends_no_letter_again():
    make_reader()
    mailing = make_started()
    mailing.deliveries.update(status="unknown")
    actions.cancel(mailing, by=mailing.author)

    with pytest.raises(WrongState):
        actions.decide_unknown(mailing.deliveries.get(), send_again=True, by=mailing.author)
    assert mailing.deliveries.get().status == "unknown"


def test_save_from_an_old_page_leaves_an_approval_as_it_is():
    make_reader()
    mailing = make_approved()

    with pytest.raises(actions.StaleText):
        actions.save_version(mailing, "ru", words=WORDS, revision=0, by=mailing.author)
    assert mailing.status == MailingStatus.APPROVED
