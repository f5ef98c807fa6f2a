from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import refuse
from accounts.roles import Right
from core.rights import requires

from ..actions.segments import (
    SegmentRefusal,
    Use,
    add_member,
    delete_segment,
    deleted_segments,
    remove_member,
    restore_segment,
    save_segment,
    uses_of,
)
from ..forms.segments import MemberForm, RuleForm, SegmentForm
from ..models import Contact, Counted, Segment, Wording, counts, fits, known_counts, of_criterion, why
from ..models.wording import keys_in

_IN_SIDEBAR = 8
_FOUND = 20


@dataclass(frozen=True)
class Row(Counted):
    """A segment with what its row says beside the number."""

    words: str = ""
    uses: list[Use] = field(default_factory=list)


def _wording(request, rules):
    return Wording(rules, sees_restricted=request.user.may(Right.CONTACTS_RESTRICTED))


@requires(Right.CONTACTS_VIEW)
@require_safe
def index(request):
    """Every segment: whom it means, how many they are, and where it is used."""
    segments = list(Segment.objects.select_related("made_by"))
    wording = _wording(request, [segment.rule for segment in segments])
    known, uses = known_counts(segments, by=request.user), uses_of(segment.pk for segment in segments)
    rows = [
        Row(segment, known.get(segment.pk), wording.sentence(segment.rule), _seen_uses(request, uses[segment.pk]))
        for segment in segments
    ]
    return render(request, "crm/segment_list.html", {"rows": rows, "deleted": deleted_segments()})


def _seen_uses(request, uses):
    return [use for use in uses if request.user.may(use.right)]


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    """Save a filter of the contact list under a name; without a filter, begin an empty list."""
    given = request.POST if request.method == "POST" else {"query": request.GET.urlencode()}
    rule_form = RuleForm(given, user=request.user)
    form = SegmentForm(request.POST or None)
    has_rule = rule_form.is_valid() and bool(rule_form.rule)
    if request.method == "POST" and form.is_valid() and rule_form.is_valid():
        form.instance.kind = Segment.Kind.RULE if has_rule else Segment.Kind.LIST
        form.instance.rule = rule_form.rule
        segment = save_segment(form.instance, by=request.user)
        messages.success(request, _("Saved: %(name)s") % {"name": segment.name})
        return redirect(list_of(segment) if has_rule else segment_page(segment))
    context = {"form": form, "rule_form": rule_form, "has_rule": has_rule, "query": given.get("query", "")}
    if has_rule:
        context |= {"words": _wording(request, [rule_form.rule]).sentence(rule_form.rule)}
    return render(request, "crm/segment_form.html", context, status=422 if request.method == "POST" else 200)


def segment_page(segment):
    return reverse("crm:segment-detail", args=[segment.pk])


def list_of(segment):
    return f"{reverse('crm:contact-list')}?segment={segment.pk}"


@requires(Right.CONTACTS_VIEW)
@require_safe
def detail(request, pk):
    segment = get_object_or_404(Segment.objects.select_related("made_by"), pk=pk)
    return _page(request, segment, SegmentForm(instance=segment))


def _page(request, segment, form, status=200):
    uses = _seen_uses(request, uses_of([segment.pk])[segment.pk])
    row = Row(segment, known_counts([segment], by=request.user).get(segment.pk), uses=uses)
    asked = request.GET.get("who", "").strip()
    context = {
        "segment": segment,
        "form": form,
        "parts": _wording(request, [segment.rule]).parts(segment.rule),
        "filter": urlencode(segment.rule, doseq=True),
        "row": row,
        "waiting": [row],
        "asked": asked,
        "found": _in_or_not(request, segment, asked) if asked else [],
    }
    return render(request, "crm/segment_detail.html", context, status=status)


def _in_or_not(request, segment, asked):
    """People found by name, and whether the segment has them."""
    found = Contact.objects.visible_to(request.user).search(asked)[:_FOUND]
    people = list(found.prefetch_related("positions__organisation"))
    inside = Contact.objects.filter(of_criterion("segment", [str(segment.pk)]), pk__in=[one.pk for one in people])
    keys = set(inside.order_by().values_list("pk", flat=True))
    return [(one, one.pk in keys) for one in people]


@requires(Right.CONTACTS_EDIT)
@require_POST
def update(request, pk):
    """Another name or colour."""
    segment = get_object_or_404(Segment.objects.select_related("made_by"), pk=pk)
    form = SegmentForm(request.POST, instance=segment)
    if not form.is_valid():
        segment.refresh_from_db(fields=["name", "colour"])
        return _page(request, segment, form, status=422)
    save_segment(form.instance, by=request.user)
    messages.success(request, _("Saved: %(name)s") % {"name": segment.name})
    return redirect(segment_page(segment))


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def change_rule(request, pk):
    """The filter that the contact list has becomes the segment's rule, once both have been seen side by side."""
    segment = get_object_or_404(Segment, pk=pk, kind=Segment.Kind.RULE)
    given = request.POST if request.method == "POST" else {"query": request.GET.urlencode()}
    form = RuleForm(given, user=request.user, needs_filter=True)
    old = segment.rule
    if form.is_valid() and request.method == "POST":
        segment.rule = form.rule
        try:
            save_segment(segment, by=request.user)
        except SegmentRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved: %(name)s") % {"name": segment.name})
            return redirect(list_of(segment))
    new = form.rule if form.is_valid() else {}
    wording = _wording(request, [old, new])
    context = {"segment": segment, "form": form, "old": wording.sentence(old), "new": wording.sentence(new)}
    context |= {"uses": _seen_uses(request, uses_of([pk])[pk]), "query": QueryDict(given.get("query", "")).urlencode()}
    return render(request, "crm/segment_rule.html", context, status=422 if request.method == "POST" else 200)


@requires(Right.CONTACTS_EDIT)
@require_POST
def delete(request, pk):
    segment = get_object_or_404(Segment, pk=pk)
    try:
        deleted = delete_segment(segment, by=request.user)
    except SegmentRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect(segment_page(segment))
    undo = reverse("crm:segment-restore", args=[deleted.pk])
    messages.success(request, _("Deleted: %(name)s") % {"name": segment.name}, extra_tags=undo)
    return redirect("crm:segment-list")


@requires(Right.CONTACTS_EDIT)
@require_POST
def restore(request, pk):
    deleted = get_object_or_404(deleted_segments(), pk=pk)
    try:
        segment = restore_segment(deleted, by=request.user)
    except SegmentRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect("crm:segment-list")
    messages.success(request, _("It is back: %(name)s") % {"name": segment.name})
    return redirect(segment_page(segment))


@requires(Right.CONTACTS_VIEW)
@require_safe
def explain(request, pk, contact_pk):
    """Why somebody is, or is not, in a segment, criterion by criterion."""
    segment = get_object_or_404(Segment, pk=pk)
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=contact_pk)
    context = {"segment": segment, "contact": contact}
    if segment.is_list:
        member = segment.memberships.select_related("added_by").filter(contact=contact).first()
        context |= {"member": member, "is_in": member is not None}
    else:
        answers = why(contact, segment.rule, by=request.user, within=frozenset({segment.pk}))
        context |= {"answers": answers, "is_in": all(answer.fits for answer in answers)}
    part = request.htmx and not request.htmx.boosted
    return render(request, "crm/_segment_why.html" if part else "crm/segment_why.html", context)


@requires(Right.CONTACTS_VIEW)
@require_safe
def of_contact(request, pk):
    """All segments of one person, and all others: a panel of their page, or a page."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    segments = list(Segment.objects.all())
    inside = fits(contact, [of_criterion("segment", [str(segment.pk)]) for segment in segments])
    rows = [(segment, is_in) for segment, is_in in zip(segments, inside, strict=True)]
    may_list = _may_list(request.user, contact)
    context = {
        "contact": contact,
        "rows": sorted(rows, key=lambda row: not row[1]),
        "may_list": may_list,
        "lists": [segment for segment, is_in in rows if segment.is_list and not is_in and may_list],
    }
    part = request.htmx and not request.htmx.boosted
    return render(request, "crm/_segment_of_contact.html" if part else "crm/segment_of_contact.html", context)


def _may_list(user, contact):
    return user.may(Right.CONTACTS_EDIT) and (not contact.is_sealed or user.may(Right.CONTACTS_SEALED))


@requires(Right.CONTACTS_EDIT)
@require_POST
def set_member(request, pk):
    """Put somebody on a fixed list, or take them off it."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    if not _may_list(request.user, contact):
        return refuse(request, (Right.CONTACTS_SEALED,))
    form = MemberForm(request.POST)
    if form.is_valid():
        segment = form.cleaned_data["segment"]
        names = {"person": contact.name, "name": segment.name}
        if request.POST.get("do") == "remove":
            remove_member(segment, contact, by=request.user)
            messages.success(request, _("%(person)s is no longer on the list “%(name)s”.") % names)
        else:
            add_member(segment, contact, by=request.user)
            messages.success(request, _("%(person)s is on the list “%(name)s”.") % names)
    else:
        messages.error(request, _("Nothing is changed: that list is not there any more."))
    return redirect("crm:contact-segments", pk=pk)


@requires(Right.CONTACTS_VIEW)
@require_safe
def show_counts(request):
    """The numbers of the segments that places of a page wait for."""
    segments = Segment.objects.filter(pk__in=keys_in(request.GET.getlist("of")))
    return render(request, "crm/_segment_counts.html", {"counts": counts(segments, by=request.user)})


@requires(Right.CONTACTS_VIEW)
@require_safe
def sidebar(request):
    """The segments under the sections, with their numbers. No page waits for it."""
    if not request.htmx:
        return redirect("crm:segment-list")
    segments = list(Segment.objects.all()[:_IN_SIDEBAR])
    found = counts(segments, by=request.user)
    rows = [(segment, found[segment.pk]) for segment in segments]
    return render(request, "crm/_segment_sidebar.html", {"rows": rows})
