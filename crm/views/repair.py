"""What was typed or imported and cannot be read: kept, never used, and put right here."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Right
from core.rights import requires

from ..actions.repair import remove_unread, repair
from ..forms.repair import RepairForm
from ..models import Unread
from ..states import Sensitivity, Unreadable

PAGE = 50


@requires(Right.CONTACTS_EDIT)
@require_safe
@never_cache
def unread_list(request):
    return _page(request)


def _page(request, refused=None, status=200):
    """The rows to repair; `refused` is the form of the one that was tried just now."""
    visible = Unread.objects.visible_to(request.user)
    counts = dict(visible.order_by().values_list("field").annotate(Count("pk")))
    chosen = request.GET.get("field", "")
    rows = visible.filter(field=chosen) if chosen in Unreadable.values else visible
    page = Paginator(rows.select_related("contact"), PAGE).get_page(request.GET.get("page"))
    tried = refused.unread.pk if refused else None
    context = {
        "rows": [(one, refused if one.pk == tried else RepairForm(unread=one)) for one in page],
        "page_obj": page,
        "tabs": [(field.value, field.label, counts[field]) for field in Unreadable if field in counts],
        "total": sum(counts.values()),
        "chosen": chosen,
        "sees_sealed": request.user.may(Right.CONTACTS_SEALED),
    }
    return render(request, "crm/repair_list.html", context, status=status)


def _unread(request, pk):
    """One that may be read here: of a sealed contact the form of the card shows it, which counts as a look."""
    readable = Unread.objects.visible_to(request.user).exclude(contact__sensitivity=Sensitivity.SEALED)
    return get_object_or_404(readable.select_related("contact"), pk=pk)


@requires(Right.CONTACTS_EDIT)
@require_POST
@never_cache
def unread_repair(request, pk):
    form = RepairForm(request.POST, unread=_unread(request, pk))
    is_part = request.htmx and not request.htmx.boosted
    if not form.is_valid():
        if is_part:
            return render(request, "crm/_repair_row.html", {"unread": form.unread, "form": form}, status=422)
        return _page(request, form, 422)
    contact = repair(form.unread, form.cleaned_data["value"], by=request.user)
    if is_part:
        return render(request, "crm/_repair_done.html", {"contact": contact})
    messages.success(request, _("Repaired: %(name)s") % {"name": contact.name})
    return redirect("crm:unread-list")


@requires(Right.CONTACTS_EDIT)
@require_POST
def unread_remove(request, pk):
    unread = _unread(request, pk)
    remove_unread(unread, by=request.user)
    if request.htmx and not request.htmx.boosted:
        return HttpResponse()
    messages.success(request, _("Taken away: %(name)s") % {"name": unread.contact.name})
    return redirect("crm:unread-list")
