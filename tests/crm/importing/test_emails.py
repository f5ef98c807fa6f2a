import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import addresses
from crm.importing import emails
from crm.importing.remarks import Remark

LOCAL = st.from_regex(r"[a-z][a-z0-9_]{0,8}(?:\.[a-z0-9]{1,6})?", fullmatch=True)
DOMAIN = st.from_regex(r"[a-z][a-z0-9]{1,8}(?:-[a-z0-9]{1,4})?\.(?:test|tj|ru|com)", fullmatch=True)
ADDRESS = st.builds("{}@{}".format, LOCAL, DOMAIN)
SEPARATOR = st.sampled_from(["; ", ";", ", ", ",", "\n", " / ", "/", " или ", " ё ", "   ", " | ", ";\n"])


@given(st.lists(ADDRESS, min_size=1, max_size=4, unique=True), SEPARATOR)
def test_several_addresses_are_read_in_order_whatever_divides_them(typed, separator):
    assert emails.read(separator.join(typed)).addresses == typed


@given(st.text(alphabet='abя@.,; \n/«»()-1<>"', max_size=40))
def test_no_text_with_an_at_sign_is_lost(cell):
    found = emails.read(cell)
    kept = "".join([*found.addresses, *found.unread])

    assert ("@" not in cell) or ("@" in kept)


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(cell):
    assert isinstance(emails.read(cell), emails.Emails)


# No word here is a label («почта»), a placeholder («нет») or a separator («или»).
WORDS = st.sampled_from(["через", "секретаря", "Зарины", "только", "утром", "звонить", "ҳар", "рӯз", "after", "six"])


@given(st.lists(WORDS | ADDRESS, min_size=1, max_size=8), SEPARATOR)
def test_words_between_addresses_stay_in_order(pieces, separator):
    found = emails.read(separator.join(pieces))

    assert " ".join(found.unread).split() == [piece for piece in pieces if "@" not in piece]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("zarina @ navid.test", "zarina@navid.test"),
        ("zarina@ navid.test", "zarina@navid.test"),
        ("mailto:zarina@navid.test", "zarina@navid.test"),
        ("Зарина <zarina@navid.test>", "zarina@navid.test"),
        ("e-mail: zarina@navid.test", "zarina@navid.test"),
        ("e-mail:zarina@navid.test", "zarina@navid.test"),
        ("zarina@@navid.test", "zarina@navid.test"),
        ("zarina@navid..test", "zarina@navid.test"),
        ("zarina@navid,test", "zarina@navid.test"),
        ("zarina@navid.test.", "zarina@navid.test"),
        ("zаrina@navid.test", "zarina@navid.test"),
        ('яфкштф"тфмшвюеуые', "zarina@navid.test"),
        ("info@почта.test", "info@xn--80a1acny.test"),
        ("a.or@navid.test", "a.or@navid.test"),
    ],
)
def test_certain_mistakes_are_repaired(typed, address):
    found = emails.read(typed)

    assert (found.addresses, found.unread) == ([address], [])


@pytest.mark.parametrize("typed", ["-", "—", "нет", "уточнить", "?", "б/п", "н/а", ""])
def test_a_placeholder_is_no_address_and_no_remark(typed):
    assert emails.read(typed) == emails.Emails()


def test_two_addresses_glued_together_are_not_guessed_apart():
    glued = "office@unicef.testparvina@mail.test"

    assert emails.read(glued) == emails.Emails([], [glued], [Remark("bad-email", glued)])


def test_words_beside_an_address_are_left_over():
    assert emails.read("zarina@navid.test, через секретаря").unread == ["через секретаря"]


def test_a_mistyped_domain_is_told_and_not_changed():
    found = emails.read("zarina@gmial.com")

    assert (found.addresses, found.remarks) == (["zarina@gmial.com"], [Remark("odd-email", "zarina@gmial.com")])


def test_the_same_address_twice_is_read_once():
    assert emails.read("Zarina@navid.test; zarina@NAVID.test").addresses == ["Zarina@navid.test"]


def test_a_cell_with_both_kinds_of_contact_is_taken_apart():
    assert emails.apart("тел.: 93 000 11 22, 221-00-14\nэл. почта: a@navid.test") == (
        "эл. почта: a@navid.test",
        "тел.: 93 000 11 22, 221-00-14",
    )


def test_both_kinds_of_contact_in_one_line_are_taken_apart():
    mail, rest = emails.apart("93 000 11 22, a@navid.test")

    assert (emails.read(mail).addresses, rest.strip()) == (["a@navid.test"], "93 000 11 22,")


def test_a_line_that_says_e_mail_is_no_telephone():
    assert emails.apart("тел.: 93 000 11 22\nэл. почта: нет") == ("эл. почта: нет", "тел.: 93 000 11 22")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zebo@gmial.com", "zebo@gmail.com"),
        ("Zebo@GMAL.com", "Zebo@gmail.com"),
        ("zebo@mail.ru.com", "zebo@mail.ru"),
        ("zebo@gmai1.com", "zebo@gmail.com"),
        ("zebo@0utlook.com", "zebo@outlook.com"),
        ("zebo@gmaul.com", "zebo@gmail.com"),
        ("zebo@yandwx.ru", "zebo@yandex.ru"),
        ("zebo@gmaxl.com", ""),
        ("zebo@fmail.com", ""),
        ("zebo@nail.ru", ""),
        ("zebo@gmail.com", ""),
        ("zebo@navid.test", ""),
    ],
)
def test_what_was_probably_meant_is_offered(typed, meant):
    assert emails.likely(typed) == meant


def classes(cell):
    return [(one.status, one.address, one.is_certain) for one in emails.read(cell).judged]


@pytest.mark.parametrize(
    "typed",
    [
        "zarina@navid.test",
        "Zarina@NAVID.test",
        "mailto:zarina@navid.test",
        "Зарина <zarina@navid.test>",
        "<z@navid.test>",
        "zarina@navid.test.;",
        "zarina@navid.test.,; ",
    ],
)
def test_an_address_that_is_right_as_typed_is_ok(typed):
    assert [one[0] for one in classes(typed)] == ["ok"]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("zarina@navid.tset", "zarina@navid.test"),
        ("zarina@example.con", "zarina@example.com"),
        ("zarina@example.ogr", "zarina@example.org"),
        ("zarina@example.ent", "zarina@example.net"),
        ("zarina@gmail.con", "zarina@gmail.com"),
        ("zarina@navid.test.", "zarina@navid.test"),
        ("zarina@navid,test", "zarina@navid.test"),
        ("zarina @navid.test", "zarina@navid.test"),
        ("zarina@@navid.test", "zarina@navid.test"),
        ("zarina@navid..test", "zarina@navid.test"),
        ("zаrina@navid.test", "zarina@navid.test"),
        ('яфкштф"тфмшвюеуые', "zarina@navid.test"),
    ],
)
def test_what_is_certain_is_repaired_and_said(typed, address):
    found = emails.read(typed)

    assert (classes(typed), found.addresses) == ([("fixable", address, True)], [address])
    assert [remark.code for remark in found.remarks] == ["repaired-email"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("z@gmial.test", "z@gmail.test"),
        ("z@yadnex.test", "z@yandex.test"),
        ("z@inbbox.test", "z@inbox.test"),
        ("z@gamil.com", "z@gmail.com"),
    ],
)
def test_what_is_only_likely_is_offered_and_not_taken(typed, meant):
    assert (classes(typed), emails.read(typed).addresses) == ([("fixable", meant, False)], [typed])


@pytest.mark.parametrize("typed", ["z@gmail.test", "z@ymail.com", "z@email.test", "z@navid.test"])
def test_a_domain_that_is_only_like_a_service_is_no_mistake(typed):
    assert classes(typed) == [("ok", typed, True)]


@pytest.mark.parametrize("typed", ["zarina.rahimova.navid.test", "zarina@", "@navid.test", "zarina@navid"])
def test_what_was_meant_as_an_address_and_is_none_is_invalid(typed):
    assert (classes(typed), emails.read(typed).unread) == ([("invalid", "", True)], [typed])


@pytest.mark.parametrize("typed", ["нет", "-", "уточнить", "б/п", "?", "через секретаря"])
def test_words_in_place_of_an_address_are_a_placeholder(typed):
    assert [(one.typed, one.status) for one in emails.read(typed).judged] == [(typed, "placeholder")]


@pytest.mark.parametrize(
    ("glued", "parts"),
    [
        ("office@unicef.testparvina@mail.test", ["office@unicef.test", "parvina@mail.test"]),
        ("a@example.comb@example.org", ["a@example.com", "b@example.org"]),
        ("a@navid.test.rustam@mail.test", ["a@navid.test", "rustam@mail.test"]),
        ("a@navid.com.tj.rustam@mail.test", ["a@navid.com.tj", "rustam@mail.test"]),
    ],
)
def test_two_addresses_without_anything_between_are_offered_apart(glued, parts):
    assert (classes(glued), emails.read(glued).addresses) == ([("fixable", part, False) for part in parts], [])


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("Salimov2115616 <salimov2115616@gmail.test>", "salimov2115616@gmail.test"),
        ("qurbonzoda7925660 @gmail.test", "qurbonzoda7925660@gmail.test"),
    ],
)
def test_digits_of_an_address_are_no_telephone(line, address):
    mail, rest = emails.apart(line)

    assert (emails.read(mail).addresses, rest.strip()) == ([address], "")


def test_a_dot_before_what_divides_two_addresses_is_a_mistake_of_the_first():
    assert classes("z@navid.test.; u@navid.test") == [("fixable", "z@navid.test", True), ("ok", "u@navid.test", True)]


def test_an_address_typed_on_russian_keys_is_no_telephone():
    assert emails.apart('93 000 11 22\nрфнвфкщм3188"ьфшдюеуые') == ('рфнвфкщм3188"ьфшдюеуые', "93 000 11 22")


def test_a_line_with_an_address_that_lost_its_sign_is_no_telephone():
    assert emails.apart("93 000 11 22\nzarina7151.gmail.test") == ("zarina7151.gmail.test", "93 000 11 22")


@given(ADDRESS)
def test_a_right_address_is_never_doubted(address):
    (one,) = emails.read(address).judged

    assert one.status == "ok" or emails.likely(address)


@given(st.from_regex(r"[a-zA-Z0-9_+.-]{1,12}@[a-zA-Z0-9.-]{1,12}[.](test|com|ru)", fullmatch=True))
def test_the_short_way_reads_an_address_as_all_the_rules_do(typed):
    try:
        address = addresses.parse(typed).address
    except addresses.NotAnAddress:
        address = ""

    assert [parsed.address if (parsed := emails._parsed(typed)) else ""] == [address]
