"""The page of what a mailing is and what stands around its texts; signatories; hotlines."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Right
from core.rights import requires

from .. import actions
from ..files import Refused
from ..forms import MailingForm
from ..forms.particulars import AgreementForm, HotlinesForm, LogoForm, ParticularsForm, SignatoryForm
from ..models import Mailing, MailingVersion, Signatory
from ..states import WrongState


def letter_page(request, mailing, *, open_signatory=None, **forms):
    """All forms of the page; those of `forms` as they were sent, with what is wrong."""
    fresh = Mailing.objects.get(pk=mailing.pk)
    shown = {
        "form": MailingForm(instance=fresh),
        "particulars": ParticularsForm(mailing=fresh),
        "signatory_form": SignatoryForm(mailing=fresh, user=request.user),
        "agreement": AgreementForm(),
        "logo": LogoForm(),
    } | forms
    signatories = fresh.signatories.select_related("logo", "noted_by") if "signatories" in fresh.has else None
    context = shown | {"mailing": fresh, "signatories": signatories, "open_signatory": open_signatory}
    context["languages"] = MailingVersion.Language.choices
    wrong = any(form.errors for form in forms.values())
    return render(request, "mailings/mailing_form.html", context, status=422 if wrong else 200)


@requires(Right.MAILINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def update(request, pk):
    """What a mailing is called, and its kind and topics, which say who does not want it."""
    mailing = get_object_or_404(Mailing, pk=pk)
    if not mailing.is_editable:
        return redirect("mailings:mailing-report", pk=pk)
    if request.method != "POST":
        return letter_page(request, mailing)
    # A form of its own object: what is refused must not stand on the page as if it were so.
    form = MailingForm(request.POST, instance=Mailing.objects.get(pk=pk))
    if not form.is_valid():
        return letter_page(request, mailing, form=form)
    before = mailing.kind
    if _did(request, actions.describe, mailing, **form.cleaned_data) and before != form.cleaned_data["kind"]:
        messages.info(request, _("It is of another kind now. What belongs to this kind stands below."))
        return redirect("mailings:mailing-update", pk=pk)
    return redirect("mailings:mailing-detail", pk=pk)


def _did(request, action, *what, **how):
    """Do it; where that is not possible any more, say why."""
    try:
        action(*what, **how, by=request.user)
    except (WrongState, Refused) as refusal:
        messages.error(request, str(refusal))
        return False
    return True


@requires(Right.MAILINGS_WRITE)
@require_POST
def particulars(request, pk):
    mailing = get_object_or_404(Mailing, pk=pk)
    form = ParticularsForm(request.POST, mailing=mailing)
    if not form.is_valid():
        return letter_page(request, mailing, particulars=form)
    try:
        actions.set_particulars(mailing, form.own, form.words, by=request.user)
    except WrongState as refusal:
        form.add_error(None, str(refusal))
        return letter_page(request, mailing, particulars=form)
    messages.success(request, _("Saved."))
    return redirect("mailings:mailing-update", pk=pk)


@requires(Right.MAILINGS_WRITE)
@require_POST
def add_signatory(request, pk):
    mailing = get_object_or_404(Mailing, pk=pk)
    form = SignatoryForm(request.POST, mailing=mailing, user=request.user)
    if not form.is_valid():
        return letter_page(request, mailing, signatory_form=form)
    _did(request, actions.add_signatory, mailing, form.cleaned_data["organisation"])
    return redirect("mailings:mailing-update", pk=pk)


def _signatory(pk):
    return get_object_or_404(Signatory.objects.select_related("mailing", "logo"), pk=pk)


@requires(Right.MAILINGS_WRITE)
@require_POST
def note_agreement(request, pk):
    """Who of the organisation said yes; or, with `back`, that it was a mistake."""
    signatory = _signatory(pk)
    if "back" in request.POST:
        actions.note_agreement(signatory, agreed_by="", agreed_on=None, by=request.user)
        return redirect("mailings:mailing-update", pk=signatory.mailing_id)
    form = AgreementForm(request.POST)
    if not form.is_valid():
        return letter_page(request, signatory.mailing, agreement=form, open_signatory=signatory.pk)
    actions.note_agreement(signatory, **form.cleaned_data, by=request.user)
    return redirect("mailings:mailing-update", pk=signatory.mailing_id)


@requires(Right.MAILINGS_WRITE)
@require_POST
def put_logo(request, pk):
    signatory = _signatory(pk)
    form = LogoForm(request.POST, request.FILES)
    if not form.is_valid():
        return letter_page(request, signatory.mailing, logo=form, open_signatory=signatory.pk)
    _did(request, actions.put_logo, signatory, form.cleaned)
    return redirect("mailings:mailing-update", pk=signatory.mailing_id)


@requires(Right.MAILINGS_WRITE)
@require_POST
def remove_signatory(request, pk):
    signatory = _signatory(pk)
    _did(request, actions.remove_signatory, signatory)
    return redirect("mailings:mailing-update", pk=signatory.mailing_id)


@requires(Right.MAILINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def hotlines(request):
    """Whom readers of each region call for help: it stands in every letter."""
    form = HotlinesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_hotlines(form.texts, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("mailings:hotlines")
    return render(request, "mailings/hotlines.html", {"form": form}, status=422 if form.errors else 200)
