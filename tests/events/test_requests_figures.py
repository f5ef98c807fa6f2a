"""What came of requests: asked again, told on the pages of contact and outlet, counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import StaffLetter
from crm import timeline
from crm.models import Organisation, Topic
from events.actions.experts import answer_question
from events.actions.requests import close_request
from events.actions.requests_clock import ask_for_results
from events.models import PressRequest
from events.pipeline import desk_figures
from tests.factories.accounts import make_user
from tests.factories.contacts import make_contact
from tests.factories.mailings import person
from tests.factories.requests import REPORTER, STAFF, make_answered, make_question, make_request

pytestmark = pytest.mark.django_db


def closed():
    request = make_answered()
    close_request(request, result="unknown", by=person(STAFF))
    return request


def after(days: int) -> int:
    return ask_for_results(at=timezone.now() + timedelta(days=days))


def test_link_is_asked_for_again_after_a_week_and_once():
    closed()

    assert (after(6), after(7), after(8)) == (0, 1, 0)
    assert [letter.user for letter in StaffLetter.objects.filter(kind="request_result")] == [person(STAFF)]


def test_timeline_of_a_contact_tells_what_they_asked():
    contact = make_contact("Умар Назаров", emails=[REPORTER])
    make_request("Амнистия")
    spam = make_request("Реклама")
    PressRequest.objects.filter(pk=spam.pk).update(status="spam")

    told = timeline.page(contact, make_user("viewer"), kind="request").items

    assert ["Амнистия" in str(item.title) for item in told] == [True]


@pytest.mark.parametrize("whose", ["contact", "organisation"])
def test_page_of_contact_and_outlet_lists_their_requests(whose, client_of):
    contact = make_contact("Умар Назаров", emails=[REPORTER], organisation="Радио «Чашма»")
    make_request("Амнистия"), make_request("Чужое", address="x@other.test")
    pk = {"contact": contact.pk, "organisation": Organisation.objects.called("Радио «Чашма»").pk}[whose]

    page = client_of(make_user("viewer")).get(f"/events/requests/of-{whose}/{pk}/").content.decode()

    assert ("Амнистия" in page, "Чужое" in page) == (True, False)


def test_panel_of_a_hidden_contact_is_not_found(client_of):
    contact = make_contact("Умар Назаров", sensitivity="internal")

    assert client_of(make_user("viewer")).get(f"/events/requests/of-contact/{contact.pk}/").status_code == 404


def test_figures_are_told_apart_by_topic_organisation_and_language(client_of):
    courts = Topic.objects.named("Суды")
    make_request(topic=courts, language="tg"), make_request(topic=courts), make_request()
    answer_question(make_question(), "yes", "", by="speaker")

    context = client_of(make_user("viewer")).get("/events/requests/figures/").context

    assert [(line.name, line.figures.count) for line in context["by_topic"]] == [("Суды", 2)]
    assert [(line.name, line.figures.count) for line in context["by_organisation"]] == [("Центр «Паноҳ»", 1)]
    assert [line.figures.count for line in context["by_language"]] == [3, 1]


def test_results_are_counted():
    closed()

    assert desk_figures.results(PressRequest.objects.all()) == {"unknown": 1}
