"""Press requests as far on their way as a test needs them, brought there by the product's own actions."""

from datetime import datetime, timedelta

from django.utils import timezone

from events.actions import answers
from events.actions.requests import add_request
from events.models import PressRequest
from tests.factories.mailings import person

STAFF = "editor@desk.test"
REPORTER = "umar@chashma.test"
WORDS = answers.Words("Re: Доступ к адвокату", "Здравствуйте!\n\nОтвечаем на ваш вопрос.")


def make_request(
    subject: str = "Доступ к адвокату",
    *,
    address: str = REPORTER,
    hours: float | None = 10,
    received_at: datetime | None = None,
    **fields,
) -> PressRequest:
    """A request that came `received_at` and wants its answer so many hours later."""
    at = received_at or timezone.now()
    deadline = at + timedelta(hours=hours) if hours is not None else None
    given = {"question": "Когда пускают адвоката?", "source": "phone", "reporter_name": "Умар Назаров"} | fields
    made = add_request(subject=subject, address=address, received_at=at, deadline=deadline, by=person(STAFF), **given)
    return PressRequest.objects.get(pk=made.pk)


def make_taken(**fields) -> PressRequest:
    return make_request(assignee=person(STAFF), **fields)


def make_answered(**fields) -> PressRequest:
    request = make_taken(**fields)
    answers.answer(request, WORDS, by=person(STAFF))
    return request
