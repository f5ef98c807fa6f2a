from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from accounts.roles import Right
from core.rights import requires
from core.views import FilteredListView

from ..actions.exports import Refused, left_today, over_the_limit, take_out
from ..filters import ExportFilter, contact_filter
from ..forms.exports import ExportForm
from ..models import Contact, Export
from ..resources import write

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@requires(Right.CONTACTS_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def create(request):
    # A request that waited for the password comes here past the middleware that asks for rights.
    if not request.user.may(Right.CONTACTS_EXPORT):
        raise PermissionDenied
    # The filter is posted, not in the address: a request that waits for a password is then repeated as it was.
    form = ExportForm(request.POST or None, initial={"query": request.GET.urlencode()})
    query = form["query"].value() or ""
    chosen = contact_filter(query, request=request, queryset=Contact.objects.visible_to(request.user))
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("reason", "format")}
        try:
            return _file(*take_out(chosen.chosen(), by=request.user, rule=chosen.rule(), write=_in_own_words, **words))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, form, chosen)


def _in_own_words(export, contacts):
    """The headings speak the language of the person."""
    return write(export, contacts, language=get_language())


def _file(export, content):
    name = f"contacts-{timezone.localtime(export.at):%Y-%m-%d}-{export.mark}.{export.format}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=_TYPES[export.format], headers=headers)


def _page(request, form, chosen):
    everybody, left = chosen.chosen(), left_today(request.user)
    count = everybody.that_may_leave().count()
    context = {
        "form": form,
        "rule": chosen.rule(),
        "count": count,
        "staying": everybody.count() - count,
        "left": left,
        "limit": settings.EXPORT_ROWS_PER_DAY,
        "too_many": over_the_limit(left) if count > left else "",
    }
    return render(request, "crm/export_form.html", context, status=422 if form.errors else 200)


@method_decorator(requires(Right.AUDIT, Right.CONTACTS_EXPORT), name="dispatch")
class ExportList(FilteredListView):
    """Everybody's exports for those who read the journal; their own for the others."""

    filterset_class = ExportFilter
    template_name = "crm/export_list.html"
    partial_name = "crm/_export_table.html"

    @property
    def queryset(self):
        exports = Export.objects.select_related("by")
        return exports if self.request.user.may(Right.AUDIT) else exports.filter(by=self.request.user)
