"""Where a card is, and what of it is kept apart."""

from audit.models import Entry

ADDRESS, SECRET = "subhi@chashma.test", "встретимся у фонтана"
HTMX = {"HX-Request": "true"}


def card(contact, rest=""):
    return f"/contacts/{contact.pk}/{rest}"


def looks():
    return Entry.objects.filter(action="crm.contact.revealed").count()
