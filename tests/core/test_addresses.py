import pytest

from core.addresses import NotAnAddress, key, mask, parse


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
