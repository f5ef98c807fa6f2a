import pytest

from mailings.message import Message, Outcome, Receipt
from mailings.pipeline.transport import Transport


def message(to="reader@navid.test"):
    return Message(
        "<x@payom.test>", "press@payom.test", "Пресса <press@payom.test>", to, "Тема", "<p>Текст</p>", "Текст"
    )


def send(to="reader@navid.test"):
    with Transport() as transport:
        return transport.send(message(to))


def test_accepted_letter_keeps_the_server_s_words(smtp):
    assert send() == Receipt(Outcome.ACCEPTED, 250, "2.0.0 OK kept")


def test_letter_travels_to_one_recipient(smtp):
    send()

    assert [envelope.recipients for envelope in smtp.envelopes] == [["reader@navid.test"]]


@pytest.mark.parametrize(
    ("answer", "receipt"),
    [
        ("550 5.1.1 No such user", Receipt(Outcome.PERMANENT, 550, "5.1.1 No such user")),
        ("452 4.2.2 Over quota", Receipt(Outcome.TRANSIENT, 452, "4.2.2 Over quota")),
        ("421 4.3.2 Closing", Receipt(Outcome.OWN_FAULT, 421, "4.3.2 Closing")),
        (
            "550 5.4.5 Daily sending quota exceeded",
            Receipt(Outcome.OWN_FAULT, 550, "5.4.5 Daily sending quota exceeded"),
        ),
    ],
)
def test_refused_recipient_is_told_apart_by_its_code(smtp, answer, receipt):
    smtp.refuse["reader@navid.test"] = answer

    assert send() == receipt


@pytest.mark.parametrize(
    ("answer", "outcome"), [("554 5.7.1 Spam", Outcome.PERMANENT), ("451 4.3.0 Later", Outcome.TRANSIENT)]
)
def test_refused_text_is_told_apart_by_its_code(smtp, answer, outcome):
    smtp.refuse_data["reader@navid.test"] = answer

    assert send().outcome is outcome


def test_line_cut_after_the_text_is_uncertain(smtp):
    smtp.hang_up.add("reader@navid.test")

    assert send().outcome is Outcome.UNCERTAIN


def test_server_that_does_not_answer_is_our_own_fault(smtp):
    smtp.stop()

    assert send().outcome is Outcome.OWN_FAULT


def test_one_connection_carries_many_letters(smtp):
    with Transport() as transport:
        for number in range(3):
            transport.send(message(f"reader{number}@navid.test"))

    assert (smtp.connections, len(smtp.envelopes)) == (1, 3)


def test_connection_is_not_used_again_after_a_refusal(smtp):
    smtp.refuse["gone@navid.test"] = "550 5.1.1 No such user"
    with Transport() as transport:
        transport.send(message("gone@navid.test"))
        receipt = transport.send(message())

    assert (receipt.outcome, smtp.connections) == (Outcome.ACCEPTED, 2)


def test_password_that_is_refused_is_our_own_fault(smtp, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "payom", "wrong"

    assert send().outcome is Outcome.OWN_FAULT


@pytest.mark.parametrize(
    ("to", "outcome"),
    [("two@navid.test\r\nBcc: x@evil.test", Outcome.PERMANENT), ("зарина@navid.test", Outcome.CANNOT)],
)
def test_letter_that_cannot_be_written_fails_alone(smtp, to, outcome):
    with Transport() as transport:
        bad = transport.send(message(to))
        good = transport.send(message())

    assert (bad.outcome, good.outcome, smtp.recipients) == (
        outcome,
        Outcome.ACCEPTED,
        ["reader@navid.test"],
    )
