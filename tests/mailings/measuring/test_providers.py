import pytest

from mailings.measuring.providers import provider_of


@pytest.mark.parametrize(
    ("domain", "provider"),
    [
        ("Gmail.com", "gmail"),
        ("bk.ru", "mailru"),
        ("ya.ru", "yandex"),
        ("mfa.gov.tj", "state"),
        ("asia.tj", "tj"),
        ("notgov.tj", "tj"),
        ("example.org", "other"),
        ("", ""),
    ],
)
def test_domain_belongs_to_a_mail_service(domain, provider):
    assert provider_of(domain) == provider
