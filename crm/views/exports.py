from functools import partial

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Right
from core.rights import requires
from core.views import FilteredListView

from .. import vcards
from ..actions.exports import Refused, left_today, over_the_limit, take_out
from ..filters import ExportFilter, contact_filter
from ..forms.exports import ExportForm
from ..models import Contact, Export
from ..resources import write

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "vcf": "text/vcard; charset=utf-8",
}
_VCARDS = {Export.Format.VCARD_3, Export.Format.VCARD_4}


@requires(Right.CONTACTS_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def create(request, pk=None):
    return gate(request, pk, form_class=ExportForm, template="crm/export_form.html", write=_content, answer=_file)


def gate(request, pk, *, form_class, template, write, answer):
    """The one way out, for a filtered list or one contact: the form, and `answer` to what `write` made."""
    # A request that waited for the password comes here past the middleware that asks for rights.
    if not request.user.may(Right.CONTACTS_EXPORT):
        raise PermissionDenied
    # The filter is posted, not in the address: a request that waits for a password is then repeated as it was.
    form = form_class(request.POST or None, initial={"query": request.GET.urlencode()})
    chosen, rule = _chosen(request, pk, form["query"].value() or "")
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("reason", "format")}
        try:
            made = take_out(
                chosen, by=request.user, rule=rule, write=partial(write, request, form.cleaned_data), **words
            )
            return answer(*made)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, template, form, chosen, rule, pk)


def _chosen(request, pk, query):
    """Who is meant, and how that is written down: of one contact the number alone, which outlives no erasing."""
    visible = Contact.objects.visible_to(request.user)
    if pk:
        get_object_or_404(visible, pk=pk)
        return visible.filter(pk=pk), {"query": "", "words": _("One contact, number %(number)s") % {"number": pk}}
    chosen = contact_filter(query, request=request, queryset=visible)
    return chosen.chosen(), chosen.rule()


def _content(_request, typed, export, contacts):
    """The headings speak the language of the person."""
    if export.format in _VCARDS:
        return vcards.write(export, contacts, with_notes=typed["with_notes"])
    return write(export, contacts, language=get_language())


def _file(export, content):
    ending = "vcf" if export.format in _VCARDS else export.format
    name = f"contacts-{timezone.localtime(export.at):%Y-%m-%d}-{export.mark}.{ending}"
    return attachment(content, name, _TYPES[ending])


def attachment(content, name, content_type):
    """A file that no cache keeps and no browser opens by itself."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)


def _page(request, template, form, everybody, rule, pk):
    left = left_today(request.user)
    count = everybody.that_may_leave().count()
    context = {
        "form": form,
        "rule": rule,
        "only": everybody.first() if pk else None,
        "count": count,
        "staying": everybody.count() - count,
        "left": left,
        "limit": settings.EXPORT_ROWS_PER_DAY,
        "too_many": over_the_limit(left) if count > left else "",
    }
    return render(request, template, context, status=422 if form.errors else 200)


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
