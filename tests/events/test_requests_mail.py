"""Letters that come and go: a real letter over a real server, its answer in the thread, and what robots write."""

import smtplib
from datetime import timedelta
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from django.utils import timezone

from accounts.actions.lockdown import lock_down
from events.actions import requests
from events.actions import requests_answers as answers
from events.models import PressRequest, RequestFile, RequestMessage
from events.pipeline import desk_letters
from events.pipeline.incoming import read, without_quotation
from mailings.actions.incoming import take_in
from mailings.models import Incoming
from mailings.pipeline.mailbox.letter import Letter
from tests.factories.accounts import make_user
from tests.factories.contacts import make_contact
from tests.factories.letters import make_docx, make_image
from tests.factories.mailings import person
from tests.factories.requests import REPORTER, STAFF, WORDS, come, make_answered, make_request, make_taken

pytestmark = pytest.mark.django_db


def letter(
    subject="Доступ к адвокату", text="Когда пускают адвоката?", *, sender=f"Умар Назаров <{REPORTER}>", **headers
):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "press@coalition.test", subject
    made["Message-ID"] = headers.pop("message_id", None) or make_msgid(domain="chashma.test")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def sent_to_reporter(smtp):
    desk_letters.send_waiting()
    return [envelope.message for envelope in smtp.envelopes]


def test_letter_over_a_real_server_is_answered_in_its_thread(smtp):
    came = letter(message_id="<first@chashma.test>")
    with smtplib.SMTP("127.0.0.1", smtp.port) as line:
        line.send_message(came)
    request = come(smtp.envelopes.pop().data)
    answers.answer(request, WORDS, by=person(STAFF))
    confirmed, answered = sent_to_reporter(smtp)
    reply = letter("Re: Доступ к адвокату", "Спасибо!", In_Reply_To=answered["Message-ID"])

    again = come(reply.as_bytes())

    assert (confirmed["In-Reply-To"], confirmed["Auto-Submitted"]) == ("<first@chashma.test>", "auto-replied")
    assert (answered["To"], answered["Auto-Submitted"]) == (REPORTER, None)
    assert answered["References"].split() == ["<first@chashma.test>", confirmed["Message-ID"]]
    assert answered["In-Reply-To"] == confirmed["Message-ID"]
    assert (again, PressRequest.objects.get().status) == (request, "in_work")
    assert [one.direction for one in request.messages.all()] == ["in", "out", "out", "in"]


def test_letter_that_the_mailbox_reader_takes_in_becomes_a_request():
    incoming = take_in(letter().as_bytes()).incoming

    assert (incoming.kind, incoming.taken_by, Incoming.objects.unrecognised().count()) == ("reply", "requests", 0)
    assert PressRequest.objects.get().received_at == incoming.came_at


def test_letter_that_becomes_a_request_is_kept_once():
    raw = letter().as_bytes()
    incoming = take_in(raw).incoming

    message = RequestMessage.objects.get(direction="in")
    incoming.refresh_from_db()
    with message.original.open() as kept:
        assert (incoming.file, kept.read()) == ("", raw)


def test_letter_that_a_sealed_contact_wants_answered_is_sealed_wherever_it_came_from():
    make_contact("Умар Назаров", emails=[REPORTER], sensitivity="sealed")
    incoming = take_in(letter(sender="desk@chashma.test", Reply_To=REPORTER).as_bytes()).incoming

    incoming.refresh_from_db()
    assert (incoming.is_sealed, incoming.sender, incoming.text, incoming.file) == (True, "", "", "")


def test_letter_whose_writer_is_said_to_be_a_sealed_contact_goes_under_the_seal():
    incoming = take_in(letter().as_bytes()).incoming
    contact = make_contact("Умар Назаров", sensitivity="sealed")
    requests.name_reporter(PressRequest.objects.get(), contact, by=person(STAFF))

    incoming.refresh_from_db()
    shown = (incoming.sender, incoming.subject, incoming.text, incoming.file)
    assert (incoming.contact, incoming.is_sealed, shown) == (contact, True, ("", "", "", ""))


def test_automatic_answer_to_our_letter_is_kept_in_its_thread():
    request = make_answered()
    sent = request.messages.get(direction="out").message_id

    incoming = take_in(letter("Автоответ", In_Reply_To=sent, Auto_Submitted="auto-replied").as_bytes()).incoming

    assert (incoming.kind, incoming.taken_by) == ("auto_reply", "requests")
    assert request.messages.filter(direction="in", is_automatic=True).count() == 1


def test_letter_becomes_a_request_with_what_it_says():
    request = come(letter().as_bytes())

    message = request.messages.first()
    assert (request.subject, request.source, request.who, request.address) == (
        "Доступ к адвокату",
        "mail",
        "Умар Назаров",
        REPORTER,
    )
    assert (message.text, bool(message.original)) == ("Когда пускают адвоката?", True)


def test_same_letter_twice_is_taken_once():
    raw = letter().as_bytes()

    assert (come(raw), RequestMessage.objects.filter(direction="in").count()) == (come(raw), 1)


def test_token_in_our_message_id_finds_the_thread_though_the_row_is_gone():
    request = make_answered()
    sent = request.messages.get(direction="out")
    named = sent.message_id
    sent.delete()

    assert come(letter("Другая тема", References=f"<x@chashma.test> {named}").as_bytes()) == request


def test_made_up_token_finds_nothing():
    request = make_answered()

    found = come(letter("Другая тема", In_Reply_To="<abc.AAAAAAAAAAAAAAAAAAAAAAA@coalition.test>").as_bytes())

    assert found != request


def test_same_sender_and_subject_go_on_with_the_open_request():
    request = come(letter().as_bytes())

    assert come(letter("RE: Доступ к адвокату", "Жду").as_bytes()) == request


def test_same_sender_with_another_subject_asks_something_else():
    request = come(letter().as_bytes())

    assert come(letter("Цифры за год").as_bytes()) != request


def test_reply_within_thirty_days_opens_a_settled_request_again():
    request = make_answered()
    sent = request.messages.get(direction="out").message_id

    come(letter(In_Reply_To=sent).as_bytes(), at=timezone.now() + timedelta(days=29))

    request.refresh_from_db()
    assert request.status == "in_work"


def test_reply_after_thirty_days_begins_anew():
    request = make_answered()
    sent = request.messages.get(direction="out").message_id

    assert come(letter(In_Reply_To=sent).as_bytes(), at=timezone.now() + timedelta(days=31)) != request


def test_reply_of_the_reporter_who_was_asked_puts_it_back_into_work():
    request = make_taken()
    sent = answers.ask_reporter(request, WORDS, by=person(STAFF)).message_id

    come(letter(In_Reply_To=sent).as_bytes())

    request.refresh_from_db()
    assert request.status == "in_work"


def test_reply_from_another_address_is_kept_and_never_answered_there(smtp):
    request = make_answered()
    sent = request.messages.get(direction="out").message_id
    come(letter(In_Reply_To=sent, sender="stranger@evil.test").as_bytes())

    answers.answer(PressRequest.objects.get(), WORDS, by=person(STAFF))

    assert {one["To"] for one in sent_to_reporter(smtp)} == {REPORTER}


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<news.test>"}, {"Return_Path": "<>"}],
    ids=["auto", "bulk", "list", "bounce"],
)
def test_automatic_letter_begins_no_request(headers):
    assert (come(letter(**headers).as_bytes()), PressRequest.objects.count()) == (None, 0)


def test_two_programs_that_answer_each_other_stop_after_one_letter(smtp):
    request = come(letter().as_bytes())
    for _round in range(3):
        confirmed = sent_to_reporter(smtp)[-1]
        come(letter("Автоответ", In_Reply_To=confirmed["Message-ID"], Auto_Submitted="auto-replied").as_bytes())

    assert (len(smtp.envelopes), [one.is_automatic for one in request.messages.all()]) == (1, [False, True, True])


def test_program_that_hides_what_it_is_gets_one_confirmation_a_day(smtp):
    for number in range(4):
        come(letter(f"Тема {number}").as_bytes())

    assert len(sent_to_reporter(smtp)) == 1


def test_flood_of_one_sender_becomes_no_flood_of_requests():
    for number in range(15):
        come(letter(f"Тема {number}").as_bytes())

    assert (PressRequest.objects.count(), RequestMessage.objects.filter(direction="in").count()) == (10, 15)


def test_our_own_letter_is_no_request():
    assert come(letter(sender="press@coalition.test").as_bytes()) is None


def test_letter_to_a_request_called_spam_begins_nothing_there():
    request = make_request()
    PressRequest.objects.filter(pk=request.pk).update(status="spam")

    assert come(letter().as_bytes()) != request


def test_letter_of_html_with_scripts_is_safe_text():
    came = letter()
    page = (
        "<h1>Вопрос</h1><script>alert(1)</script><p onclick='x()'>Кто <b>отвечает</b>?</p><img src='http://evil.test/'>"
    )
    came.set_content(page, subtype="html")

    text = come(came.as_bytes()).messages.first().text

    assert ("Вопрос" in text, "Кто отвечает?" in text, "alert" in text, "evil" in text, "<" in text) == (
        True,
        True,
        False,
        False,
        False,
    )


def test_nested_letter_is_read_to_its_leaves():
    came, wrapped = letter(text="Снаружи"), letter(text="Внутри")
    came.add_attachment(wrapped)
    came.add_attachment(make_docx(), maintype="application", subtype="octet-stream", filename="Вопросы.docx")

    request = come(came.as_bytes())

    assert (request.messages.first().text, [one.name for one in RequestFile.objects.exclude(file="")]) == (
        "Снаружи",
        ["Вопросы.docx"],
    )


def test_letter_of_sixty_layers_waits_for_a_person():
    inner = "Content-Type: text/plain\n\nглубоко".encode()
    for number in range(60):
        line = f"b{number}"
        inner = (
            f'Content-Type: multipart/mixed; boundary="{line}"\n\n--{line}\n'.encode()
            + inner
            + f"\n--{line}--\n".encode()
        )
    raw = f"From: {REPORTER}\nSubject: x\nMessage-ID: <n@chashma.test>\nMIME-Version: 1.0\n".encode() + inner

    incoming = take_in(raw).incoming

    assert (incoming.kind, PressRequest.objects.count()) == ("poison", 0)


def test_letter_of_twenty_megabytes_is_kept_as_it_came():
    came = letter()
    came.add_attachment(b"\0" * 16 * 1024 * 1024, maintype="application", subtype="zip", filename="архив.zip")
    raw = came.as_bytes()

    message = come(raw).messages.first()

    file = message.files.get()
    assert (message.original.size, message.text, bool(file.file), bool(file.refusal)) == (
        len(raw),
        "Когда пускают адвоката?",
        False,
        True,
    )


def test_photograph_comes_without_its_place():
    came = letter()
    came.add_attachment(make_image(place="N"), maintype="image", subtype="jpeg", filename="дом.jpg")

    file = come(came.as_bytes()).messages.first().files.get()

    assert (file.stripped, b"GPS" in file.content()) == ("place", False)


def test_programme_is_not_kept_but_named():
    came = letter()
    came.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="virus.exe")

    file = come(came.as_bytes()).messages.first().files.get()

    assert (file.name, bool(file.file), bool(file.refusal)) == ("virus.exe", False, True)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\0\1\2", b"Subject: x\n\nno sender", b"From: nobody\n\nx", b"From: =?utf-8?q?=ff?= <>\n\nx"],
    ids=["empty", "rubbish", "no sender", "no address", "broken header"],
)
def test_what_nobody_could_be_answered_for_is_no_request(raw):
    assert come(raw) is None


def test_letter_in_an_unknown_alphabet_is_read_as_well_as_can_be():
    raw = f"From: {REPORTER}\nContent-Type: text/plain; charset=klingon\n\nпривет".encode()

    assert read(Letter.of(raw)).text == "привет"


def test_quoted_letter_at_the_end_is_left_out():
    assert without_quotation("Спасибо\n\n10 июня Коалиция писала:\n> Отвечаем\n> на вопрос\n") == "Спасибо"


def test_answer_between_quoted_lines_stays():
    text = "> Когда?\nЗавтра\n> Где?\nУ нас"

    assert without_quotation(text) == text


def test_letter_of_a_sealed_contact_is_sealed_and_not_kept_as_it_came():
    make_contact("Умар Назаров", emails=[REPORTER], sensitivity="sealed")

    message = come(letter().as_bytes()).messages.first()

    assert (message.text, message.reveal(), bool(message.original)) == ("", "Когда пускают адвоката?", False)


def test_letter_that_is_refused_for_good_says_so(smtp):
    smtp.refuse[REPORTER] = "550 5.1.1 no such user"
    make_answered()
    desk_letters.send_waiting()

    message = RequestMessage.objects.get(direction="out")
    assert (message.status, message.reply) == ("failed", "5.1.1")


def test_letter_that_is_put_off_is_tried_again(smtp):
    smtp.refuse[REPORTER] = ["451 4.7.1 later"]
    make_answered()
    desk_letters.send_waiting()
    later = timezone.now() + timedelta(minutes=2)

    assert (desk_letters.send_waiting(), desk_letters.send_waiting(at=later)) == (0, 1)


def test_letter_of_which_nobody_knows_waits_for_a_person(smtp):
    smtp.hang_up.add(REPORTER)
    make_answered()
    desk_letters.send_waiting()
    later = timezone.now() + timedelta(days=1)

    assert (desk_letters.send_waiting(at=later), RequestMessage.objects.get(direction="out").status) == (0, "unknown")


def test_letter_of_a_dead_worker_never_leaves_twice(smtp):
    make_answered()
    RequestMessage.objects.filter(direction="out").update(status="inflight")

    desk_letters.send_waiting(at=timezone.now() + timedelta(hours=1))

    assert (RequestMessage.objects.get(direction="out").status, smtp.recipients) == ("unknown", [])


def test_person_sends_an_unknown_letter_again(smtp):
    request = make_answered()
    RequestMessage.objects.filter(direction="out").update(status="unknown")
    answers.send_again(request.messages.get(direction="out"), by=person(STAFF))

    assert (desk_letters.send_waiting(), smtp.recipients) == (1, [REPORTER])


def test_answer_to_a_sealed_reporter_leaves_and_stays_sealed(smtp):
    make_contact("Умар Назаров", emails=[REPORTER], sensitivity="sealed")
    request = make_answered()
    desk_letters.send_waiting()

    assert (
        request.messages.get(direction="out").text,
        smtp.envelopes[0].message.get_body("plain").get_content().strip(),
    ) == (
        "",
        WORDS.text,
    )


def test_nothing_leaves_during_a_lock_down(smtp):
    head = make_user("head")
    make_answered()
    lock_down(by=head, key_holder=head)

    assert (desk_letters.send_waiting(), smtp.recipients) == (0, [])


def test_words_of_an_answer_are_no_markup():
    assert "<script>" not in desk_letters.as_html("<script>x</script>")
