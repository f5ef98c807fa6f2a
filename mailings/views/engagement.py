"""Who reads and answers: each person with half a year of letters, as a page, a list of contacts, or a file."""

from allauth.account.decorators import reauthentication_required
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Right
from core.rights import requires
from crm.models import Contact

from ..filters import EngagementFilter
from ..pipeline.engagement import by_contact, engaged
from ..resources import Table, written
from .report_files import gate, list_of

_PAGE = "mailings:report-engagement"


@requires(Right.CONTACTS_VIEW)
@require_safe
def engagement(request):
    chosen = _chosen(request, request.GET)
    page = Paginator(_rows(chosen), 50).get_page(request.GET.get("page"))
    page.object_list = engaged(page.object_list)
    part = request.htmx and not request.htmx.boosted
    template = "mailings/_engagement_table.html" if part else "mailings/engagement.html"
    return render(request, template, {"page_obj": page, "filterset": chosen})


def _chosen(request, query):
    return EngagementFilter(query, queryset=Contact.objects.visible_to(request.user).active(), request=request)


def _rows(chosen):
    return by_contact(chosen.qs, order=chosen.form.cleaned_data.get("order") or "active")


def _query(request):
    return request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode()


def _people(chosen):
    return chosen.qs.filter(pk__in=_rows(chosen).order_by().values("contact"))


def _back(query):
    return f"{reverse(_PAGE)}?{query}"


def _steps(query):
    return [(_("Reports"), reverse("mailings:report-across")), (_("Who reads and answers"), _back(query))]


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def engagement_list(request):
    """“Make a list of these”, of all pages."""
    query = _query(request)
    people, name = _people(_chosen(request, QueryDict(query))), _("Who reads and answers")
    return list_of(request, people, name=name, steps=_steps(query), back=_back(query), query=query)


@requires(Right.CONTACTS_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def take_engagement(request):
    def made(export, contacts):
        shown = {contact.pk for contact in contacts}
        people = engaged(row for row in _rows(chosen) if row["contact"] in shown)
        heads = [_("Name"), _("Organisation"), _("Letters"), _("Opens measured"), _("Opened")]
        heads += [_("Clicks measured"), _("Followed a link"), _("Answers"), _("Last word"), _("Mark")]
        rows = [[*_row(one), export.mark] for one in people]
        return written([Table("engagement", name, heads, rows)], export.format, title=name, line="")

    query, name = _query(request), _("Who reads and answers")
    chosen = _chosen(request, QueryDict(query))
    kind = "csv" if request.POST.get("format") == "csv" else "xlsx"
    about = {"kind": kind, "steps": _steps(query), "name": "engagement", "query": query}
    return gate(request, _people(chosen), words=name, made=made, **about)


def _row(one):
    position = one.contact.position
    return [
        one.contact.name,
        str(position.organisation) if position else "",
        *[one.letters, one.seen, one.opened, one.measured, one.clicked, one.answers],
        date_format(timezone.localtime(one.last_word), "SHORT_DATE_FORMAT") if one.last_word else "",
    ]
