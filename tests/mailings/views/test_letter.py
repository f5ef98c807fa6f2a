"""The pages of what stands around a text: particulars, signatories, files, hotlines."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mailings import actions
from mailings.models import Attachment, Hotline, Mailing, Signatory
from tests.factories.letters import make_file, make_image, make_pdf, make_picture, make_signatory
from tests.factories.mailings import make_draft, make_reader, make_started, person
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    client = Client()
    client.force_login(person("author@payom.test"))
    return client


def official():
    mailing = make_draft()
    actions.describe(mailing, title="Письмо", kind="official", by=mailing.author)
    return mailing


def upload(desk, mailing, name="Доклад.pdf", data=None, *, use="file", alt="", language="ru"):
    file = SimpleUploadedFile(name, make_pdf() if data is None else data)
    return desk.post(f"/mailings/{mailing.pk}/files/{language}/", {"use": use, "file": file, "alt": alt})


def test_page_asks_for_what_the_kind_has(desk):
    statement, letter = make_draft(), official()
    pages = [desk.get(f"/mailings/{one.pk}/edit/").content.decode() for one in (statement, letter)]
    names = ["number", "is_urgent", "embargo_until", "addressee_ru", "about_ru", "organisation"]

    assert [[f'name="{name}"' in page for name in names] for page in pages] == [
        [True, True, True, False, False, True],
        [True, False, False, True, False, False],
    ]


def test_particulars_are_kept(desk):
    mailing = make_draft()
    sent = {"number": "3", "is_urgent": "on", "embargo_until": "2030-06-12T10:00"}
    desk.post(f"/mailings/{mailing.pk}/around/", sent)
    mailing.refresh_from_db()

    assert (mailing.number, mailing.is_urgent, mailing.embargo_until.isoformat()) == (
        3,
        True,
        "2030-06-12T05:00:00+00:00",
    )


def test_taken_number_is_said_with_the_next_free_one_and_stays_typed(desk):
    first, second = make_draft(), make_draft()
    desk.post(f"/mailings/{first.pk}/around/", {"number": "3"})
    answer = desk.post(f"/mailings/{second.pk}/around/", {"number": "3"})
    [error] = answer.context["particulars"].errors["number"]

    assert (answer.status_code, "4" in error, 'value="3"' in answer.content.decode()) == (422, True, True)


def test_dative_is_proposed_and_nothing_is_stored_before_somebody_looked_at_it(desk):
    mailing = official()
    typed = {"addressee_ru": "Министр юстиции\r\nКаримов Умар Саидович", "decline": "on"}
    answer = desk.post(f"/mailings/{mailing.pk}/around/", typed)
    page = answer.content.decode()

    assert (answer.status_code, mailing.frames.count()) == (422, 0)
    assert "Министру юстиции\nКаримову Умару Саидовичу" in page.replace("\r\n", "\n")
    assert 'name="decline" checked' not in page


def test_new_letter_of_a_kind_begins_with_the_words_of_the_last_one(desk):
    first, second = make_draft(), make_draft()
    for one in (first, second):
        actions.describe(one, title="Пресс-релиз", kind="press_release", by=one.author)
    actions.set_particulars(first, {}, {"ru": {"about": "Кто мы", "contact": "Зебо"}}, by=first.author)

    assert "Кто мы" in desk.get(f"/mailings/{second.pk}/edit/").content.decode()


def test_addressee_of_one_letter_is_not_proposed_for_another(desk):
    first, second = official(), official()
    actions.set_particulars(first, {}, {"ru": {"addressee": "Министру юстиции"}}, by=first.author)

    assert "Министру юстиции" not in desk.get(f"/mailings/{second.pk}/edit/").content.decode()


# Signatories


def test_signatory_is_added_agrees_and_goes(desk):
    mailing = make_draft()
    place = make_organisation("Центр «Паноҳ»", kind="member")
    desk.post(f"/mailings/{mailing.pk}/signatories/", {"organisation": place.pk})
    signatory = Signatory.objects.get()
    desk.post(f"/mailings/signatories/{signatory.pk}/agreed/", {"agreed_by": "Директор", "agreed_on": "2026-06-01"})
    agreed = Signatory.objects.get().agreed_by
    desk.post(f"/mailings/signatories/{signatory.pk}/agreed/", {"back": "1"})
    taken_back = Signatory.objects.get().has_agreed
    desk.post(f"/mailings/signatories/{signatory.pk}/remove/")

    assert (agreed, taken_back, Signatory.objects.count()) == ("Директор", False, 0)


def test_consent_without_a_day_is_refused_in_its_place(desk):
    signatory = make_signatory(make_draft())
    answer = desk.post(f"/mailings/signatories/{signatory.pk}/agreed/", {"agreed_by": "Директор", "agreed_on": ""})

    assert (
        answer.status_code,
        'value="Директор"' in answer.content.decode(),
        "details open" in answer.content.decode(),
    ) == (
        422,
        True,
        True,
    )


def test_restricted_organisation_is_not_offered_to_who_may_not_know_of_it(desk):
    mailing = make_draft()
    banned = make_organisation("Запрещённая", kind="member", restricted_on="2026-01-15")
    answer = desk.post(f"/mailings/{mailing.pk}/signatories/", {"organisation": banned.pk})

    assert (answer.status_code, "Запрещённая" in answer.content.decode(), Signatory.objects.count()) == (422, False, 0)


def test_logo_takes_the_place_of_another(desk, django_capture_on_commit_callbacks):
    signatory = make_signatory(make_draft())
    for colour in ("PNG", "PNG"):
        with django_capture_on_commit_callbacks(execute=True):
            file = SimpleUploadedFile("logo.png", make_image(colour))
            desk.post(f"/mailings/signatories/{signatory.pk}/logo/", {"file": file})

    assert [one.use for one in Attachment.objects.all()] == ["logo"]


# Files


def test_file_is_added_and_what_was_taken_out_is_said(desk):
    mailing = make_draft()
    answer = upload(desk, mailing, data=make_pdf(author="Zebo"))
    page = desk.get(answer.url).content.decode()
    stored = Attachment.objects.get()

    assert (stored.name, stored.stripped, "Zebo" in page, b"Zebo" in stored.content()) == (
        "Доклад.pdf",
        "authors",
        False,
        False,
    )


def test_picture_without_a_description_is_refused(desk):
    answer = upload(desk, make_draft(), "a.jpg", make_image(), use="picture")

    assert (answer.status_code, list(answer.context["file_form"].errors), Attachment.objects.count()) == (
        422,
        ["alt"],
        0,
    )


@pytest.mark.parametrize(("name", "data"), [("a.svg", b"<svg/>"), ("a.png", make_image("JPEG")), ("a.exe", b"MZ")])
def test_file_that_cannot_be_sent_is_refused_with_a_sentence(desk, name, data):
    answer = upload(desk, make_draft(), name, data)

    assert (answer.status_code, list(answer.context["file_form"].errors), Attachment.objects.count()) == (
        422,
        ["file"],
        0,
    )


def test_part_of_the_page_is_given_to_a_page_that_shows_it(desk):
    answer = desk.get(f"/mailings/{make_draft().pk}/files/ru/", headers={"HX-Request": "true"})

    assert [template.name for template in answer.templates][0] == "mailings/_attachments.html"


def test_picture_is_shown_and_a_file_is_kept(desk):
    mailing = make_draft()
    answers = [desk.get(f"/mailings/files/{one.pk}/") for one in (make_picture(mailing), make_file(mailing))]

    assert [
        (one.headers["Content-Disposition"].partition(";")[0], one.headers["X-Content-Type-Options"]) for one in answers
    ] == [("inline", "nosniff"), ("attachment", "nosniff")]


def test_file_is_described_and_removed(desk):
    picture = make_picture(make_draft())
    desk.post(f"/mailings/files/{picture.pk}/describe/", {"alt": "Зал заседаний"})
    described = Attachment.objects.get().alt
    desk.post(f"/mailings/files/{picture.pk}/remove/")

    assert (described, Attachment.objects.count()) == ("Зал заседаний", 0)


def test_files_of_a_sent_mailing_stay(desk):
    make_reader()
    mailing = make_draft()
    picture = make_picture(mailing)
    actions.submit(mailing, by=mailing.author)
    actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    actions.start(mailing, by=mailing.author)
    desk.post(f"/mailings/files/{picture.pk}/remove/")
    upload(desk, mailing)

    assert list(Attachment.objects.values_list("pk", flat=True)) == [picture.pk]


def test_list_of_files_asks_the_same_for_three_as_for_one(desk, django_assert_num_queries):
    mailing = make_draft()
    make_file(mailing)
    desk.get(f"/mailings/{mailing.pk}/files/ru/")
    with django_assert_num_queries(6) as counted:
        desk.get(f"/mailings/{mailing.pk}/files/ru/")
    make_file(mailing), make_picture(mailing)

    with django_assert_num_queries(len(counted)):
        desk.get(f"/mailings/{mailing.pk}/files/ru/")


# Hotlines


def test_hotlines_are_kept(desk):
    answer = desk.post("/mailings/hotlines/", {"any_ru": "+992 93 000 00 00", "sughd_ru": "Худжанд"})

    assert (answer.status_code, list(Hotline.objects.order_by("region").values_list("region", "language", "text"))) == (
        302,
        [("", "ru", "+992 93 000 00 00"), ("sughd", "ru", "Худжанд")],
    )


@pytest.mark.parametrize("typed", [{"sughd_ru": "Худжанд"}, {"any_ru": "{имя}"}, {"any_ru": "<b>1</b>"}])
def test_hotline_that_no_letter_could_show_is_refused(desk, typed):
    answer = desk.post("/mailings/hotlines/", typed)

    assert (
        answer.status_code,
        Hotline.objects.count(),
        next(iter(typed.values())) in answer.context["form"].data.values(),
    ) == (
        422,
        0,
        True,
    )


@pytest.mark.parametrize("path", ["/mailings/hotlines/", "/mailings/1/files/ru/", "/mailings/1/edit/"])
def test_viewer_changes_nothing_of_a_letter(path):
    client = Client()
    viewer = person("viewer@payom.test")
    viewer.role = "viewer"
    viewer.save()
    client.force_login(viewer)

    assert client.get(path).status_code == 403


def test_preview_shows_the_pictures_of_the_text(desk):
    mailing = make_draft()
    picture = make_picture(mailing)
    version = mailing.versions.get()
    version.body += f'<p><img data-attachment="{picture.pk}" alt="Зал"></p>'
    version.save()
    answer = desk.get(f"/mailings/{mailing.pk}/preview/ru/")

    assert (
        "data:image/jpeg;base64," in answer.content.decode(),
        "data:" in answer.headers["Content-Security-Policy"],
    ) == (
        True,
        True,
    )


def test_sent_mailing_has_no_form_any_more(desk):
    make_reader()

    assert desk.get(f"/mailings/{make_started().pk}/files/ru/").status_code == 302
    assert Mailing.objects.get().kind == "statement"
