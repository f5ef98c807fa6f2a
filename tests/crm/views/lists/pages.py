"""What stands on a page of the contact list."""

from django.contrib.messages import get_messages
from django.utils import timezone

from crm.models import Contact


def names(page):
    return [contact.name for contact in page.context["object_list"]]


def chips(page):
    return [(chip.label, chip.value) for chip in page.context["chips"]]


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def put_away(*contacts):
    Contact.objects.filter(pk__in=[contact.pk for contact in contacts]).update(archived_at=timezone.now())
