"""The last entries of one record, as a panel of its page. The caller has seen to it that the person may see it."""

from django.db.models import Model, Q
from django.shortcuts import render

from .models import Entry
from .rows import Row

LAST = 20


def history(*subjects: Model) -> list[Row]:
    """The newest entries about these records."""
    about = Q(pk__in=[])
    for subject in subjects:
        about |= Q(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return [Row(entry, is_readable=True, links=False) for entry in Entry.objects.filter(about)[:LAST]]


def history_panel(request, title: str, back: str, *subjects: Model):
    """The panel for htmx, a page of its own for everybody else; `back` is the record's address."""
    template = "audit/_history.html" if request.htmx else "audit/history.html"
    return render(request, template, {"rows": history(*subjects), "title": title, "back": back})
