"""The page of a job: how far it is, for whom, and what can be done with it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import kinds
from jobs.kinds import Told
from jobs.models import Beat, Job
from jobs.running import work
from tests.factories.accounts import make_user
from tests.factories.jobs import COUNTING, make_job

pytestmark = pytest.mark.django_db
TITLE = "Считаем до многого"


@pytest.fixture
def client(client_of, author):
    return client_of(author)


def read(client, job, **options) -> str:
    return client.get(f"/jobs/{job.pk}/", **options).content.decode()


def test_the_page_says_what_it_is_and_how_far(client, author, ended):
    page = read(client, make_job(author, total=1200, done=300))

    assert f"<h1>{TITLE}</h1>" in page
    assert 'max="1200" value="300"' in page
    assert "300 из 1\xa0200. Страницу можно закрыть." in page


def test_without_javascript_there_is_a_link_to_look_again(client, author, ended):
    job = make_job(author)

    assert f'<noscript><p><a class="btn" href="/jobs/{job.pk}/">' in read(client, job)


def test_looking_changes_nothing_but_presence(client, author, ended):
    job = make_job(author)
    before = Job.objects.values().get()
    read(client, job)

    assert Job.objects.values().get() == before


HTMX = {"HX-Request": "true", "X-Poll": "1"}


def test_htmx_gets_the_part_that_changes(client, author, ended):
    part = read(client, make_job(author), headers=HTMX)

    assert ("<html" in part, 'id="job-bar"' in part, 'id="job-words"' in part, 'id="job"' in part) == (
        False,
        True,
        True,
        True,
    )


@pytest.mark.parametrize("rounds", [0, 1])
def test_once_it_has_ended_the_page_is_loaded_anew_and_asks_no_more(client, author, ended, rounds):
    job = make_job(author)
    for _ in range(rounds):
        work()
    answer = client.get(f"/jobs/{job.pk}/", headers=HTMX)

    assert (answer.headers.get("HX-Refresh"), b"hx-get" in answer.content) == ([None, "true"][rounds], not rounds)


def test_at_the_end_it_says_what_came_of_it_and_offers_to_take_it_back(client, author, ended):
    job = make_job(author)
    work()
    page = read(client, job)

    assert ("Сосчитано" in page, 'action="/contacts/together/1/undo/"' in page, f"/jobs/{job.pk}/stop/" in page) == (
        True,
        True,
        False,
    )


@pytest.mark.parametrize(
    ("state", "fault", "words"),
    [
        ("stopped", "", "Остановлено"),
        ("failed", "error", "Доделать не удалось"),
        ("failed", "death", "три раза"),
        ("failed", "right", "больше нет такого права"),
    ],
)
def test_what_did_not_come_to_its_end_says_why_and_how_far_it_came(client, author, ended, state, fault, words):
    page = read(client, make_job(author, state=state, fault=fault, done=2, ended_at=timezone.now()))

    assert (words in page, "Просмотрено 2 из 3" in page) == (True, True)


# Is there a worker?


@pytest.mark.parametrize(
    ("seen", "warns"), [(None, True), (timedelta(seconds=30), False), (timedelta(minutes=5), True)]
)
def test_where_no_worker_is_seen_the_page_says_what_to_do(client, author, ended, seen, warns):
    if seen:
        Beat.objects.create(pk=1, seen_at=timezone.now() - seen)
    page = read(client, make_job(author))

    assert ("manage.py worker" in page) == warns


@pytest.mark.parametrize(("lease", "warns"), [(timedelta(seconds=30), False), (-timedelta(seconds=1), True)])
def test_a_job_in_the_hands_of_a_worker_needs_no_other_sign_of_life(client, author, ended, lease, warns):
    held = {"state": "running", "claim": "7c0f7a52-6c1e-4b7b-8f66-3d6f6b7f7a11", "lease_until": timezone.now() + lease}
    page = read(client, make_job(author, **held))

    assert ("manage.py worker" in page) == warns


def test_a_job_that_has_ended_needs_no_worker(client, author, ended):
    page = read(client, make_job(author, state="done", ended_at=timezone.now()))

    assert "manage.py worker" not in page


# Who sees it


@pytest.mark.parametrize(
    ("role", "status", "reads"),
    [
        ("head", 200, True),
        ("administrator", 200, False),
        ("editor", 404, False),
        ("viewer", 404, False),
        ("member", 404, False),
    ],
)
def test_others_see_a_job_if_they_watch_over_the_journal_and_its_words_if_they_see_contacts(
    client_of, author, ended, role, status, reads
):
    job = make_job(author)
    work()
    client = client_of(make_user(role, email="other@payom.test"))
    answer = client.get(f"/jobs/{job.pk}/")

    assert (answer.status_code, TITLE in answer.content.decode(), "Сосчитано" in answer.content.decode()) == (
        status,
        reads,
        reads,
    )


# Stopping


def test_its_maker_stops_it_and_is_shown_that(client, author, ended):
    job = make_job(author)
    answer = client.post(f"/jobs/{job.pk}/stop/")

    assert (answer.headers["Location"], Job.objects.get().state) == (f"/jobs/{job.pk}/", "stopped")


def test_one_at_work_says_that_it_is_stopping_and_has_no_second_button(client, author, ended):
    lease = timezone.now() + timedelta(seconds=30)
    job = make_job(author, state="running", claim="7c0f7a52-6c1e-4b7b-8f66-3d6f6b7f7a11", lease_until=lease)
    client.post(f"/jobs/{job.pk}/stop/")
    page = read(client, job)

    assert ("остановится" in page, f"/jobs/{job.pk}/stop/" in page) == (True, False)


def test_what_has_ended_is_not_stopped(client, author, ended):
    job = make_job(author)
    work()
    client.post(f"/jobs/{job.pk}/stop/")

    assert Job.objects.get().state == "done"


@pytest.mark.parametrize("role", ["editor", "viewer", "member"])
def test_another_cannot_stop_it(client_of, author, ended, role):
    job = make_job(author)
    answer = client_of(make_user(role, email="other@payom.test")).post(f"/jobs/{job.pk}/stop/")

    assert (answer.status_code, Job.objects.get().state) == (404, "waiting")


def test_a_get_stops_nothing(client, author, ended):
    job = make_job(author)

    assert (client.get(f"/jobs/{job.pk}/stop/").status_code, Job.objects.get().state) == (405, "waiting")


# Found again


def test_today_leads_to_what_one_has_begun_and_not_to_what_others_have(client, client_of, author, head, ended):
    job = make_job(author)
    others, address = client_of(head).get("/").content.decode(), f'href="/jobs/{job.pk}/"'

    assert (address in client.get("/").content.decode(), address in others) == (True, False)


@pytest.mark.parametrize(("ago", "shown"), [(timedelta(minutes=50), True), (timedelta(minutes=70), False)])
def test_today_forgets_what_ended_an_hour_ago(client, author, ended, ago, shown):
    job = make_job(author, state="done", ended_at=timezone.now() - ago)

    assert (f"/jobs/{job.pk}/" in client.get("/").content.decode()) == shown


# Going on by itself


@pytest.fixture
def leading(ended):
    """A kind of work that is gone on with elsewhere."""
    kinds.register(
        replace(kinds._kinds[COUNTING], tell=lambda job, user: Told(TITLE, "Сосчитано", onward="/contacts/"))
    )


def test_whoever_waits_is_taken_to_where_the_work_goes_on(client, author, leading):
    job = make_job(author)
    before = client.get(f"/jobs/{job.pk}/", headers=HTMX)
    work()
    after = client.get(f"/jobs/{job.pk}/", headers=HTMX)

    assert (before.headers.get("HX-Redirect"), after.headers.get("HX-Redirect")) == (None, "/contacts/")


@pytest.mark.parametrize(("state", "fault"), [("stopped", ""), ("failed", "error")])
def test_what_did_not_come_to_its_end_leads_nowhere(client, author, leading, state, fault):
    job = make_job(author, state=state, fault=fault, ended_at=timezone.now())
    answer = client.get(f"/jobs/{job.pk}/", headers=HTMX)

    assert (answer.headers.get("HX-Redirect"), answer.headers.get("HX-Refresh")) == (None, "true")


def test_without_javascript_a_link_leads_on(client, author, leading):
    job = make_job(author)
    work()

    assert '<a class="btn btn--primary" href="/contacts/">Продолжить' in read(client, job)


# All of them


def listed(client) -> list[tuple[int, str]]:
    return [(job.pk, job.state) for job, _words in client.get("/jobs/").context["jobs"]]


def test_the_list_has_what_one_has_begun_the_newest_first(client, author, head, ended):
    done = make_job(author)
    work()
    waiting = make_job(author)
    make_job(head)

    assert listed(client) == [(waiting.pk, "waiting"), (done.pk, "done")]


def test_who_watches_over_the_journal_sees_those_of_all(client_of, author, head, ended):
    job = make_job(author)
    page = client_of(head).get("/jobs/").content.decode()

    assert (f'href="/jobs/{job.pk}/"' in page, author.name in page) == (True, True)


def test_the_list_says_why_something_could_not_be_finished(client, author, ended):
    make_job(author, state="failed", fault="death", ended_at=timezone.now())

    assert "три раза" in client.get("/jobs/").content.decode()


def test_an_empty_list_says_what_will_be_in_it(client, author):
    assert 'class="blank"' in client.get("/jobs/").content.decode()


def test_every_page_leads_to_the_list(client):
    assert 'href="/jobs/"' in client.get("/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_number_of_queries_however_many_jobs(
    client, author, ended, count, django_assert_num_queries
):
    for _ in range(count):
        make_job(author)
    client.get("/jobs/")
    with django_assert_num_queries(5):
        client.get("/jobs/")
