import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.importing import domains, emails
from crm.importing.remarks import Remark
from crm.importing.rows import Record


def record(address, organisation="", number=1, name=""):
    return Record(
        "СМИ",
        number,
        name,
        organisation=organisation,
        emails=[address],
        addresses=[emails.Address(address, "ok", address)],
    )


def people(domain, count, organisation=""):
    """So many people with a mailbox at one domain, each at an organisation of their own unless it is named."""
    return [record(f"a{at}@{domain}", organisation or f"Редакция {at}") for at in range(count)]


def judged(doubtful, *others):
    domains.judge([doubtful, *(one for group in others for one in group)])
    return [(one.status, one.address, one.is_certain) for one in doubtful.addresses]


def test_a_slip_from_a_common_mail_service_is_offered_right():
    assert judged(record("z@tojikn-et.test"), people("tojik-net.test", 9)) == [("fixable", "z@tojik-net.test", False)]


def test_a_slip_from_an_outlet_s_domain_is_suspicious():
    others = people("navid.test", 4, organisation="Навид")

    assert judged(record("z@nvaid.test"), others) == [("suspicious", "z@navid.test", False)]


@pytest.mark.parametrize("domain", ["navid2.test", "navod.test", "navid.tj", "dinav.test", "navid.test"])
def test_another_domain_is_no_slip(domain):
    assert judged(record(f"z@{domain}"), people("navid.test", 9)) == [("ok", f"z@{domain}", True)]


def test_numbers_tell_domains_apart():
    assert judged(record("z@radio12.test"), people("radio21.test", 9)) == [("ok", "z@radio12.test", True)]


def test_two_rare_domains_say_nothing_of_each_other():
    assert judged(record("z@nvaid.test"), people("navid.test", 2)) == [("ok", "z@nvaid.test", True)]


def test_at_one_organisation_less_is_enough():
    others = people("navid.test", 2, organisation="Навид")

    assert judged(record("z@nvaid.test", "Навид"), others) == [("suspicious", "z@navid.test", False)]


def test_at_one_organisation_one_in_ten_may_be_mistyped_in_one_way():
    others = [*people("mid.test", 30, organisation="МИД"), *people("imd.test", 2, organisation="МИД")]

    assert judged(record("z@imd.test", "МИД"), others) == [("suspicious", "z@mid.test", False)]


def test_a_digit_for_the_letter_it_looks_like_is_doubtful():
    assert judged(record("z@asia-p1us.test"), people("asia-plus.test", 4)) == [
        ("suspicious", "z@asia-plus.test", False)
    ]


WORDS = [f"{word}-{end}.test" for word in ("furug", "navid", "paygom") for end in ("dushanbe-tv", "media", "press")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hamsoya-udshanbe-tv.test", ""),
        ("furug-udshanbe.test", "furug-dushanbe.test"),
        ("furug-dushanbet-v.test", "furug-dushanbe-tv.test"),
        ("navi-dpress.test", "navid-press.test"),
        ("paygom-dushanbe.test", ""),
        ("navid-presss.test", ""),
    ],
)
def test_words_of_other_domains_tell_what_two_turned_letters_meant(typed, meant):
    known = people("hamsoya.test", 1) + [one for domain in WORDS for one in people(domain, 1)]
    others = [*known, *(one for number in range(3) for one in people(f"dushanbe-{number}.test", 1))]
    doubtful = record(f"z@{typed}")
    domains.judge([doubtful, *others])
    expected = meant or typed.replace("udshanbe", "dushanbe")

    assert [one.address for one in doubtful.addresses] == [f"z@{expected}"]


@pytest.mark.parametrize(
    ("organisation", "typed", "meant"),
    [
        ("ТВ «Фуруг Душанбе»", "furug-udshanbe.test", "furug-dushanbe.test"),
        ("БҶ «Оинаи шаҳр»", "oinia-shahr.test", "oinai-shahr.test"),
        ("ТВ «Фуруг Душанбе»", "furug-dushanbe.test", ""),
        ("газета «Навид»", "udshanbe.test", ""),
    ],
)
def test_the_name_of_the_organisation_tells_how_its_domain_is_spelled(organisation, typed, meant):
    status = "suspicious" if meant else "ok"

    assert judged(record(f"z@{typed}", organisation)) == [(status, f"z@{meant or typed}", not meant)]


@given(st.from_regex(r"[a-z]{2,6}(-[a-z]{2,6}){0,2}[.]test", fullmatch=True))
def test_a_domain_that_many_have_is_never_doubted(domain):
    rows = people(domain, 12, organisation="ТВ «Фуруг Душанбе»")
    domains.judge(rows)

    assert {one.status for row in rows for one in row.addresses} == {"ok"}


def test_whoever_has_the_same_mailbox_a_slip_away_mistyped_one_of_them():
    doubtful = record("a.karimov@fond-156.test", name="Karimov Ali")
    others = [record("a.karimov@fond-165.test", name="Каримов Али") for _row in range(2)]
    domains.judge([doubtful, *others, *people("fond-156.test", 9), *people("fond-165.test", 9)])

    assert [one.address for row in (doubtful, *others) for one in row.addresses] == ["a.karimov@fond-165.test"] * 3
    assert doubtful.addresses[0].is_certain is False


def test_mailboxes_of_two_people_are_not_one_that_slipped():
    doubtful = record("info@fond-156.test", name="Каримов Али")
    others = [record("info@fond-165.test", name="Назаров Умар") for _row in range(2)]
    domains.judge([doubtful, *others])

    assert [(one.status, one.address) for one in doubtful.addresses] == [("ok", "info@fond-156.test")]


@pytest.mark.parametrize(
    ("rows", "home"),
    [
        ([("a@navid.test", "газета «Навид»"), ("b@navid.test", 'Газета "Навид"')], {"navid.test": "газета «Навид»"}),
        ([("a@navid.test", "газета «Навид»")], {}),
        ([("a@navid.test", "газета «Навид»"), ("b@navid.test", "Минюст")], {}),
        ([("a@navid.test", ""), ("b@navid.test", "")], {}),
        ([("a@gmail.com", "газета «Навид»"), ("b@gmail.com", "газета «Навид»")], {}),
    ],
)
def test_a_domain_is_of_the_organisation_that_all_rows_name(rows, home):
    assert domains.homes([record(*row) for row in rows]) == home


def test_the_address_stays_as_it_was_typed_and_the_other_is_proposed():
    doubtful = record("z@nvaid.test", number=7)
    domains.judge([doubtful, *people("navid.test", 9, organisation="Навид")])
    (proposal,) = doubtful.proposals

    assert (doubtful.emails, doubtful.remarks) == (["z@nvaid.test"], [Remark("odd-email", "z@nvaid.test")])
    assert (proposal.kind, proposal.value, proposal.quote, proposal.row) == (
        "spelling",
        "z@navid.test",
        "z@nvaid.test",
        7,
    )
