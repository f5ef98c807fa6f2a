"""Whose content in the journal a person may read. Who looks after accounts need not see contacts or letters."""

from django.apps import apps
from django.db.models import Q

from .kinds import Kind

CONTENT = [Kind.WRITE, Kind.VIEW, Kind.EXPORT]
# The right that opens the content of a room. What speaks of another room is hidden, until it is named here.
RIGHTS = {"crm": "contacts.view", "mailings": "mailings.view", "events": "events.view"}
# Rooms that hold nothing about anybody outside the group.
OPEN = ["accounts", "audit", "jobs"]


def readable(user) -> Q:
    """Entries whose record and changes this person may read."""
    allowed = ~Q(kind__in=CONTENT)
    for room in OPEN:
        allowed |= Q(action__startswith=f"{room}.")
    for room, right in RIGHTS.items():
        if user.has_perm(right):
            allowed |= Q(action__startswith=f"{room}.") & _about_what_they_see(room, user)
    return allowed


def _about_what_they_see(room: str, user) -> Q:
    """Where a model says which records are visible to whom, the journal hides the others, and those erased."""
    seen = Q()
    for model in apps.get_app_config(room).get_models():
        if hasattr(model._default_manager, "visible_to"):
            visible = model._default_manager.visible_to(user).order_by().values("pk")
            seen &= ~Q(subject_type=model._meta.label_lower) | Q(subject_id__in=visible)
    return seen
