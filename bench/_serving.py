"""The product as gunicorn serves it, and beside it a page that does nothing."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import get_resolver, path

from config.wsgi import application

__all__ = ["application"]


@login_not_required
def empty(_request):
    return HttpResponse()


get_resolver().url_patterns.insert(0, path("bench-empty/", empty))
