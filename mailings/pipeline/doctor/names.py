"""Ask the name servers. None is no answer at all; an empty list is the answer that there is nothing."""

import dns.exception
import dns.resolver
import dns.reversename

SECONDS = 4


class Names:
    """The resolver of this machine, or another one."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None):
        self._resolver = resolver

    def texts(self, name: str) -> list[str] | None:
        found = self._ask(name, "TXT")
        return found and [b"".join(record.strings).decode("utf-8", "replace") for record in found]

    def addresses(self, name: str) -> list[str] | None:
        both = [self._ask(name, kind) for kind in ("A", "AAAA")]
        return None if both == [None, None] else [record.address for found in both for record in found or []]

    def exchangers(self, name: str) -> list[str] | None:
        found = self._ask(name, "MX")
        return found and [record.exchange.to_text(omit_final_dot=True) for record in found]

    def pointers(self, address: str) -> list[str] | None:
        found = self._ask(dns.reversename.from_address(address), "PTR")
        return found and [record.target.to_text(omit_final_dot=True) for record in found]

    def _ask(self, name: object, kind: str) -> list | None:
        try:
            self._resolver = self._resolver or dns.resolver.Resolver()
            return list(self._resolver.resolve(name, kind, lifetime=SECONDS))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, UnicodeError):
            return None
