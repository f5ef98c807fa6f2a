import pytest

from core.addresses import NotAnAddress, codes_alone, key, mask, parse, unquoted


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("zarina@navid.test", "zarina@navid.test"),
        ("mailto:Zarina@Navid.test.", "Zarina@navid.test"),
        ("<info@navid.test>,", "info@navid.test"),
        ("info @ navid.test", "info@navid.test"),
        ("zаrina@navid.test", "zarina@navid.test"),
        ("zarina@gmail.con", "zarina@gmail.com"),
    ],
)
def test_parse_reads_and_repairs_what_is_certain(typed, address):
    assert parse(typed).address == address


def test_parse_says_that_it_repaired():
    assert [parse("a@b.test").repaired, parse("a@b.test.").repaired] == [False, True]


@pytest.mark.parametrize(
    "typed", ["", "нет", "-", "zarina@", "@navid.test", "a@b@c.test", "a b@c.test", "зарина@navid.test"]
)
def test_parse_refuses_what_is_no_address(typed):
    with pytest.raises(NotAnAddress):
        parse(typed)


def test_key_is_the_same_for_any_case():
    assert key("Info@Navid.TEST") == key("info@navid.test")


@pytest.mark.parametrize(
    ("address", "masked"), [("subhi@chashma.test", "s•••i@chashma.test"), ("ab@c.test", "a•••@c.test")]
)
def test_mask_hides_the_middle(address, masked):
    assert mask(address) == masked


def test_parse_leaves_a_cyrillic_domain_as_it_is():
    assert parse("info@почта.test").address == "info@xn--80a1acny.test"


@pytest.mark.parametrize(
    ("reply", "codes", "words"),
    [
        ("550 5.1.1 <a@b.tj>: no such user", "550 5.1.1", "550 5.1.1 ••• no such user"),
        ("5.2.2 mailbox of a@b.tj is full", "5.2.2", "5.2.2 mailbox of ••• is full"),
        ("451-4.7.1 later", "451", "451-4.7.1 later"),
        ("No such user", "", "No such user"),
        ("", "", ""),
    ],
)
def test_a_servers_answer_without_addresses(reply, codes, words):
    assert (codes_alone(reply), unquoted(reply)) == (codes, words)
