"""SPF (RFC 7208), DKIM (RFC 6376, 8463), DMARC (RFC 9989), where answers go, and the name behind our mail server."""

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import dns.reversename
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from django.conf import settings

from .finding import Finding, State
from .hosts import is_here
from .names import Names
from .sender import Sender, domain_of

Texts = Callable[[str], list[str] | None]
MOST_LOOKUPS = 10
WEAK_KEY, GOOD_KEY = 1024, 2048
# What the publishing of the key again mends.
_REPUBLISHED = {"dkim_revoked", "dkim_broken", "dkim_other"}
# A key of our own, whose public half the next look tells.
NEW_KEY = "openssl genrsa 2048"
# Tags of RFC 7489 that its successor no longer knows.
_GONE = ("pct", "rf", "ri")
_POLICIES = {"none", "quarantine", "reject"}
_LONGEST_WALK = 8


class Unseen(Exception):
    """A name server did not answer: nothing can be said."""


class Broken(Exception):
    """The record cannot be evaluated; receivers take it for none."""


def record(name: str, text: str) -> str:
    """A line of a zone. Texts over 255 characters are cut, as name servers want them."""
    parts = [text[start : start + 255] for start in range(0, len(text), 255)]
    return f"{name}. IN TXT " + " ".join(f'"{part}"' for part in parts)


# SPF


def spf(texts: Texts, name: str, ways: Sequence[str] = ("mx",)) -> Finding:
    """Whether one record says who may send for us, within the ten look-ups that receivers make.

    `ways` is what a new record would name: the servers of all accounts of this domain.
    """
    line = record(name, " ".join(["v=spf1", *ways, "~all"]))
    try:
        found = _spf_records(texts, name)
        if not found:
            return Finding("spf", State.ERROR, "spf_missing", line=line, of=name)
        if len(found) > 1:
            return Finding("spf", State.ERROR, "spf_two", {"count": len(found)}, line, name)
        lookups = len(list(islice(_lookups(texts, found[0]), MOST_LOOKUPS + 1)))
        if lookups > MOST_LOOKUPS:
            line = record(name, " ".join(["v=spf1", *ways, *_addresses(found[0]), "~all"]))
            return Finding("spf", State.ERROR, "spf_lookups", line=line, of=name)
        return _spf_verdict(name, found[0], lookups)
    except Unseen:
        return Finding("spf", State.UNSEEN, "spf_unseen", of=name)
    except Broken as error:
        return Finding("spf", State.ERROR, "spf_broken", {"name": str(error)}, line, name)


def spf_of_path(texts: Texts, name: str, ways: Sequence[str], senders: Sequence[str]) -> Finding:
    """The same of the domain that our letters come back to, which is the one whose record receivers evaluate; and
    whether what it says counts for the domains that `senders` are.
    """
    found = spf(texts, name, ways)
    if found.state != State.OK:
        return found
    try:
        strangers = [sender for sender in senders if not _is_aligned(texts, name, sender)]
    except Unseen:
        return Finding("spf", State.UNSEEN, "spf_unseen", of=name)
    if not strangers:
        return found
    line = f"MAIL_BOUNCES_TO={settings.MAIL_BOUNCES_TO.rpartition('@')[0]}@{strangers[0]}"
    return Finding("spf", State.WARNING, "spf_not_aligned", {"name": ", ".join(strangers)}, line, name)


def _is_aligned(texts: Texts, one: str, other: str) -> bool:
    """As DMARC takes it where a record asks for nothing stricter: both are of one organisation."""
    if one == other or one.endswith(f".{other}") or other.endswith(f".{one}"):
        return True
    return _organisation(texts, one) == _organisation(texts, other)


def _spf_verdict(name: str, text: str, lookups: int) -> Finding:
    terms = text.split()
    last = next((term for term in terms if term.lstrip("+-~?") == "all"), "")
    if last in {"+all", "all", "?all"} or not last and not any(term.startswith("redirect=") for term in terms):
        closed = [term for term in terms if term.lstrip("+-~?") != "all"]
        return Finding("spf", State.WARNING, "spf_open", line=record(name, " ".join([*closed, "~all"])), of=name)
    return Finding("spf", State.OK, "spf_ok", {"count": lookups}, of=name)


def _addresses(text: str) -> list[str]:
    """What a record says by itself, for which nobody looks anything up."""
    return [term for term in text.split() if term.lstrip("+-~?").startswith(("ip4:", "ip6:"))]


def _spf_records(texts: Texts, name: str) -> list[str]:
    answered = texts(name)
    if answered is None:
        raise Unseen
    return [text.casefold() for text in answered if text.casefold().split(" ")[0] == "v=spf1"]


def _lookups(texts: Texts, text: str, depth: int = 0) -> Iterator[str]:
    """Each term that costs a look-up, those of included records among them; whoever counts stops at too many."""
    for term in text.split()[1:]:
        mechanism = term.lstrip("+-~?")
        kind, _sign, target = mechanism.replace("redirect=", "redirect:").partition(":")
        if kind.partition("/")[0] in {"a", "mx", "ptr", "exists"}:
            yield term
        elif kind in {"include", "redirect"}:
            yield term
            if depth <= MOST_LOOKUPS and "%" not in target:
                inner = _spf_records(texts, target)
                if len(inner) != 1:
                    raise Broken(target)
                yield from _lookups(texts, inner[0], depth + 1)


# DKIM


def dkim(texts: Texts, sender: Sender) -> Finding:
    """Whether the public key of our signatures is published, and strong enough."""
    if not sender.selector:
        line = "MAIL_DKIM_SELECTOR=…" if sender.is_environment else ""
        code = "dkim_no_selector" if sender.is_environment else "dkim_unnamed"
        return Finding("dkim", State.UNSEEN, code, line=line, of=sender.domain)
    place = f"{sender.selector}._domainkey.{sender.domain}"
    answered = texts(place)
    if answered is None:
        return Finding("dkim", State.UNSEEN, "dkim_unseen", of=sender.domain)
    line = record(place, f"v=DKIM1; k=rsa; p={sender.key or '…'}")
    keys = [tags for tags in map(_tags, answered) if "p" in tags]
    if not keys:
        return Finding("dkim", State.ERROR, "dkim_missing", {"name": place}, line, sender.domain)
    state, code, values = _key_verdict(keys[0], place, sender.key)
    tested = "; ".join(f"{tag}={value}" for tag, value in keys[0].items() if tag != "t")
    # Where we sign, the record that is right can be told whole.
    lines = dict.fromkeys(_REPUBLISHED, line) | {"dkim_short": NEW_KEY, "dkim_testing": record(place, tested)}
    return Finding("dkim", state, code, values, lines.get(code, ""), sender.domain)


def _key_verdict(tags: dict[str, str], place: str, ours: str) -> tuple[State, str, dict[str, str | int]]:
    if not tags["p"]:
        return State.ERROR, "dkim_revoked", {"name": place}
    try:
        bits, published = _key(tags)
    except (ValueError, binascii.Error):
        return State.ERROR, "dkim_broken", {"name": place}
    if ours and published != ours:
        return State.ERROR, "dkim_other", {"name": place}
    if bits < GOOD_KEY:
        return State.ERROR if bits < WEAK_KEY else State.WARNING, "dkim_short", {"count": bits}
    if "y" in tags.get("t", "").split(":"):
        return State.WARNING, "dkim_testing", {"name": place}
    return State.OK, "dkim_ok", {}


def _key(tags: dict[str, str]) -> tuple[int, str]:
    """The length of an RSA key, and the key in the form that we publish; one of Ed25519 is as good as a long one."""
    raw = base64.b64decode(tags["p"].replace(" ", ""), validate=True)
    if tags.get("k", "rsa") == "ed25519":
        if len(raw) != 32:
            raise ValueError("not a key")
        return GOOD_KEY, tags["p"]
    key = load_der_public_key(raw)
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not a key")
    return key.key_size, base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


# DMARC


def dmarc(texts: Texts, name: str) -> Finding:
    """What receivers are to do with letters that only pretend to be ours."""
    try:
        place, tags = _policy(texts, name)
    except Unseen:
        return Finding("dmarc", State.UNSEEN, "dmarc_unseen", of=name)
    if not tags:
        line = record(f"_dmarc.{name}", _joined(_stricter({"v": "DMARC1"}, name)))
        return Finding("dmarc", State.ERROR, "dmarc_missing", line=line, of=name)
    tag = "sp" if place != name and "sp" in tags else "p"
    policy, line = tags.get(tag, "").casefold(), record(f"_dmarc.{place}", _joined(_stricter(tags, place, tag)))
    if policy not in _POLICIES:
        return Finding("dmarc", State.ERROR, "dmarc_broken", line=line, of=name)
    if gone := [tag for tag in _GONE if tag in tags]:
        kept = {tag: value for tag, value in tags.items() if tag not in _GONE}
        line = record(f"_dmarc.{place}", _joined(kept))
        return Finding("dmarc", State.WARNING, "dmarc_gone", {"name": ", ".join(gone)}, line, name)
    if policy == "none" or tags.get("t", "").casefold() == "y":
        return Finding("dmarc", State.WARNING, "dmarc_none", line=line, of=name)
    return Finding("dmarc", State.OK, "dmarc_ok", {"name": policy}, of=name)


def _stricter(tags: dict[str, str], place: str, tag: str = "p") -> dict[str, str]:
    """The same record, no more on trial, with a policy that does something; what it says besides stays."""
    policy = tags.get(tag, "").casefold()
    enforced = policy if policy in _POLICIES - {"none"} else "quarantine"
    rest = {name: value for name, value in tags.items() if name != "t"}
    reports = {"rua": where} if "rua" not in tags and (where := _reports_to(place)) else {}
    return {"v": tags["v"], "p": enforced, **rest, tag: enforced, **reports}


def _joined(tags: dict[str, str]) -> str:
    return "; ".join(f"{tag}={value}" for tag, value in tags.items())


def _policy(texts: Texts, name: str) -> tuple[str, dict[str, str]]:
    """The record that holds for a domain: its own, else the nearest above it (the tree walk of RFC 9989)."""
    for place in _walk(name):
        if tags := _policy_at(texts, place):
            return place, tags
    return name, {}


def _policy_at(texts: Texts, place: str) -> dict[str, str]:
    answered = texts(f"_dmarc.{place}")
    if answered is None:
        raise Unseen
    found = [tags for tags in map(_tags, answered) if tags.get("v", "").casefold() == "dmarc1"]
    # Two records at one place are none.
    return found[0] if len(found) == 1 else {}


def _organisation(texts: Texts, name: str) -> str:
    """Whose a domain is: the highest above it with a record of its own, below those where anybody registers a name."""
    found = before = name
    for place in _walk(name):
        tags = _policy_at(texts, place)
        mark = tags.get("psd", "").casefold()
        if mark == "y" and place != name:
            return before
        found = place if tags else found
        if mark == "n":
            break
        before = place
    return found


def _walk(name: str) -> Iterator[str]:
    """A domain and those above it, but for the top; of a very long name the middle is left out."""
    yield name
    labels = name.split(".")[1:]
    for start in range(max(0, len(labels) - _LONGEST_WALK + 1), len(labels) - 1):
        yield ".".join(labels[start:])


def _tags(text: str) -> dict[str, str]:
    """`v=DMARC1; p=none` as a mapping; names in small letters."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {tag.strip().casefold(): value.strip() for tag, sign, value in pairs if sign}


def _reports_to(name: str) -> str:
    """Where reports are wanted; another domain would have to say in its own zone that it wants them."""
    mailbox = settings.MAIL_BOUNCES_TO or settings.MAIL_REPLY_TO
    return f"mailto:{mailbox}" if domain_of(mailbox) == name else ""


# Answers, and the name behind the address


def answers(names: Names) -> Finding:
    """Whether there is a mail server for what people answer."""
    domain = settings.MAIL_REPLY_TO.rpartition("@")[2]
    found = names.exchangers(domain)
    if found is None:
        return Finding("answers", State.UNSEEN, "mx_unseen", of=domain)
    if [server for server in found if server.strip(".")]:
        return Finding("answers", State.OK, "mx_ok", {"name": ", ".join(sorted(found)[:3])}, of=domain)
    line = f"{domain}. IN MX 10 mail.{domain}."
    return Finding("answers", State.ERROR, "mx_missing", {"name": domain}, line, domain)


def pointer(names: Names, host: str) -> Finding:
    """Whether the address of a mail server of ours has a name, which leads back to it."""
    if is_here(host):
        return Finding("ptr", State.UNSEEN, "ptr_here", of=host)
    addresses = names.addresses(host)
    if addresses is None:
        return Finding("ptr", State.UNSEEN, "ptr_unseen", of=host)
    if not addresses:
        return Finding("ptr", State.ERROR, "ptr_no_host", {"name": host}, f"{host}. IN A …", host)
    for address in addresses:
        pointers = names.pointers(address)
        if pointers is None:
            return Finding("ptr", State.UNSEEN, "ptr_unseen", of=host)
        if not any(address in (names.addresses(one) or []) for one in pointers):
            line = f"{dns.reversename.from_address(address)} IN PTR {host}."
            return Finding("ptr", State.WARNING, "ptr_missing", {"address": address}, line, host)
    return Finding("ptr", State.OK, "ptr_ok", of=host)
