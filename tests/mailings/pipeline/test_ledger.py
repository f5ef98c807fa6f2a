"""Evidence of delivery: a chain, and a file that proves it."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit import append_only
from crm.actions import erasure
from mailings.actions import decide_unknown
from mailings.actions.incoming import arrived, came_back
from mailings.models import Delivery, Evidence, Mailing
from mailings.pipeline import ledger
from mailings.pipeline.bounces import BounceClass
from mailings.pipeline.send import send_due
from tests.factories.contacts import change
from tests.factories.mailings import make_reader, make_started, person
from tests.factories.measuring import make_delivered

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(smtp):
    """A statement to three, one of whom was refused."""
    for number in range(3):
        make_reader(f"reader{number}@navid.test", name=f"Читатель {number}")
    smtp.refuse["reader1@navid.test"] = "550 5.1.1 reader1@navid.test: no such user"
    mailing = make_started()
    send_due()
    ledger.record()
    return mailing


def file_of(mailing, **changed) -> bytes:
    content = json.loads(ledger.signed(mailing, seen_by=person("head@payom.test")))
    return json.dumps(content | changed).encode()


def test_every_answer_is_recorded_once(sent):
    again = ledger.record()

    rows = sent.evidence.values_list("number", "code", "reply")
    assert (again, sorted(rows)[0][0], sorted(row[1:] for row in rows)[-1]) == (
        0,
        1,
        (550, "5.1.1 ••• no such user"),
    )


def test_letters_that_wait_are_not_evidence():
    make_reader()
    make_started()

    assert (ledger.record(), Evidence.objects.count()) == (0, 0)


def test_later_answers_go_on_with_the_chain():
    for number in range(2):
        make_reader(f"reader{number}@navid.test", name=f"Читатель {number}")
    mailing = make_delivered()
    late = mailing.deliveries.last()
    Delivery.objects.filter(pk=late.pk).update(status="deferred", next_try_at=mailing.started_at)
    ledger.record()
    Delivery.objects.filter(pk=late.pk).update(status="sent")
    ledger.record()

    assert [entry["number"] for entry in ledger.verify(file_of(mailing))["entries"]] == [1, 2]


def test_a_letter_that_came_back_later_has_both_answers(sent):
    taken = sent.deliveries.filter(status="sent").first()
    Delivery.objects.filter(pk=taken.pk).update(status="failed", code=550, reply="5.1.1 no such user")
    ledger.record()
    answers = sent.evidence.filter(delivery=taken.pk).values_list("code", flat=True)
    entries = ledger.verify(file_of(sent))["entries"]

    assert (list(answers), [entry["number"] for entry in entries]) == ([250, 550], [1, 2, 3, 4])
    assert entries[-1]["at"] > entries[-2]["at"]


def test_a_refused_letter_that_was_sent_anew_has_both_answers(sent):
    refused = sent.deliveries.get(status="failed")
    Delivery.objects.filter(pk=refused.pk).update(status="sent", code=250, reply="2.0.0 OK", sent_at=timezone.now())
    again = [ledger.record(), ledger.record()]
    answers = sent.evidence.filter(delivery=refused.pk).values_list("code", flat=True)

    assert (again, list(answers)) == ([1, 0], [550, 250])


def test_letter_that_came_back_with_a_status_alone_has_both_answers(sent):
    taken = sent.deliveries.filter(status="sent").first()
    came_back(taken, BounceClass.HARD, 0, "5.1.1 no such mailbox", stops=True)
    again = [ledger.record(), ledger.record()]
    rows = list(sent.evidence.filter(delivery=taken.pk).values_list("code", "reply", "at"))
    bounced_at = Delivery.objects.get(pk=taken.pk).bounced_at

    assert (again, rows[-1], len(rows)) == ([1, 0], (0, "5.1.1 no such mailbox", bounced_at), 2)


def test_letter_refused_anew_in_other_words_has_both_answers(sent):
    refused = sent.deliveries.get(status="failed")
    Delivery.objects.filter(pk=refused.pk).update(reply="5.7.1 spam from a@navid.test")
    again = [ledger.record(), ledger.record()]
    answers = sent.evidence.filter(delivery=refused.pk).values_list("reply", flat=True)

    assert (again, list(answers)) == ([1, 0], ["5.1.1 ••• no such user", "5.7.1 spam from •••"])


def test_sealing_a_contact_is_no_new_answer(sent):
    change(sent.deliveries.get(status="failed").contact, sensitivity="sealed")

    assert ledger.record() == 0


def test_erasing_a_contact_is_no_new_answer(sent):
    refused = sent.deliveries.get(status="failed")
    erasure.erase(refused.contact, never_again=False, uploads=False, by=person("head@payom.test"))

    assert ledger.record() == 0


@pytest.fixture
def long_ago(sent):
    """The same statement, sent and finished before the last month."""
    began = timezone.now() - 2 * ledger.RECENT
    Mailing.objects.filter(pk=sent.pk).update(status="finished", started_at=began, finished_at=began)
    sent.deliveries.filter(status="sent").update(sent_at=began)
    return sent


def test_letter_of_long_ago_that_comes_back_now_is_recorded(long_ago):
    taken = long_ago.deliveries.filter(status="sent").first()
    came_back(taken, BounceClass.HARD, 550, "5.1.1 no such user", stops=True)
    ledger.record()

    assert list(long_ago.evidence.filter(delivery=taken.pk).values_list("code", flat=True)) == [250, 550]


def test_letters_of_a_mailing_that_went_on_after_a_long_rest_are_recorded(long_ago):
    Mailing.objects.filter(pk=long_ago.pk).update(status="sending")
    refused = long_ago.deliveries.get(status="failed")
    Delivery.objects.filter(pk=refused.pk).update(status="sent", code=250, reply="2.0.0 OK", sent_at=timezone.now())
    ledger.record()

    assert list(long_ago.evidence.filter(delivery=refused.pk).values_list("code", flat=True)) == [550, 250]


def test_letter_of_long_ago_that_a_person_counts_as_sent_is_recorded_at_once(long_ago):
    refused = long_ago.deliveries.get(status="failed")
    Delivery.objects.filter(pk=refused.pk).update(status="unknown")
    decide_unknown(Delivery.objects.get(pk=refused.pk), send_again=False, by=person("head@payom.test"))

    assert list(long_ago.evidence.filter(delivery=refused.pk).values_list("code", flat=True)) == [550, 0]


def test_evidence_is_neither_changed_nor_deleted(sent):
    row = sent.evidence.first()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()


def test_file_proves_which_address_it_was(sent):
    content = ledger.verify(file_of(sent))

    assert sorted(one["address"] for one in content["recipients"].values()) == [
        "reader0@navid.test",
        "reader1@navid.test",
        "reader2@navid.test",
    ]


def test_database_alone_does_not_tell_whose_the_answer_is(sent):
    assert "reader1" not in str(list(Evidence.objects.values()))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda content: content["entries"][1].update(code=421), "the signature is not right"),
        (lambda content: content["entries"].pop(1), "the signature is not right"),
        (lambda content: content["recipients"]["1"].update(address="x@y.tj"), "the signature is not right"),
        (lambda content: content.pop("signature"), "no file of evidence"),
        (lambda content: content.update(public_key="00"), "no file of evidence"),
    ],
    ids=["an answer", "an entry left out", "an address", "no signature", "no key"],
)
def test_file_that_was_changed_is_refused(sent, spoil, words):
    content = json.loads(file_of(sent))
    spoil(content)

    with pytest.raises(ledger.Broken, match=words):
        ledger.verify(json.dumps(content).encode())


@pytest.mark.parametrize("file", [b"", b"{}", b"[]", b"\xff", b"null", b'{"signature": 1}'])
def test_what_is_no_evidence_is_refused(file):
    with pytest.raises(ledger.Broken, match="no file of evidence"):
        ledger.verify(file)


def test_file_of_somebody_else_is_refused_where_the_key_is_known(sent):
    with pytest.raises(ledger.Broken, match="somebody else"):
        ledger.verify(file_of(sent), key="00" * 32)


@pytest.fixture
def unguarded():
    """Somebody has taken the guard away; it is back with the end of the test's transaction."""
    append_only.remove(Evidence._meta.db_table)


def test_chain_changed_in_the_database_is_never_signed(sent, unguarded):
    Evidence.objects.filter(number=2).update(code=250, reply="OK")

    with pytest.raises(ledger.Broken, match="entry 2 was changed"):
        file_of(sent)


def test_row_taken_out_of_the_database_is_noticed(sent, unguarded):
    Evidence.objects.filter(number=2)._raw_delete(using="default")

    with pytest.raises(ledger.Broken, match="entry 2 is missing"):
        file_of(sent)


def test_sealed_contact_stands_in_the_chain_without_address():
    make_reader("sealed@navid.test", name="Закрытая", sensitivity="sealed")
    mailing = make_delivered()
    ledger.record()
    content = ledger.verify(file_of(mailing))

    assert (len(content["entries"]), content["recipients"]) == (1, {})


def test_who_was_sealed_since_is_not_in_the_file(sent):
    change(sent.deliveries.first().contact, sensitivity="sealed")

    assert len(ledger.verify(file_of(sent))["recipients"]) == 2


def test_who_was_erased_leaves_the_chain_whole(sent):
    erasure.erase(sent.deliveries.first().contact, never_again=False, uploads=False, by=person("head@payom.test"))
    content = ledger.verify(file_of(sent))

    assert (len(content["entries"]), len(content["recipients"])) == (3, 2)


def test_command_says_what_a_file_proves(sent, tmp_path, capsys):
    path = tmp_path / "evidence.json"
    path.write_bytes(file_of(sent))
    call_command("verify_evidence", path, key=ledger.public_key())
    said = capsys.readouterr().out

    assert ("Valid." in said, "3 answers" in said, "reader1@navid.test\t550 5.1.1" in said) == (True, True, True)


def test_command_refuses_a_false_file(tmp_path):
    path = tmp_path / "evidence.json"
    path.write_text("{}")

    with pytest.raises(CommandError, match="Not valid"):
        call_command("verify_evidence", path)


# What is told of letters later


def told(delivery, *, at=None, words="250 2.0.0 OK, queued by reader@navid.test"):
    return ledger.Report(Delivery.objects.get(pk=delivery.pk), words, "postmark", at or timezone.now())


def test_report_of_arrival_follows_the_answer(smtp):
    make_reader()
    delivery = make_started().deliveries.get()
    send_due()
    ledger.add_reports([told(delivery)])
    again = ledger.record()
    entries = ledger.verify(file_of(delivery.mailing))["entries"]

    assert (again, [(entry["code"], entry["reply"]) for entry in entries]) == (
        0,
        [(250, "2.0.0 OK kept"), (250, "reported by postmark: 250 2.0.0 OK, queued by •••")],
    )


def test_report_has_the_time_that_was_told(sent):
    at = timezone.now() - timedelta(minutes=7)
    ledger.add_reports([told(sent.deliveries.filter(status="sent").first(), at=at)])

    assert sent.evidence.last().at == at


def test_reports_of_many_mailings_keep_each_chain_whole(sent):
    other = make_delivered("")
    letters = [*sent.deliveries.filter(status="sent"), *other.deliveries.all()]
    ledger.add_reports([told(letter) for letter in letters])

    assert [len(ledger.verify(file_of(mailing))["entries"]) for mailing in (sent, other)] == [5, 4]


def test_report_on_a_sealed_letter_keeps_the_codes_alone(smtp):
    reader = make_reader(sensitivity="sealed")
    make_started()
    send_due()
    delivery = reader.deliveries.get()
    ledger.add_reports([told(delivery, words="250 2.0.0 taken for Reader of Navid")])

    assert delivery.mailing.evidence.last().reply == "reported by postmark: 250 2.0.0"


def test_letter_that_comes_back_after_a_report_has_all_three(sent):
    delivery = sent.deliveries.filter(status="sent").first()
    ledger.add_reports([told(delivery)])
    Delivery.objects.filter(pk=delivery.pk).update(status="failed", code=550, reply="5.1.1 no such user")
    ledger.record()

    assert list(sent.evidence.filter(delivery=delivery.pk).values_list("code", flat=True)) == [250, 250, 550]


def test_letter_of_unknown_outcome_has_the_report_alone(smtp):
    make_reader()
    delivery = make_started().deliveries.get()
    send_due()
    Delivery.objects.update(status="unknown", sent_at=None, code=0, reply="")
    arrived([told(delivery, words="250 2.0.0 OK")])
    again = ledger.record()

    assert (again, list(delivery.mailing.evidence.values_list("code", "reply"))) == (
        0,
        [(250, "reported by postmark: 250 2.0.0 OK")],
    )


@pytest.mark.parametrize(
    ("code", "reply"),
    [(0, "the line broke"), (451, "4.7.1 try again later")],
    ids=["no answer", "asked to wait before"],
)
def test_letter_that_a_person_counts_as_sent_is_never_passed_off_as_answered(smtp, code, reply):
    make_reader()
    delivery = make_started().deliveries.get()
    send_due()
    Delivery.objects.update(status="unknown", sent_at=None, code=code, reply=reply)
    decide_unknown(Delivery.objects.get(), send_again=False, by=person("head@payom.test"))
    ledger.record()

    assert list(delivery.mailing.evidence.values_list("code", "reply")) == [
        (0, "no server said that it took it; counted as sent by a person")
    ]


def test_letter_that_a_person_counted_as_sent_and_that_came_back_says_so(smtp):
    make_reader()
    delivery = make_started().deliveries.get()
    Delivery.objects.update(status="unknown")
    decide_unknown(delivery, send_again=False, by=person("head@payom.test"))
    came_back(delivery, BounceClass.HARD, 0, "5.1.1 no such mailbox", stops=True)
    again = [ledger.record(), ledger.record()]

    assert (again, delivery.mailing.evidence.last().reply) == ([1, 0], "5.1.1 no such mailbox")
