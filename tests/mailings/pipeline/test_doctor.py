"""The domain and the machine looked at: a real name server with broken zones, a real mail server, real files."""

import base64
import json
import os
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.core.management import call_command
from django.utils import timezone, translation

from mailings.message import Service
from mailings.models import Checkup, Heartbeat, SendingAccount
from mailings.pipeline import doctor
from mailings.pipeline.doctor import domain, house, names, words
from tests.factories.mailings import person
from tests.name_server import NameServer

ED25519 = "v=DKIM1; k=ed25519; p=" + "A" * 43 + "="


@pytest.fixture(scope="module")
def keys():
    """Public keys of RSA by their length, as a zone holds them."""

    def published(bits: int) -> str:
        key = rsa.generate_private_key(65537, bits).public_key()
        raw = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={base64.b64encode(raw).decode()}"

    return {bits: published(bits) for bits in (1024, 2048)}


@pytest.fixture
def server(settings):
    """A name server that knows a domain in order."""
    settings.DEFAULT_FROM_EMAIL = settings.MAIL_REPLY_TO = "press@coalition.test"
    settings.EMAIL_HOST, settings.MAIL_DKIM_SELECTOR, settings.MAIL_BOUNCES_TO = "mail.coalition.test", "one", ""
    with NameServer() as started:
        started.text("coalition.test", "v=spf1 mx include:relay.test -all")
        started.text("relay.test", "v=spf1 ip4:192.0.2.0/24 -all")
        started.text("_dmarc.coalition.test", "v=DMARC1; p=reject; rua=mailto:press@coalition.test")
        started.text("one._domainkey.coalition.test", ED25519)
        started.records["coalition.test", "MX"] = ["10 mail.coalition.test."]
        started.records["mail.coalition.test", "A"] = ["192.0.2.7"]
        started.records["7.2.0.192.in-addr.arpa", "PTR"] = ["mail.coalition.test."]
        yield started


OURS = doctor.Sender("coalition.test", "mail.coalition.test", selector="one", is_environment=True)


def findings(server) -> list[doctor.Finding]:
    asked = server.names()
    return [
        domain.spf(asked.texts, "coalition.test"),
        domain.dkim(asked.texts, OURS),
        domain.dmarc(asked.texts, "coalition.test"),
        domain.answers(asked),
        domain.pointer(asked, OURS.host),
    ]


def looked(server) -> dict[str, tuple[str, str]]:
    return {finding.about: (str(finding.state), finding.code) for finding in findings(server)}


GOOD = {
    "spf": ("ok", "spf_ok"),
    "dkim": ("ok", "dkim_ok"),
    "dmarc": ("ok", "dmarc_ok"),
    "answers": ("ok", "mx_ok"),
    "ptr": ("ok", "ptr_ok"),
}


def test_domain_in_order_is_called_so(server):
    assert looked(server) == GOOD


DEEP = {f"n{number}.test": [f"v=spf1 include:n{number + 1}.test -all"] for number in range(12)}
ZONES = {
    "no SPF": ({"coalition.test": ["google-site-verification=x"]}, "spf", ("error", "spf_missing")),
    "two SPF": ({"coalition.test": ["v=spf1 -all", "v=spf1 mx -all"]}, "spf", ("error", "spf_two")),
    "open SPF": ({"coalition.test": ["v=spf1 mx +all"]}, "spf", ("warning", "spf_open")),
    "SPF without an end": ({"coalition.test": ["v=spf1 mx"]}, "spf", ("warning", "spf_open")),
    "SPF that names nothing": ({"coalition.test": ["v=spf1 include:gone.test -all"]}, "spf", ("error", "spf_broken")),
    "SPF with eleven look-ups": (
        {"coalition.test": ["v=spf1 include:n0.test -all"], **DEEP},
        "spf",
        ("error", "spf_lookups"),
    ),
    "SPF that names itself": (
        {"coalition.test": ["v=spf1 include:coalition.test -all"]},
        "spf",
        ("error", "spf_lookups"),
    ),
    "no DKIM": ({"one._domainkey.coalition.test": ["nothing of the kind"]}, "dkim", ("error", "dkim_missing")),
    "DKIM withdrawn": ({"one._domainkey.coalition.test": ["v=DKIM1; p="]}, "dkim", ("error", "dkim_revoked")),
    "DKIM cut": ({"one._domainkey.coalition.test": ["v=DKIM1; p=MIIBIjANBg"]}, "dkim", ("error", "dkim_broken")),
    "DKIM on trial": ({"one._domainkey.coalition.test": [ED25519 + "; t=y"]}, "dkim", ("warning", "dkim_testing")),
    "no DMARC": ({"_dmarc.coalition.test": ["v=spf1 -all"]}, "dmarc", ("error", "dmarc_missing")),
    "DMARC twice": (
        {"_dmarc.coalition.test": ["v=DMARC1; p=none", "v=DMARC1; p=reject"]},
        "dmarc",
        ("error", "dmarc_missing"),
    ),
    "DMARC that only watches": ({"_dmarc.coalition.test": ["v=DMARC1; p=none"]}, "dmarc", ("warning", "dmarc_none")),
    "DMARC on trial": ({"_dmarc.coalition.test": ["v=DMARC1; p=reject; t=y"]}, "dmarc", ("warning", "dmarc_none")),
    "DMARC of no policy": ({"_dmarc.coalition.test": ["v=DMARC1; p=maybe"]}, "dmarc", ("error", "dmarc_broken")),
    "DMARC of old": ({"_dmarc.coalition.test": ["v=DMARC1; p=reject; pct=50"]}, "dmarc", ("warning", "dmarc_gone")),
}


@pytest.mark.parametrize("zone", ZONES)
def test_broken_zone_is_told_from_one_in_order(server, zone):
    texts, about, expected = ZONES[zone]
    for name, records in texts.items():
        server.text(name, *records)

    assert looked(server) == GOOD | {about: expected}


@pytest.mark.parametrize("zone", ZONES)
def test_each_fault_of_a_zone_has_its_line(server, zone):
    texts, about, _expected = ZONES[zone]
    for name, records in texts.items():
        server.text(name, *records)
    lines = [finding.line for finding in findings(server) if finding.about == about]

    assert [" IN TXT " in line for line in lines] == [True]


@pytest.mark.parametrize(("bits", "expected"), [(1024, ("warning", "dkim_short")), (2048, ("ok", "dkim_ok"))])
def test_length_of_the_key_is_looked_at(server, keys, bits, expected):
    server.text("one._domainkey.coalition.test", keys[bits])

    assert looked(server)["dkim"] == expected


def test_ten_look_ups_are_allowed(server):
    server.text("coalition.test", "v=spf1 " + "a mx " * 5 + "-all")

    assert domain.spf(server.names().texts, "coalition.test").values == {"count": 10}


def test_policy_of_the_domain_above_holds_for_one_below(server):
    server.text("_dmarc.coalition.test", "v=DMARC1; p=reject; sp=none")

    assert domain.dmarc(server.names().texts, "mail.press.coalition.test").code == "dmarc_none"


POLICIES = {
    "p=none; rua=mailto:d@reports.test; ruf=mailto:f@reports.test; sp=reject; adkim=s": (
        "p=quarantine; rua=mailto:d@reports.test; ruf=mailto:f@reports.test; sp=reject; adkim=s"
    ),
    "p=reject; t=y; sp=reject; rua=mailto:d@reports.test": "p=reject; sp=reject; rua=mailto:d@reports.test",
    "p=None; adkim=s": "p=quarantine; adkim=s; rua=mailto:press@coalition.test",
    "p=maybe; rua=mailto:d@reports.test": "p=quarantine; rua=mailto:d@reports.test",
}


@pytest.mark.parametrize("policy", POLICIES)
def test_stricter_policy_keeps_what_the_record_says_besides(server, policy):
    server.text("_dmarc.coalition.test", f"v=DMARC1; {policy}")
    found = domain.dmarc(server.names().texts, "coalition.test")

    assert found.line == f'_dmarc.coalition.test. IN TXT "v=DMARC1; {POLICIES[policy]}"'


def test_stricter_policy_for_a_domain_below_leaves_the_one_above_as_it_is(server):
    server.text("_dmarc.coalition.test", "v=DMARC1; p=reject; sp=none; rua=mailto:d@reports.test")
    found = domain.dmarc(server.names().texts, "mail.coalition.test")

    assert found.line == (
        '_dmarc.coalition.test. IN TXT "v=DMARC1; p=reject; sp=quarantine; rua=mailto:d@reports.test"'
    )


def test_policy_is_read_in_any_letters(server):
    server.text("_dmarc.coalition.test", "v=DMARC1; p=Reject")

    assert domain.dmarc(server.names().texts, "coalition.test").values == {"name": "reject"}


def test_top_domain_is_not_asked_for_a_policy(server):
    domain.dmarc(server.names().texts, "a.b.other.test")

    assert [name for name, _kind in server.asked] == [
        "_dmarc.a.b.other.test",
        "_dmarc.b.other.test",
        "_dmarc.other.test",
    ]


def test_nobody_who_takes_answers_is_an_error(server):
    server.records["coalition.test", "MX"] = ["0 ."]

    assert looked(server)["answers"] == ("error", "mx_missing")


def test_name_that_does_not_lead_back_is_none(server):
    server.records["7.2.0.192.in-addr.arpa", "PTR"] = ["somebody.relay.test."]

    assert looked(server)["ptr"] == ("warning", "ptr_missing")


@pytest.mark.parametrize(
    ("silent", "about"),
    [
        ("coalition.test", "spf"),
        ("relay.test", "spf"),
        ("one._domainkey.coalition.test", "dkim"),
        ("_dmarc.coalition.test", "dmarc"),
        ("mail.coalition.test", "ptr"),
    ],
)
def test_without_an_answer_nothing_is_said(server, monkeypatch, silent, about):
    monkeypatch.setattr(names, "SECONDS", 0.3)
    server.silent.add(silent)

    assert looked(server)[about][0] == "unseen"


def test_closed_dns_is_said_and_raises_nothing(settings, monkeypatch):
    settings.MAIL_REPLY_TO = "press@coalition.test"
    monkeypatch.setattr(names, "SECONDS", 0.3)
    with NameServer() as server:
        server.answer = lambda wire: None
        states = {state for state, _code in looked(server).values()}

    assert states == {"unseen"}


def test_record_of_too_many_look_ups_keeps_what_costs_none(server):
    server.text("coalition.test", "v=spf1 ip4:192.0.2.7 " + "a mx " * 6 + "ip6:2001:db8::1 -all")
    found = domain.spf(server.names().texts, "coalition.test", [OURS.way])

    assert found.line == 'coalition.test. IN TXT "v=spf1 a:mail.coalition.test ip4:192.0.2.7 ip6:2001:db8::1 ~all"'


def test_key_on_trial_is_told_without_the_mark(server):
    server.text("one._domainkey.coalition.test", ED25519 + "; t=y")
    found = domain.dkim(server.names().texts, replace(OURS, selector="one"))

    assert found.line == f'one._domainkey.coalition.test. IN TXT "{ED25519}"'


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ({("7.2.0.192.in-addr.arpa", "PTR"): []}, "7.2.0.192.in-addr.arpa. IN PTR mail.coalition.test."),
        ({("mail.coalition.test", "A"): []}, "mail.coalition.test. IN A …"),
    ],
    ids=["no name", "no address"],
)
def test_name_behind_the_server_has_its_line(server, records, expected):
    server.records.update(records)

    assert domain.pointer(server.names(), "mail.coalition.test").line == expected


LINES = {
    "spf_missing": 'coalition.test. IN TXT "v=spf1 a:mail.coalition.test ~all"',
    "dmarc_missing": '_dmarc.coalition.test. IN TXT "v=DMARC1; p=quarantine; rua=mailto:press@coalition.test"',
}


@pytest.mark.parametrize("code", LINES)
def test_line_that_mends_it_stands_beside(server, code):
    server.text("coalition.test", "nothing")
    server.text("_dmarc.coalition.test", "nothing")
    asked = server.names().texts
    found = [domain.spf(asked, "coalition.test", [OURS.way]), domain.dmarc(asked, "coalition.test")]

    assert {finding.code: finding.line for finding in found}[code] == LINES[code]


def test_line_that_is_added_makes_the_domain_right(server):
    for look in (domain.spf, domain.dmarc):
        for broken in (["v=spf1 mx +all"], ["v=DMARC1; p=none; pct=20"], ["nothing"]):
            server.text("coalition.test", *broken)
            server.text("_dmarc.coalition.test", *broken)
            line = look(server.names().texts, "coalition.test").line
            name, _record, text = line.partition(". IN TXT ")
            server.records[name, "TXT"] = [text]
            again = look(server.names().texts, "coalition.test")

            assert (again.state == "ok" or again.code == "dmarc_none", "pct" in line) == (True, False)


# Every account


@pytest.fixture(scope="module")
def private():
    """A key that letters are signed with."""
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


@pytest.fixture
def office(db, server, settings, private):
    """A second account beside the one of the environment: it signs by itself, and nothing is published for it."""
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.MAILBOX_HOST = "127.0.0.1", False, ""
    account = SendingAccount(name="Office", from_address="office@Office.test", host="127.0.0.1", port=1)
    account.dkim_selector = "payom"
    account.keep_key(private)
    account.save()
    return account


def of(findings, place: str) -> dict[str, str]:
    return {finding.about: finding.code for finding in findings if finding.of == place}


def test_domain_of_every_account_is_looked_at(office, server):
    found = doctor.outside(server.names())

    assert (of(found, "coalition.test"), of(found, "office.test")) == (
        {"spf": "spf_ok", "dkim": "dkim_ok", "dmarc": "dmarc_ok", "answers": "mx_ok"},
        {"spf": "spf_missing", "dkim": "dkim_missing", "dmarc": "dmarc_missing", "signed": "signed_ok"},
    )


def test_key_that_we_sign_with_is_told_whole_and_right_once_published(office, server):
    line = {one.of: one.line for one in doctor.outside(server.names()) if one.about == "dkim"}["office.test"]
    name, _record, text = line.partition(". IN TXT ")
    server.records[name, "TXT"] = [text]

    assert (name, of(doctor.outside(server.names()), "office.test")["dkim"]) == (
        "payom._domainkey.office.test",
        "dkim_ok",
    )


def test_key_that_is_not_ours_is_an_error(office, server, keys):
    server.text("payom._domainkey.office.test", keys[2048])

    assert of(doctor.outside(server.names()), "office.test")["dkim"] == "dkim_other"


def test_two_accounts_of_one_domain_make_one_record(office, server):
    SendingAccount.objects.create(
        name="Service", from_address="news@office.test", service=Service.BREVO, dkim_selector="mail"
    )
    found = [one for one in doctor.outside(server.names()) if one.of in {"office.test", "Brevo"}]

    assert [(one.about, one.line) for one in found if one.about in {"spf", "tls"}] == [
        ("spf", 'office.test. IN TXT "v=spf1 mx include:… ~all"'),
        ("tls", ""),
    ]


def test_reports_on_forgeries_are_asked_for_into_a_mailbox_of_the_same_domain_alone(office, server):
    server.text("_dmarc.coalition.test", "nothing")
    lines = {one.of: one.line for one in doctor.outside(server.names()) if one.about == "dmarc"}

    assert lines == {
        "coalition.test": '_dmarc.coalition.test. IN TXT "v=DMARC1; p=quarantine; rua=mailto:press@coalition.test"',
        "office.test": '_dmarc.office.test. IN TXT "v=DMARC1; p=quarantine"',
    }


def test_record_of_the_domain_that_letters_come_back_to_is_looked_at(db, server, settings):
    settings.MAIL_BOUNCES_TO = "bounces@returns.test"
    found = doctor.outside(server.names())

    assert [(one.code, one.line) for one in found if one.of == "returns.test"] == [
        ("spf_missing", 'returns.test. IN TXT "v=spf1 a:mail.coalition.test ~all"')
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("bounces.coalition.test", ("spf_ok", "")),
        ("returns.test", ("spf_not_aligned", "MAIL_BOUNCES_TO=bounces@coalition.test")),
    ],
)
def test_return_path_of_another_organisation_is_told(db, server, settings, path, expected):
    settings.MAIL_BOUNCES_TO = f"bounces@{path}"
    server.text(path, "v=spf1 mx -all")
    found = doctor.outside(server.names())

    assert [(one.code, one.line) for one in found if (one.about, one.of) == ("spf", path)] == [expected]


@pytest.mark.parametrize(
    ("above", "code"),
    [
        ("v=DMARC1; p=reject", "spf_ok"),
        ("v=DMARC1; p=reject; psd=y", "spf_not_aligned"),
        ("nothing", "spf_not_aligned"),
    ],
)
def test_two_domains_below_one_are_of_one_organisation_unless_anybody_registers_there(
    db, server, settings, above, code
):
    settings.DEFAULT_FROM_EMAIL, settings.MAIL_BOUNCES_TO = "press@press.group.test", "bounces@returns.group.test"
    server.text("returns.group.test", "v=spf1 mx -all")
    server.text("_dmarc.group.test", above)
    found = doctor.outside(server.names())

    assert [one.code for one in found if (one.about, one.of) == ("spf", "returns.group.test")] == [code]


def test_closed_account_is_not_looked_at(office, server):
    SendingAccount.objects.filter(pk=office.pk).update(is_active=False)

    assert of(doctor.outside(server.names()), "office.test") == {}


def test_key_that_cannot_be_opened_hinders_no_look(office, server):
    SendingAccount.objects.filter(pk=office.pk).update(dkim_key="lost")

    assert of(doctor.outside(server.names()), "office.test") == {
        "spf": "spf_missing",
        "dkim": "dkim_missing",
        "dmarc": "dmarc_missing",
    }


def test_with_closed_dns_every_account_is_looked_at_all_the_same(office, server):
    server.answer = lambda wire: None
    found = doctor.outside(server.names())

    assert {(one.about, str(one.state)) for one in found if one.of == "office.test"} == {
        ("spf", "unseen"),
        ("dkim", "unseen"),
        ("dmarc", "unseen"),
        ("signed", "ok"),
    }


# This machine


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "expected"), [(10, "workers_ok"), (600, "workers_missing")])
def test_sender_that_was_not_seen_lately_is_none(age, expected):
    Heartbeat.objects.create(worker="a", seen_at=timezone.now() - timedelta(seconds=age))

    assert house.workers().code == expected


@pytest.mark.django_db
def test_secret_that_others_can_read_is_named(settings, tmp_path):
    settings.VAR, settings.SEAL_KEYS_PATH = tmp_path, tmp_path / "seal_keys"
    settings.DEBUG, settings.DEMO, settings.BEHIND_HTTPS = False, False, True
    settings.DEFAULT_FROM_EMAIL = "press@coalition.org"
    for name in ("secret_key", "blind_key", "seal_keys"):
        (tmp_path / name).touch(0o600)
    before = [finding.code for finding in house.secrets()]
    os.chmod(tmp_path / "blind_key", 0o640)

    after = [(finding.code, finding.line) for finding in house.secrets()]

    assert (before, after) == (["secrets_ok"], [("secret_readable", "chmod 600 blind_key")])


@pytest.mark.parametrize(
    ("free", "expected", "command"),
    [(10 * 1024**3, "ok", ""), (1024**3, "warning", "du"), (100 * 1024**2, "error", "du")],
)
def test_little_room_on_the_disk_is_said(monkeypatch, free, expected, command):
    monkeypatch.setattr(house.shutil, "disk_usage", lambda path: type("Usage", (), {"free": free}))

    found = house.disk()

    assert (found.state, found.line.split(" ")[0]) == (expected, command)


def test_clock_is_asked_of_this_machine_alone():
    assert house.clock().code in {"time_ok", "time_unkept", "time_unseen"}


# Words, command, worker


PLACES = {
    "du -xh": "Run:",
    "openssl genrsa 2048": "Run it, and put what it prints into the sending account as its key:",
    "certbot renew": "Run on the mail server:",
    "SignHeaders *": "Into the settings of OpenDKIM, if that signs for you:",
    "1.0.0.127.in-addr.arpa. IN PTR mail.test.": "Ask for this record whoever the address belongs to:",
    "MAILBOX_PASSWORD=…": "Write into .env:",
    'x.test. IN TXT "v=spf1 ~all"': "Put into the DNS zone, in place of the old record:",
}


@pytest.mark.parametrize("line", PLACES)
def test_it_is_said_where_a_line_belongs(line):
    with translation.override("en"):
        found = str(words.where(doctor.Finding("x", doctor.State.ERROR, "x", line=line)))

    assert found == PLACES[line]


def test_every_code_has_words_and_no_advice_names_pct():
    room = Path(domain.__file__).parent
    source = "".join(path.read_text() for path in room.glob("*.py") if path.stem != "words")
    unknown = [code for code in words.TEXTS if f'"{code}"' not in source]

    assert (unknown, [text for text in words.TEXTS.values() if "pct" in str(text)]) == ([], [])


@pytest.mark.django_db
def test_command_tells_programs_and_ends_with_one_where_something_is_wrong(server, settings):
    settings.EMAIL_USE_TLS = False
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json", "--name-server", f"127.0.0.1:{server.port}", stdout=out)
    told = {one["about"]: one["state"] for one in json.loads(out.getvalue())}

    assert (ended.value.code, told["spf"], told["tls"], told["signed"]) == (1, "ok", "error", "unseen")


@pytest.mark.django_db
def test_command_shows_the_line_to_people(server, settings):
    settings.EMAIL_USE_TLS = False
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", "--name-server", f"127.0.0.1:{server.port}", stdout=out)

    assert "EMAIL_USE_TLS=1" in out.getvalue()


@pytest.mark.django_db
def test_worker_answers_what_was_asked_once(monkeypatch):
    asked = Checkup.objects.create(asked_by=person("author@payom.test"))
    found = [doctor.Finding("spf", doctor.State.ERROR, "spf_two", {"count": 2})]
    monkeypatch.setattr(doctor, "outside", lambda: found)

    answers = [doctor.look(), doctor.look()]
    asked.refresh_from_db()

    assert (answers, [doctor.from_json(one) for one in asked.findings]) == ([1, 0], found)
