"""To whom a mailing goes: the column beside its text, the lists behind its figures, and “why?”."""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Right
from core.rights import requires
from crm.models import Contact, PersonName, Segment, fits
from crm.models.rules import is_key

from .. import actions
from ..forms import AudienceForm, MeasuresForm, PlanForm, rule_labels
from ..forms.accounts import ChooseAccountForm
from ..models import Delivery, Exclusion, Mailing, MailingVersion, Probe, SendingAccount
from ..models.rules import PICK, chosen
from ..models.wording import answers
from ..pipeline.checks import check, clashes, has_errors
from ..pipeline.forecast import time_needed
from ..pipeline.freeze import audience_of
from ..pipeline.funnel import funnel
from ..pipeline.measures import numbers
from ..pipeline.pacing import duration, wave_size
from ..pipeline.throttle import account_of
from ..states import Reason, WrongState

_FOUND = 20
LANGUAGE_PARTS = {"ru": ("accent", "ру"), "tg": ("info", "тҷ"), "en": ("gold", "en")}
# The tab of those whose form of address nobody has looked at: no reason, they get the letter.
UNCHECKED = "unchecked"


def side_context(mailing, user):
    """What stands beside the text: to whom, the checks, when."""
    audience = audience_of(mailing)
    findings = check(mailing, audience)
    sums = funnel(mailing.audience, audience)
    return {
        "mailing": mailing,
        "audience": audience,
        "audience_form": AudienceForm(initial=mailing.audience, prefix="audience", user=user),
        "rule_labels": rule_labels(mailing.audience, user=user, sizes=sums.sizes),
        "funnel": sums,
        "language_parts": [
            (count, *LANGUAGE_PARTS[code]) for code, count in sorted(audience.by_language().items(), reverse=True)
        ],
        "findings": findings,
        "todo": sum(finding.level in {"error", "warning"} for finding in findings),
        "blocked": has_errors(findings),
        "sample_contact": _sample_contact(audience, user),
        "comments": mailing.comments.open().count(),
        "measures_form": MeasuresForm(instance=mailing),
        "measured": mailing.measures and numbers(audience.readers),
    } | _when(mailing, audience)


def _over_which(mailing, audience):
    """Over which account it leaves, where there is a choice, and how long its limits make that last."""
    account = account_of(mailing)
    many = SendingAccount.objects.filter(is_active=True).exclude(pk=account.pk).exists()
    domains = Counter(Delivery.domain_of(one.address) for one in audience.recipients if one.address).values()
    needed = time_needed(account, len(audience.recipients), start=timezone.now(), domains=domains)
    return {
        "account_form": ChooseAccountForm(initial={"account": account.pk}) if many else None,
        "account_limit": account.limit or account.per_domain,
        "time_needed": duration(needed) if needed >= timedelta(minutes=1) else "",
    }


def _when(mailing, audience):
    """When it leaves and how fast, what speaks against leaving this minute, and what a worker was asked to look at."""
    letters = len(audience.recipients)
    probes = {probe.kind: probe for probe in mailing.probes.all()}
    return {
        **_over_which(mailing, audience),
        "plan_form": PlanForm(mailing=mailing),
        "is_ahead": mailing.send_at is not None and mailing.send_at > timezone.now(),
        "wave": wave_size(letters, mailing.pace, mailing.pace_number),
        "now_clashes": clashes(timezone.now(), pace=mailing.pace),
        "asks_number": letters >= settings.TYPE_COUNT_FROM,
        "hold_minutes": round(settings.MAIL_HOLD.total_seconds() / 60),
        "probes": [(kind.value, kind.label, probes.get(kind)) for kind in Probe.Kind],
    }


def _sample_contact(audience, user) -> str:
    """Somebody of the audience whom this person may know of. A string: a number would get thousands separators."""
    some = [recipient.contact_id for recipient in audience.recipients[:50]]
    first = Contact.objects.visible_to(user).filter(pk__in=some).order_by("pk").values_list("pk", flat=True).first()
    return str(first or "")


@requires(Right.MAILINGS_WRITE)
@require_POST
def audience(request, pk):
    mailing = get_object_or_404(Mailing, pk=pk)
    language = request.POST.get("language", "")
    form = AudienceForm(request.POST, initial=mailing.audience, prefix="audience", user=request.user)
    if not form.is_valid():
        messages.error(request, _("The audience is as it was: one of the choices is not there any more."))
    else:
        try:
            actions.set_audience(mailing, form.cleaned_data, by=request.user)
        except WrongState as refusal:
            messages.error(request, str(refusal))
    language = language if language in MailingVersion.Language.values else "ru"
    return redirect("mailings:mailing-compose", pk=pk, language=language)


@requires(Right.MAILINGS_VIEW)
@require_safe
def recipients(request, pk):
    """Everyone who would get the mailing, and everyone left out, with the reason."""
    mailing = get_object_or_404(Mailing.objects.prefetch_related("versions"), pk=pk)
    audience = audience_of(mailing)
    reason = request.GET.get("reason", "")
    unchecked = _unchecked(audience)
    if reason == UNCHECKED:
        people = unchecked
    else:
        people = [one for one in audience.left_out if one.reason == reason] if reason else audience.recipients
    visible = set(Contact.objects.visible_to(request.user).order_by().values_list("pk", flat=True))
    shown = [person for person in people if person.contact_id in visible]
    page = Paginator(shown, 50).get_page(request.GET.get("page"))
    context = {"mailing": mailing, "audience": audience, "reason": reason, "page_obj": page}
    context |= {"unchecked": len(unchecked), "shows_unchecked": reason == UNCHECKED}
    context["hidden"] = len(people) - len(shown)
    return render(request, "mailings/recipient_list.html", context | _found(request))


def _unchecked(audience):
    """Recipients spoken to in a way that nobody has looked at. One query."""
    looked_at = PersonName.objects.filter(address_checked_at__isnull=False).order_by()
    checked = set(looked_at.values_list("contact", "language"))
    return [one for one in audience.recipients if (one.holder_id or one.contact_id, one.language) not in checked]


def _found(request):
    """Somebody looked for by name: whether they get the mailing is asked about one at a time."""
    asked = request.GET.get("who", "").strip()
    found = Contact.objects.visible_to(request.user).search(asked)[:_FOUND] if asked else []
    return {"asked": asked, "found": found}


@requires(Right.MAILINGS_VIEW)
@require_safe
def explain(request, pk, contact_pk):
    """Why somebody gets a mailing or does not: the rule, criterion by criterion, and what keeps them out of it."""
    mailing = get_object_or_404(Mailing.objects.prefetch_related("versions"), pk=pk)
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=contact_pk)
    context = {"mailing": mailing, "contact": contact, "answers": answers(contact, mailing.audience, by=request.user)}
    context |= {"fits": fits(contact, [chosen(mailing.audience)])[0], "picked": _is_picked(mailing, contact)}
    context |= {"segments": Segment.objects.filter(pk__in=[key for key in mailing.named_segments if is_key(key)])}
    return render(request, "mailings/mailing_why.html", context | _fate(mailing, contact))


def _fate(mailing, contact):
    """What became of somebody, or would: a letter, or the reason why not. Neither for whom the rule does not choose."""
    if mailing.is_frozen:
        letter = mailing.deliveries.filter(contact=contact).first()
        left_out = Exclusion.objects.filter(mailing=mailing, contact=contact).first()
        return {"letter": letter, "reason": left_out and Reason(left_out.reason).label}
    audience = audience_of(mailing)
    letter = next((person for person in audience.recipients if person.contact_id == contact.pk), None)
    left_out = next((person for person in audience.left_out if person.contact_id == contact.pk), None)
    return {"letter": letter, "reason": left_out and left_out.reason.label}


def _is_picked(mailing, contact):
    return str(contact.pk) in mailing.audience.get(PICK, [])


@requires(Right.MAILINGS_WRITE)
@require_POST
def pick(request, pk, contact_pk):
    """Add somebody by hand, or take them off again."""
    mailing = get_object_or_404(Mailing, pk=pk)
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=contact_pk)
    verb = actions.unpick if request.POST.get("off") else actions.pick
    try:
        verb(mailing, contact, by=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken off.") if request.POST.get("off") else _("Added by hand."))
    return redirect("mailings:mailing-why", pk=pk, contact_pk=contact_pk)
