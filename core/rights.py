"""How a view says which right it needs. accounts.middleware asks; a view that says nothing opens for nobody.

A right is a code, a plain string: what the codes are stands in accounts/roles.py, above this room.
"""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied


def requires(*rights: str) -> Callable:
    """Mark a view function: any of these rights opens it. A class-based view is marked on `dispatch`.

    The view asks once more itself: after a password was asked for, allauth calls it past the middleware.
    """

    def mark(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.may(*rights):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.rights = rights
        return guarded

    return mark


def rights_for(view: Callable) -> tuple[str, ...]:
    """The rights a view was marked with; none says that nobody thought about it."""
    return getattr(view, "rights", ())


def opens_without_factor(view: Callable) -> Callable:
    """Mark the few pages that a person needs to set up the second factor that their role demands."""
    view.opens_without_factor = True
    return view
