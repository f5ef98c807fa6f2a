import pytest

from crm.importing import domains, emails
from crm.importing.remarks import Remark
from crm.importing.rows import Record


def record(address, organisation="", number=1):
    return Record(
        "СМИ", number, organisation=organisation, emails=[address], addresses=[emails.Address(address, "ok", address)]
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
