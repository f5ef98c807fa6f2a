"""Cards of one person: find them, look at two side by side, make them one, and two again."""

from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import refuse
from accounts.roles import Right
from core.rights import requires
from core.sealing import CannotUnseal

from ..actions import merging
from ..forms.duplicates import MergeForm
from ..matching import fields, pairs
from ..matching.holdings import holdings
from ..models import Contact, Distinct, Merge, Suppression
from ..permissions import may_edit
from ..states import Sensitivity

_PER_PAGE = 20


def follows_merges(view):
    """The old address of a card that was merged leads to the card it is part of."""

    @wraps(view)
    def following(request, *args, pk=None, **kwargs):
        try:
            return view(request, *args, pk=pk, **kwargs)
        except Http404:
            kept = Merge.objects.leading_from(pk, request.user) if request.method in ("GET", "HEAD") else None
            if kept is None:
                raise
            return redirect(request.resolver_match.view_name, pk=kept)

    return following


@requires(Right.CONTACTS_EDIT)
@require_safe
def duplicates(request):
    """Pairs that are offered, or, with ?names=1, those that share nothing but a name."""
    by_name = "names" in request.GET
    found = pairs.namesakes(request.user) if by_name else pairs.offered(request.user)
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "crm/duplicate_list.html", {"page_obj": page, "by_name": by_name, "is_cut": len(found) >= pairs.MOST}
    )


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def compare(request):
    """Two cards side by side; a POST merges the second one into the first. Of more than two the others wait."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(request.user, [*asked.getlist("a"), *asked.getlist("b")])
    if len(chosen) < 2:
        messages.error(request, _("Two cards are needed to compare. One of them is not there any more, or was merged."))
        return redirect("crm:duplicate-list")
    keep, drop, *waiting = chosen
    if any(contact.is_sealed for contact in (keep, drop)) and not request.user.may(Right.CONTACTS_SEALED):
        return refuse(request, (Right.CONTACTS_SEALED,))
    try:
        return _compare(request, keep, drop, waiting)
    except CannotUnseal:
        messages.error(
            request, _("It cannot be opened: the key is not on this machine. Tell who looks after the server.")
        )
        return redirect("crm:contact-detail", pk=keep.pk)


@requires(Right.CONTACTS_EDIT)
@require_safe
@follows_merges
def choose(request, pk):
    """The other card to compare this one with, among those that may be merged with it."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    if not may_edit(contact, request.user):
        return refuse(request, (Right.CONTACTS_SEALED,))
    typed = request.GET.get("q", "").strip()
    others = Contact.objects.visible_to(request.user).filter(is_post=contact.is_post).exclude(pk=pk)
    if not request.user.may(Right.CONTACTS_SEALED):
        others = others.exclude(sensitivity=Sensitivity.SEALED)
    found = list(others.search(typed).for_list()[: _PER_PAGE + 1]) if typed else []
    context = {"contact": contact, "typed": typed, "found": found[:_PER_PAGE], "is_cut": len(found) > _PER_PAGE}
    return render(request, "crm/merge_choose.html", context)


def _chosen(user, numbers) -> list[Contact]:
    keys = list(dict.fromkeys(int(number) for number in numbers if number.isdecimal() and len(number) < 19))
    found = Contact.objects.visible_to(user).with_everything().select_related("owner").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _compare(request, keep, drop, waiting):
    compared = pairs.compare([tuple(sorted([keep.pk, drop.pk]))], request.user, decided=True)
    score = compared[0].score if compared else None
    is_offered = bool(score and score.is_offered)
    form = MergeForm(request.POST if request.method == "POST" else None, keep=keep, drop=drop, is_offered=is_offered)
    if form.is_valid():
        try:
            made = merging.merge(keep, drop, form.choices, by=request.user)
        except merging.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _merged(request, made, waiting)
    context = {
        "form": form, "keep": keep, "drop": drop, "waiting": waiting, "score": score, "is_offered": is_offered,
        "distinct": Distinct.objects.filter(first=min(keep, drop, key=_key), second=max(keep, drop, key=_key)).first(),
        "holdings": holdings(keep, drop), "level": _level(keep, drop), "weaker": _weaker(keep, drop),
        "stops": [rule for card in (keep, drop) for rule in card.stop_rules.in_force().select_related("topic")],
        "suppressed": Suppression.objects.filter(key__in=[e.key for c in (keep, drop) for e in c.emails.all()]).count(),
    }  # fmt: skip
    return render(request, "crm/merge_form.html", context, status=422 if form.errors else 200)


def _key(contact):
    return contact.pk


def _level(keep, drop):
    """The sensitivity of the card that comes of it, where the two differ."""
    if keep.sensitivity == drop.sensitivity:
        return None
    strict = keep if fields.stricter(keep, drop) == keep.sensitivity else drop
    return strict.get_sensitivity_display()


def _weaker(keep, drop):
    """The basis that stays unless somebody chooses the stronger one, where the two differ."""
    if keep.basis == drop.basis:
        return None
    return (keep if fields.suggested(keep, drop, "basis") == fields.KEEP else drop).get_basis_display()


def _merged(request, made, waiting):
    said = _("“%(name)s” is a part of this card now. Until %(day)s they can be split again.") % {
        "name": made.dropped_name,
        "day": date_format(made.until, "DATE_FORMAT"),
    }
    messages.success(request, said, extra_tags=reverse("crm:merge-undo", args=[made.pk]))
    if waiting:
        rest = "".join(f"&b={contact.pk}" for contact in waiting)
        return redirect(f"{reverse('crm:merge-create')}?a={made.kept_id}{rest}")
    return redirect("crm:contact-detail", pk=made.kept_id)


@requires(Right.CONTACTS_EDIT)
@require_POST
def different(request):
    """These are two people: the pair is not offered again."""
    chosen = _chosen(request.user, [*request.POST.getlist("a"), *request.POST.getlist("b")])
    if len(chosen) < 2:
        raise Http404
    try:
        made = merging.call_different(*chosen[:2], by=request.user)
    except merging.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("%(first)s and %(second)s are different people: they are not asked about again.")
        names = {"first": chosen[0].name, "second": chosen[1].name}
        messages.success(request, said % names, extra_tags=reverse("crm:duplicate-again", args=[made.pk]))
    return redirect("crm:duplicate-list")


@requires(Right.CONTACTS_EDIT)
@require_POST
def again(request, pk):
    """They may be one person after all: the pair is offered again."""
    visible = Contact.objects.visible_to(request.user)
    distinct = get_object_or_404(Distinct.objects.filter(first__in=visible, second__in=visible), pk=pk)
    merging.forget_difference(distinct, by=request.user)
    messages.success(request, _("The pair is compared again."))
    return redirect("crm:duplicate-list")


@requires(Right.CONTACTS_EDIT)
@require_safe
def merges(request):
    """What was merged, the newest first."""
    found = Merge.objects.visible_to(request.user).select_related("kept", "by", "undone_by").defer("record")
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "crm/merge_list.html", {"page_obj": page})


@requires(Right.CONTACTS_EDIT)
@require_POST
def undo(request, pk):
    """Two cards again."""
    made = get_object_or_404(Merge.objects.visible_to(request.user).select_related("kept"), pk=pk)
    try:
        split = merging.unmerge(made, by=request.user)
    except merging.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("crm:merge-list")
    except CannotUnseal:
        messages.error(
            request, _("It cannot be opened: the key is not on this machine. Tell who looks after the server.")
        )
        return redirect("crm:merge-list")
    _tell(request, made, split)
    return redirect("crm:contact-detail", pk=split.contact.pk)


def _tell(request, made, split):
    messages.success(
        request,
        _("%(first)s and %(second)s are two cards again.") % {"first": made.kept.name, "second": split.contact.name},
    )
    if split.stayed:
        said = _("On the card %(name)s this stays as somebody changed it since: %(fields)s.")
        messages.warning(request, said % {"name": made.kept.name, "fields": ", ".join(map(str, split.stayed))})
    if split.skipped:
        said = ngettext(
            "%(count)s entry could not be put back: it was deleted or changed since.",
            "%(count)s entries could not be put back: they were deleted or changed since.",
            split.skipped,
        )
        messages.warning(request, said % {"count": split.skipped})
