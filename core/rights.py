"""How a view says which right it needs. accounts.middleware asks; a view that says nothing opens for nobody.

A right is a code, a plain string: what the codes are stands in accounts/roles.py, above this room.
"""

from collections.abc import Callable


def requires(*rights: str) -> Callable:
    """Mark a view function: any of these rights opens it. A class-based view is marked on `dispatch`."""

    def mark(view: Callable) -> Callable:
        view.rights = rights
        return view

    return mark


def rights_for(view: Callable) -> tuple[str, ...]:
    """The rights a view was marked with; none says that nobody thought about it."""
    return getattr(view, "rights", ())


def opens_without_factor(view: Callable) -> Callable:
    """Mark the few pages that a person needs to set up the second factor that their role demands."""
    view.opens_without_factor = True
    return view
