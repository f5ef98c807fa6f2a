"""Writing a letter in a real browser: typing, pasting, saving by itself, two people, and what leaves in the end."""

import re
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import expect

from mailings import actions
from mailings.bodies import pieces
from mailings.models import Mailing, MailingVersion, Revision, TestLetter
from mailings.parity import compare, facts
from mailings.pipeline import preview
from mailings.pipeline.transport import as_bytes
from tests.factories.mailings import make_approved, make_draft, make_reader, person
from tests.mailings.bodies.test_clipboard import WORD
from tests.texts import LANGUAGES, NAMES, read

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTE = """(html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  const box = document.querySelector(".tiptap");
  box.focus();
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def mailing(author):
    return make_draft("")


def open_text(page, mailing, language="ru"):
    page.goto(f"/mailings/{mailing.pk}/text/{language}/")
    expect(page.locator("[data-tools]")).to_be_visible()


def paste(page, html):
    page.evaluate(PASTE, html)


def stored(language="ru"):
    return MailingVersion.objects.get(language=language)


def words_of(body):
    return [piece.text for piece in pieces(body) if piece.text]


def saved_by_itself(page):
    expect(page.locator("[data-saved-mark]")).to_be_visible()


@pytest.mark.parametrize("name", NAMES)
def test_each_kind_of_letter_is_written_saved_and_arrives_as_it_was_written(open_browser, author, mailing, name):
    page, texts = open_browser(author), read(name)
    for language in LANGUAGES:
        subject, preheader, body = texts[language]
        open_text(page, mailing, language)
        page.locator("[name=subject]").fill(subject)
        page.locator("[name=preheader]").fill(preheader)
        paste(page, body)
        page.locator("button[form=text][aria-label]").click()
        expect(page.locator(".toast")).to_be_visible()

    for language in LANGUAGES:
        subject, preheader, body = texts[language]
        version = stored(language)
        assert (version.subject, version.preheader, words_of(version.body)) == (subject, preheader, words_of(body))
        assert arrived(version) == said(version)
    read_back = {language: facts(language, texts[language][0], stored(language).body) for language in LANGUAGES}
    assert [compare(read_back["ru"], read_back[language]) for language in ("tg", "en")] == [[], []]


def arrived(version):
    """The subject, and the words of the text part and of the HTML part, decoded from the bytes that leave."""
    message = message_from_bytes(as_bytes(preview.sample(version)), policy=policy.default)
    text = message.get_body(("plain",)).get_content()
    html = re.sub(r"<[^>]*>", "", message.get_body(("html",)).get_content())
    lines = said(version)[1]
    return [
        message["Subject"].strip(),
        *([line for line in lines if squeezed(line) in squeezed(part)] for part in (text, html)),
    ]


def said(version):
    values = preview.sample(version)
    # Merge fields are filled, and the text part says behind a link where it leads.
    lines = [piece.text for piece in pieces(version.body) if piece.text and not re.search(r"\{|<a ", piece.html)]
    return [values.subject, lines, lines]


def squeezed(text):
    """Blanks, and how an editor of HTML writes a sign, are nothing a reader sees."""
    return re.sub(r"\W+", "", text.replace("&amp;", "&").replace("&#x27;", "'").replace("&nbsp;", " "))


def test_what_a_word_processor_adds_does_not_get_in(open_browser, author, mailing):
    page = open_browser(author)
    open_text(page, mailing)
    page.locator("[name=subject]").fill("Из Word")
    paste(page, WORD)
    saved_by_itself(page)

    assert [word for word in ("mso", "style", "class", "font", "o:p", "Документ1") if word in stored().body] == []
    assert words_of(stored().body)[:2] == ["Право на адвоката", "Первые часы после задержания."]


def test_what_is_typed_is_saved_and_shown_without_a_press(open_browser, author, mailing):
    page = open_browser(author)
    open_text(page, mailing)
    page.locator("[name=subject]").fill("Тема")
    page.locator(".tiptap").click()
    page.keyboard.type("Слова, которых никто не сохранял.")
    saved_by_itself(page)

    assert stored().body == "<p>Слова, которых никто не сохранял.</p>"
    expect(page.frame_locator("iframe[name=letter]").first.get_by_text("никто не сохранял")).to_be_visible()


def test_the_bar_formats_by_keyboard_and_by_press(open_browser, author, mailing):
    page = open_browser(author)
    open_text(page, mailing)
    page.locator(".tiptap").click()
    page.locator("[data-do=heading][data-level='2']").click()
    page.keyboard.type("Заголовок")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    page.keyboard.type("важно")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    page.locator("[data-do=bulletList]").click()
    page.keyboard.type("раз")
    page.keyboard.press("Enter")
    page.keyboard.type("два")
    saved_by_itself(page)

    assert stored().body == (
        "<h2>Заголовок</h2><p><strong>важно</strong></p><ul><li><p>раз</p></li><li><p>два</p></li></ul>"
    )


def test_a_field_goes_in_from_the_menu(open_browser, author, mailing):
    page = open_browser(author)
    open_text(page, mailing, "tg")
    page.locator(".tiptap").click()
    page.keyboard.type("Салом, ")
    page.locator("[popovertarget=fields-menu]").click()
    page.locator("[data-insert='{ном|ҳамкорон}']").click()
    saved_by_itself(page)

    assert stored("tg").body == "<p>Салом, {ном|ҳамкорон}</p>"


def test_a_link_is_set_in_its_dialog(open_browser, author, mailing):
    page = open_browser(author)
    open_text(page, mailing)
    page.locator(".tiptap").click()
    page.keyboard.type("отчёт")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    page.locator("#link-address").fill("example.org/report")
    page.keyboard.press("Enter")
    saved_by_itself(page)

    assert stored().body == '<p><a href="https://example.org/report">отчёт</a></p>'


def test_a_misspelt_field_is_told_while_writing_and_the_text_stays(open_browser, author, mailing):
    page = open_browser(author)
    open_text(page, mailing)
    page.locator(".tiptap").click()
    page.keyboard.type("Здравствуйте, {имяя|коллеги}!")

    expect(page.locator(".saved--bad")).to_contain_text("{имя|коллеги}")
    expect(page.locator(".tiptap")).to_contain_text("{имяя|коллеги}")
    page.complaints[:] = [one for one in page.complaints if "422" not in one]


def test_two_people_in_one_text_see_each_other_and_lose_nothing(open_browser, author, mailing):
    words = {"subject": "Тема", "preheader": "", "body": "<p>первый</p><p>второй</p>"}
    actions.save_version(mailing, "ru", words=words, revision=0, by=author)
    mine, theirs = open_browser(author), open_browser(person("colleague@payom.test"))
    open_text(mine, mailing)
    open_text(theirs, mailing)
    mine.locator(".tiptap p").nth(0).click()
    mine.keyboard.press("End")
    mine.keyboard.type(" мой")
    expect(mine.locator("[data-saved-mark]")).to_be_visible()
    wait_until_stored("первый мой", mine)
    theirs.locator(".tiptap p").nth(1).click()
    theirs.keyboard.press("End")
    theirs.keyboard.type(" твой")

    expect(theirs.locator(".tiptap p").nth(0)).to_have_text("первый мой")
    assert stored().body == "<p>первый мой</p><p>второй твой</p>"
    mine.reload()
    expect(mine.locator("[data-presence-row] .avatar")).to_have_count(1)


def wait_until_stored(words, page):
    """The mark is there from the start; the request is over when the row says so."""
    for _try in range(100):
        if words in stored().body:
            return
        page.wait_for_timeout(100)
    raise AssertionError(stored().body)


def test_one_place_changed_by_two_shows_both(open_browser, author, mailing):
    actions.save_version(
        mailing, "ru", words={"subject": "Тема", "preheader": "", "body": "<p>а</p>"}, revision=0, by=author
    )
    page = open_browser(author)
    open_text(page, mailing)
    other = person("colleague@payom.test")
    actions.save_version(
        Mailing.objects.get(),
        "ru",
        words={"subject": "Тема", "preheader": "", "body": "<p>чужое</p>"},
        revision=1,
        by=other,
    )
    page.locator(".tiptap").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("моё")
    expect(page.locator(".saved--bad")).to_be_visible()
    page.locator("button[form=text][aria-label]").click()

    expect(page.locator("#text")).to_contain_text("чужое")
    expect(page.locator(".tiptap")).to_have_text("моё")
    assert stored().body == "<p>чужое</p>"
    page.complaints[:] = [one for one in page.complaints if "409" not in one and "422" not in one]


def test_when_the_line_is_down_the_text_is_kept_and_offered(open_browser, author, mailing):
    page = open_browser(author)
    open_text(page, mailing)
    page.route("**/autosave/", lambda route: route.abort())
    page.locator(".tiptap").click()
    page.keyboard.type("Пропасть не должно")
    expect(page.locator(".saved--bad")).to_be_visible()
    page.reload()
    page.unroute("**/autosave/")
    page.locator("[data-kept-take]").click()

    expect(page.locator(".tiptap")).to_have_text("Пропасть не должно")
    wait_until_written(page)
    assert stored().body == "<p>Пропасть не должно</p>"
    page.complaints[:] = [one for one in page.complaints if "ERR_FAILED" not in one]


def wait_until_written(page):
    saved_by_itself(page)
    expect(page.locator("[data-kept]")).to_be_hidden()


def test_an_approved_text_is_not_saved_by_itself(open_browser, author):
    make_reader()
    mailing = make_approved()
    page = open_browser(author)
    open_text(page, mailing)
    page.locator(".tiptap").click()
    page.keyboard.type("правка")
    page.locator("[data-refresh] button").click()

    expect(page.frame_locator("iframe[name=letter]").get_by_text("правка")).to_be_visible()
    assert (Mailing.objects.get().status, Revision.objects.count()) == ("approved", 1)


def test_a_letter_is_written_without_script(open_browser, author, mailing):
    page = open_browser(author, script=False)
    page.goto(f"/mailings/{mailing.pk}/text/ru/")
    page.locator("[name=subject]").fill("Тема")
    page.locator("[name=body]").fill("<p>Без <b>скрипта</b></p>")
    page.locator("button[form=text][aria-label]").click()

    assert stored().body == "<p>Без <strong>скрипта</strong></p>"


def test_a_test_letter_is_asked_for_from_the_page(open_browser, author):
    page = open_browser(author)
    open_text(page, make_draft("ru"))
    page.locator("[popovertarget=test-letter]").first.click()
    page.locator("#test-letter .btn--primary").click()
    expect(page.locator(".toast")).to_be_visible()

    assert [row.recipient for row in TestLetter.objects.all()] == [author]


def test_the_editor_keeps_a_picture_with_its_description(open_browser, author, mailing):
    body = '<p>до</p><img data-attachment="7" alt="Схема"><p>после</p>'
    words = {"subject": "Тема", "preheader": "", "body": body}
    actions.save_version(mailing, "ru", words=words, revision=0, by=author)
    page = open_browser(author)
    open_text(page, mailing)
    expect(page.locator(".editor__picture")).to_have_text("Схема")
    page.locator(".tiptap p").last.click()
    page.keyboard.press("End")
    page.keyboard.type("!")
    wait_until_stored("после!", page)

    assert stored().body == body.replace("после", "после!")


def test_fields_are_seen_in_the_text(open_browser, author):
    page = open_browser(author)
    open_text(page, make_draft("ru"))

    expect(page.locator(".editor__field")).to_have_text("{имя|коллеги}")
