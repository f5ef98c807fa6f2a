"""How much one sender, and all together, may put through a form that anybody may send."""

from django.core.cache import cache
from django.utils import timezone

from audit.origin import address_of

# In an hour.
PER_SENDER, PER_HOUR = 5, 60


def sends_too_much(request, form: str) -> bool:
    """Count this one; whether it is more than a person sends. Addresses are kept as keys of the cache, for an hour."""
    hour = timezone.now().strftime("%Y%m%d%H")
    for key, most in ((f"{form}:{hour}:{address_of(request)}", PER_SENDER), (f"{form}:{hour}", PER_HOUR)):
        cache.add(key, 0, 3600)
        if cache.incr(key) > most:
            return True
    return False
