import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import TABLE, Role
from crm.actions.organisations import restrict
from crm.models import Export
from tests.factories.exports import export, exporter, make_contact

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password"
REASON = "Список для пресс-конференции 10 декабря"


@pytest.fixture
def confirmed(client_of):
    """`confirmed(user)` is a client whose person has just said the password again."""

    def entered(user: User) -> Client:
        client = client_of(user)
        client.post("/confirm/", {"password": PASSWORD})
        return client

    return entered


@pytest.fixture
def client(confirmed):
    return confirmed(exporter())


def ask(client, query="", *, reason=REASON, format="csv"):
    return client.post("/contacts/export/", {"query": query, "reason": reason, "format": format})


def somebody(role):
    """Somebody of this role without the right to take contacts out."""
    until = timezone.now() + timezone.timedelta(days=1) if role == Role.DOOR else None
    return User.objects.create_user(f"{role}@payom.test", PASSWORD, name="Кто-то", role=role, expires_at=until)


# Who may


@pytest.mark.parametrize("role", Role.values)
def test_nobody_without_the_right_takes_anything_out(role, confirmed):
    make_contact("Каримов Умар")
    client = confirmed(somebody(role))

    answers = [
        client.get("/contacts/export/"),
        client.head("/contacts/export/"),
        ask(client),
        ask(client, format="xlsx"),
    ]

    assert ([answer.status_code for answer in answers], Export.objects.count()) == ([403] * 4, 0)


@pytest.mark.parametrize("role", Role.values)
def test_the_list_of_exports_opens_for_those_who_read_the_journal(role, confirmed):
    opens = "audit.view" in TABLE[role]

    assert confirmed(somebody(role)).get("/contacts/exports/").status_code == (200 if opens else 403)


def test_the_right_taken_away_closes_the_form(client):
    make_contact("Каримов Умар")
    User.objects.update(may_export=False)

    assert [client.get("/contacts/export/").status_code, ask(client).status_code] == [403, 403]


# The password again


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_password_is_asked_again(client_of, method):
    make_contact("Каримов Умар")
    answer = getattr(client_of(exporter()), method)("/contacts/export/", {"reason": REASON, "format": "csv"})

    assert (answer.status_code, answer.headers["Location"].partition("?")[0], Export.objects.count()) == (
        302,
        "/confirm/",
        0,
    )


def test_after_the_password_the_form_opens_with_the_filter(client_of):
    client = client_of(exporter())
    asked = client.get("/contacts/export/?kind=partner")
    answer = client.post(asked.headers["Location"], {"password": PASSWORD, "next": "/contacts/export/?kind=partner"})

    assert answer.headers["Location"] == "/contacts/export/?kind=partner"


def test_a_form_that_waited_too_long_leaves_after_the_password_with_what_was_typed(client_of):
    make_contact("Каримов Умар", kind="partner")
    make_contact("Холов Ҷамшед")
    client = client_of(exporter())
    asked = ask(client, "kind=partner")
    answer = client.post(asked.headers["Location"], {"password": PASSWORD, "next": "/contacts/export/"})

    made = Export.objects.get()
    assert (answer.headers["Content-Disposition"][:10], made.reason, made.rows) == ("attachment", REASON, 1)


def test_a_form_that_waited_and_lacks_something_comes_back_with_what_was_typed(client_of):
    make_contact("Каримов Умар", kind="partner")
    client = client_of(exporter())
    asked = ask(client, "kind=partner", reason="мало")
    answer = client.post(asked.headers["Location"], {"password": PASSWORD, "next": "/contacts/export/"})

    form = answer.context["form"]
    assert (answer.status_code, form["reason"].value(), form["query"].value()) == (422, "мало", "kind=partner")


@pytest.mark.parametrize("reason", [REASON, "мало"])
def test_the_right_taken_away_while_the_password_was_asked_for_lets_nothing_leave(client_of, reason):
    make_contact("Каримов Умар")
    client = client_of(exporter())
    asked = ask(client, reason=reason)
    User.objects.update(may_export=False)
    answer = client.post(asked.headers["Location"], {"password": PASSWORD, "next": "/contacts/export/"})

    assert (answer.status_code, Export.objects.count()) == (403, 0)


# The form


def test_the_form_says_who_will_leave_and_how_much_is_left_of_the_day(client, settings):
    settings.EXPORT_ROWS_PER_DAY = 10
    make_contact("Каримов Умар", kind="partner", city="Хорог")
    make_contact("Холов Ҷамшед", kind="partner", city="Хорог")
    make_contact("Ғайратов Фирӯз")
    export("csv")
    page = client.get("/contacts/export/?kind=partner&city=Хорог&page=2&x=1")

    assert (page.context["count"], page.context["left"], page.context["rule"]) == (
        2,
        7,
        {"query": "kind=partner&city=%D0%A5%D0%BE%D1%80%D0%BE%D0%B3", "words": "Who: Partner; City: Хорог"},
    )


def test_the_form_says_how_many_stay_because_they_are_sealed(client):
    make_contact("Каримов Умар")
    make_contact("Скрытая Марзия", sensitivity="sealed", emails=["marzia@navid.test"])
    page = client.get("/contacts/export/")

    assert (
        page.context["count"],
        page.context["staying"],
        "1 more contact fits but is sealed" in page.content.decode(),
    ) == (
        1,
        1,
        True,
    )


def test_whom_a_person_may_not_know_of_is_not_even_counted(client):
    make_contact("Запретный Иван", positions=[("Запрещённая", "")])
    restrict("Запрещённая", on=timezone.localdate(), note="суд", by="test")
    page = client.get("/contacts/export/?q=запретный")

    assert (page.context["count"], page.context["staying"]) == (0, 0)


def test_an_address_searched_for_is_masked_in_words(client):
    page = client.get("/contacts/export/?q=umar@navid.test")

    assert page.context["rule"]["words"] == "Name, outlet, e-mail, telephone: u•••r@navid.test"


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_file_is_an_attachment_that_nobody_keeps(client, format):
    make_contact("Каримов Умар")
    answer = ask(client, format=format)
    made = Export.objects.get()

    assert [answer.headers[name] for name in ("Content-Disposition", "X-Content-Type-Options", "Cache-Control")] == [
        f'attachment; filename="contacts-{timezone.localdate():%Y-%m-%d}-{made.mark}.{format}"',
        "nosniff",
        "no-store",
    ]


def test_the_file_holds_those_of_the_filter_and_the_record_says_so(client):
    make_contact("Каримов Умар", kind="partner")
    make_contact("Холов Ҷамшед")
    text = ask(client, "kind=partner").content.decode()
    made = Export.objects.get()

    assert ("Каримов Умар" in text, "Холов" in text, made.rows, made.rule) == (
        True,
        False,
        1,
        {"query": "kind=partner", "words": "Who: Partner"},
    )


@pytest.mark.parametrize("query", ["city=Нигде", "kind=nobody", "letters=x", "language=fr"])
def test_a_filter_that_no_longer_fits_takes_out_nobody(client, query):
    make_contact("Каримов Умар", city="Хорог")

    assert (client.get(f"/contacts/export/?{query}").context["count"], ask(client, query).status_code) == (0, 422)
    assert Export.objects.count() == 0


@pytest.mark.parametrize(("reason", "field"), [("", "reason"), ("  короткий  ", "reason"), ("\u200b" * 12, "reason")])
def test_without_a_reason_nothing_leaves(client, reason, field):
    make_contact("Каримов Умар")
    answer = ask(client, reason=reason)

    assert (answer.status_code, list(answer.context["form"].errors), Export.objects.count()) == (422, [field], 0)


def test_another_kind_of_file_is_refused(client):
    make_contact("Каримов Умар")

    assert (ask(client, format="pdf").status_code, Export.objects.count()) == (422, 0)


def test_over_the_limit_it_is_said_and_what_was_typed_is_kept(client, settings):
    settings.EXPORT_ROWS_PER_DAY = 3
    make_contact("Каримов Умар")
    make_contact("Холов Ҷамшед")
    first, second = ask(client), ask(client, "sort=-name", format="xlsx")

    form = second.context["form"]
    assert (
        first.status_code,
        second.status_code,
        form.non_field_errors(),
        [form[name].value() for name in ("reason", "format", "query")],
        Export.objects.count(),
    ) == (
        200,
        422,
        ["You may take out 1 more contact today. Narrow the filter, or come back tomorrow."],
        [REASON, "xlsx", "sort=-name"],
        1,
    )


def test_looking_at_the_form_writes_nothing(client):
    make_contact("Каримов Умар")
    client.get("/contacts/export/")
    client.head("/contacts/export/")

    assert Export.objects.count() == 0


# Exports so far


def test_who_reads_the_journal_sees_all_exports_and_others_their_own(client, confirmed):
    make_contact("Каримов Умар")
    mine, _content = export("csv")
    other, _content = export("csv", by=exporter("other@payom.test"))
    everybody = confirmed(somebody(Role.ADMINISTRATOR)).get("/contacts/exports/")
    own = client.get("/contacts/exports/")

    assert [list(page.context["object_list"]) for page in (everybody, own)] == [[other, mine], [mine]]
    assert (other.mark in own.content.decode(), other.mark in everybody.content.decode()) == (False, True)


def test_the_mark_of_a_file_leads_to_its_export(client):
    make_contact("Каримов Умар")
    made, _content = export("csv", reason="Для <b>партнёров</b>")
    export("csv")
    page = client.get("/contacts/exports/", {"q": made.mark.lower().replace("-", "")})

    assert (list(page.context["object_list"]), "Для &lt;b&gt;партнёров" in page.content.decode()) == ([made], True)


@pytest.mark.parametrize("exports", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_exports(confirmed, exports, django_assert_num_queries):
    make_contact("Каримов Умар")
    for number in range(exports):
        export("csv", by=exporter(f"e{number}@payom.test"))
    reader = confirmed(somebody(Role.ADMINISTRATOR))
    reader.get("/contacts/exports/")
    with django_assert_num_queries(5):
        reader.get("/contacts/exports/")


# The contact list


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "part"])
def test_the_list_leads_to_the_export_with_its_filter(client, headers):
    make_contact("Каримов Умар", kind="partner")

    assert (
        'href="/contacts/export/?kind=partner"'
        in client.get("/contacts/?kind=partner", headers=headers).content.decode()
    )


def test_who_lacks_the_right_is_told_why_and_where_to_look(client_of):
    make_contact("Каримов Умар")
    text = client_of(somebody(Role.EDITOR)).get("/contacts/").content.decode()

    assert ("/contacts/export/" in text, 'href="/people/roles/"' in text) == (False, True)
