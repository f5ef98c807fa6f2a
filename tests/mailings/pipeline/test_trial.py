from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions.lockdown import lock_down
from crm.models import Suppression
from mailings import actions
from mailings.models import Delivery, Mailing, TestLetter
from mailings.pipeline.trial import send_waiting
from mailings.states import TrialStatus, WrongState
from tests.factories.mailings import make_draft, make_reader, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailing(author):
    author.name = "Мехрона С."
    author.save()
    return make_draft("ru tg en")


def ask(mailing, *people, language="ru"):
    return actions.ask_for_test(mailing, language, to=people, by=mailing.author)


def fates():
    return list(TestLetter.objects.order_by("pk").values_list("status", flat=True))


def test_asking_sends_nothing_by_itself(mailing, author, smtp):
    ask(mailing, author)

    assert (smtp.envelopes, fates()) == ([], [TrialStatus.QUEUED])


@pytest.mark.parametrize(
    ("language", "subject"), [("ru", "[Тест] Тема ru"), ("tg", "[Санҷиш] Тема tg"), ("en", "[Test] Тема en")]
)
def test_the_worker_sends_it_marked_and_speaks_to_whoever_gets_it(mailing, author, smtp, language, subject):
    ask(mailing, author, language=language)

    assert send_waiting() == 1
    message = smtp.envelopes[0].message
    words = message.get_body(("plain",)).get_content()
    assert (message["To"], message["Subject"], "Мехрона" in words, fates()) == (
        author.email,
        subject,
        True,
        [TrialStatus.SENT],
    )


def test_a_test_is_counted_nowhere(mailing, author, smtp):
    ask(mailing, author)
    send_waiting()

    assert (Delivery.objects.count(), mailing.status) == (0, Mailing.objects.get().status)


def test_its_links_work_and_change_nothing(mailing, author, smtp):
    make_reader(author.email)
    ask(mailing, author)
    send_waiting()
    link = smtp.envelopes[0].message["List-Unsubscribe"].partition(",")[0].strip("<>").removeprefix("http://testserver")

    answers = [Client().get(link), Client().post(link, {"action": "unsubscribe"})]
    one_click = Client().post(link, {"List-Unsubscribe": "One-Click"})

    assert ([answer.status_code for answer in answers], "public/test_letter.html" in templates(answers[0])) == (
        [200, 200],
        True,
    )
    assert (one_click.status_code, one_click.content, Suppression.objects.count()) == (200, b"", 0)


def templates(answer):
    return [template.name for template in answer.templates]


def test_two_tests_are_two_letters_to_a_mail_program(mailing, author, smtp):
    ask(mailing, author)
    ask(mailing, author)
    send_waiting()

    assert len({envelope.message["Message-ID"] for envelope in smtp.envelopes}) == 2


def test_it_leaves_once(mailing, author, smtp):
    ask(mailing, author)
    send_waiting()
    send_waiting()

    assert len(smtp.envelopes) == 1


def test_while_everything_is_locked_down_none_leaves(mailing, author, head, smtp):
    ask(mailing, author)
    lock_down(by=head, key_holder=head)

    assert (send_waiting(), smtp.envelopes) == (0, [])


def test_a_server_that_is_away_is_tried_again(mailing, author, smtp, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    ask(mailing, author)
    send_waiting()
    settings.EMAIL_PORT = port

    assert (send_waiting(), fates()) == (1, [TrialStatus.SENT])


def test_a_test_that_waited_an_hour_does_not_leave(mailing, author, smtp):
    ask(mailing, author)
    TestLetter.objects.update(asked_at=timezone.now() - timedelta(hours=2))

    assert (send_waiting(), fates()) == (0, [TrialStatus.FAILED])


def test_a_refused_address_is_put_on_no_list(mailing, author, smtp):
    smtp.refuse[author.email] = "550 5.1.1 No such user"
    ask(mailing, author)
    send_waiting()

    assert (fates(), Suppression.objects.count()) == ([TrialStatus.FAILED], 0)


def test_more_than_ten_at_once_are_refused(mailing):
    people = [person(f"number{number}@payom.test") for number in range(11)]

    with pytest.raises(WrongState):
        ask(mailing, *people)
    assert TestLetter.objects.count() == 0


def test_a_language_without_a_text_is_refused(author):
    with pytest.raises(WrongState):
        ask(make_draft("ru"), author, language="tg")
