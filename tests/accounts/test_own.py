import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db


def sign_in(email, password="a-long-password"):
    return Client().post("/sign-in/", {"login": email, "password": password})


def test_person_signs_in_by_address_in_any_case(author):
    assert sign_in("Author@PAYOM.test").headers["Location"] == "/"


def test_wrong_password_and_unknown_address_get_the_same_answer(author):
    def errors(answer):
        return answer.context["form"].non_field_errors()

    assert errors(sign_in("author@payom.test", "wrong")) == errors(sign_in("nobody@payom.test", "wrong"))


def test_address_is_kept_after_a_wrong_password(author):
    assert sign_in("author@payom.test", "wrong").context["form"]["login"].value() == "author@payom.test"


def test_person_who_left_cannot_sign_in(author):
    User.objects.update(is_active=False)

    assert sign_in("author@payom.test").status_code == 200


def test_signing_out_takes_a_post(author, client_of):
    client = client_of(author)

    assert (client.get("/sign-out/").status_code, client.post("/sign-out/").status_code) == (405, 302)


@pytest.mark.parametrize(("language", "word"), [("ru", "Контакты"), ("tg", "Тамосҳо"), ("en", "Contacts")])
def test_interface_speaks_the_chosen_language(author, client_of, language, word):
    client = client_of(author)
    client.post("/settings/", {"name": author.name, "job_title": "", "language": language, "theme": "dark"})

    page = client.get("/contacts/").content.decode()
    assert (f'<html lang="{language}" data-theme="dark">' in page, f"<h1>{word}</h1>" in page) == (True, True)


def test_settings_give_no_power(author, client_of):
    chosen = {"name": "Я", "job_title": "", "language": "ru", "theme": "light"}
    client_of(author).post("/settings/", chosen | {"role": "head", "is_active": "", "email": "x@evil.test"})

    author.refresh_from_db()
    assert (author.role, author.is_active, author.email) == ("editor", True, "author@payom.test")


def test_bad_settings_are_said_and_kept(author, client_of):
    answer = client_of(author).post("/settings/", {"name": "", "language": "xx", "theme": "light"})

    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["language", "name"])


def test_empty_fields_say_what_to_type(author, client_of):
    author.language = "en"
    author.save()
    answer = client_of(author).post("/settings/", {"name": "", "language": "", "theme": ""})

    assert answer.context["form"].errors == {
        "name": ["Type the name and surname."],
        "language": ["Choose a language."],
        "theme": ["Choose how the desk looks."],
    }
