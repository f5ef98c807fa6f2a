"""The stop list, and the card of a contact that says what the person does not want."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.middleware import refuse
from accounts.roles import Right
from audit.changes import masked
from audit.log import log
from core.rights import requires
from core.sealing import CannotUnseal
from core.views import FilteredListView

from ..actions.stops import add_rule, effective, lift_rule
from ..actions.suppression import suppress, take_off
from ..filters import StopRuleFilter, SuppressionFilter
from ..forms.stops import LiftForm, StopRuleForm, SuppressionForm
from ..models import Contact, StopRule, Suppression
from ..states import Scope

# What the switches of a contact's card say, and which scopes stop the same and more.
SWITCHES = {
    Scope.BULK: (_("Mailings: statements and reviews"), [Scope.EVERYTHING]),
    Scope.INVITATIONS: (_("Invitations"), [Scope.EVERYTHING, Scope.BULK]),
    Scope.GREETINGS: (_("Greetings"), [Scope.EVERYTHING, Scope.BULK]),
}


@dataclass(frozen=True)
class Switch:
    """One kind of letters: whether the person gets it, and what stops it."""

    scope: str
    label: str | Promise
    rules: list[StopRule]
    wider: StopRule | None

    @property
    def is_on(self) -> bool:
        return not self.rules and self.wider is None

    @property
    def is_theirs(self) -> bool:
        """Whether the person said so themselves: then nobody here switches it on again."""
        return any(rule.by_person for rule in self.rules)


@dataclass(frozen=True)
class Consent:
    """What the card shows."""

    switches: list[Switch]
    others: list[StopRule]
    form: StopRuleForm
    may_add: bool
    may_lift: bool
    may_reveal: bool
    is_revealed: bool = False
    said: str = ""


def consent_of(contact, user, *, form=None, revealed=False, said="") -> Consent:
    rules = effective(contact)
    may_add = user.may(Right.CONTACTS_EDIT) and (not contact.is_sealed or user.may(Right.CONTACTS_SEALED))
    is_hidden = any(rule.sealed_text for rule in rules)
    return Consent(
        switches=[_switch(scope, *words, rules) for scope, words in SWITCHES.items()],
        others=[rule for rule in rules if rule.scope not in SWITCHES],
        form=form or StopRuleForm(initial={"scope": Scope.EVERYTHING}),
        may_add=may_add,
        may_lift=may_add and user.may(Right.CONTACTS_LIFT),
        may_reveal=is_hidden and not revealed and user.may(Right.CONTACTS_SEALED),
        is_revealed=revealed,
        said=said,
    )


def _switch(scope, label, wider, rules):
    own = [rule for rule in rules if rule.scope == scope]
    return Switch(scope, label, own, next((rule for rule in rules if rule.scope in wider), None))


def _contact(request, pk):
    return get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)


def _may_not_edit(request, contact):
    return contact.is_sealed and not request.user.may(Right.CONTACTS_SEALED)


def _page(contact):
    return f"{reverse('crm:contact-detail', args=[contact.pk])}#consent"


def _card(request, contact, *, status=200, **state):
    """The card alone for htmx, else a page that holds nothing but it."""
    part = request.htmx and not request.htmx.boosted
    context = {"contact": contact, "consent": consent_of(contact, request.user, **state), "alone": not part}
    return render(request, "crm/_consent.html" if part else "crm/stop_form.html", context, status=status)


def _answer(request, contact, said):
    if request.htmx and not request.htmx.boosted:
        return _card(request, contact, said=said)
    messages.success(request, said)
    return redirect(_page(contact))


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request, pk):
    contact = _contact(request, pk)
    if _may_not_edit(request, contact):
        return refuse(request, (Right.CONTACTS_SEALED,))
    form = StopRuleForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _card(request, contact, form=form, status=422 if form.errors else 200)
    add_rule(contact, **form.cleaned_data, by=request.user)
    return _answer(request, contact, _said(request.user, _t("Kept. From now on we do not do it.")))


def _said(user, text):
    return text if user.may(Right.CONTACTS_LIFT) else " ".join([text, _t("Only the head can lift it.")])


@requires(Right.CONTACTS_EDIT)
@require_POST
def switch(request, pk):
    """Off adds a rule at once; on lifts every rule of this scope, by who may lift."""
    contact, scope = _contact(request, pk), request.POST.get("scope")
    if _may_not_edit(request, contact):
        return refuse(request, (Right.CONTACTS_SEALED,))
    if scope not in SWITCHES:
        raise Http404
    if "wants" not in request.POST:
        add_rule(contact, scope=scope, by=request.user)
        return _answer(request, contact, _said(request.user, _t("Switched off. Such letters go no more.")))
    if not request.user.may(Right.CONTACTS_LIFT):
        return refuse(request, (Right.CONTACTS_LIFT,))
    rules = contact.stop_rules.in_force().filter(scope=scope)
    for rule in rules.filter(by_person=False):
        lift_rule(rule, by=request.user)
    if rules.own().exists():
        return _answer(
            request, contact, _t("The person chose this themselves: only they take it back, by a letter’s link.")
        )
    return _answer(request, contact, _t("Switched on: such letters go again."))


@requires(Right.CONTACTS_LIFT)
@require_POST
def lift(request, pk):
    rule = get_object_or_404(StopRule.objects.visible_to(request.user), pk=pk)
    lift_rule(rule, by=request.user)
    if rule.contact is None or request.POST.get("from") == "list":
        messages.success(request, _t("Lifted. It stays written in the journal."))
        return redirect("crm:stop-list")
    return _answer(request, rule.contact, _t("Lifted. It stays written in the journal."))


@requires(Right.CONTACTS_SEALED)
@require_POST
@never_cache
def reasons(request, pk):
    """Why a sealed contact wants something not, once; the look is in the journal."""
    contact = _contact(request, pk)
    log("crm.contact.revealed", contact, by=request.user)
    try:
        return _card(request, contact, revealed=True)
    except CannotUnseal:
        words = _t("It cannot be opened: the key is not on this machine. Tell who looks after the server.")
        messages.error(request, words)
        return HttpResponseClientRedirect(_page(contact)) if request.htmx else redirect(_page(contact))


class _BothLists(FilteredListView):
    """What the two lists share: how many stand on each."""

    def get_context_data(self, **context):
        people = StopRule.objects.visible_to(self.request.user).in_force().count()
        return super().get_context_data(people=people, addresses=Suppression.objects.count(), **context)


@method_decorator(requires(Right.CONTACTS_VIEW), name="dispatch")
class StopList(_BothLists):
    """People: what each does not want."""

    filterset_class = StopRuleFilter
    template_name = "crm/stop_list.html"
    partial_name = "crm/_stop_table.html"

    def get_queryset(self):
        rules = StopRule.objects.visible_to(self.request.user).in_force()
        self.queryset = rules.select_related("contact", "topic", "set_by")
        return super().get_queryset()


@method_decorator(requires(Right.CONTACTS_VIEW), name="dispatch")
class SuppressionList(_BothLists):
    """Addresses, whoever they belong to."""

    queryset = Suppression.objects.all()
    filterset_class = SuppressionFilter
    template_name = "crm/stop_addresses.html"
    partial_name = "crm/_stop_address_table.html"

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        shown = list(context["object_list"])
        readable = set(
            Suppression.objects.readable_to(self.request.user)
            .filter(pk__in=[entry.pk for entry in shown])
            .values_list("pk", flat=True)
        )
        rows = [_row(entry, entry.pk in readable) for entry in shown]
        return context | {"rows": rows, "lift_form": LiftForm(auto_id=False)}


def _row(entry, is_readable):
    """An entry, its address and evidence as this person may read them."""
    show = str if is_readable else masked
    return entry, show(entry.address), show(entry.evidence)


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def suppress_by_hand(request):
    form = SuppressionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        evidence = masked(form.cleaned_data["evidence"])
        suppress(address, Suppression.Reason.MANUAL, evidence=evidence, by=request.user)
        # The same words whether it stood there before or not: whose it is may be sealed.
        messages.success(request, _t("%(address)s is on the stop list: nobody writes there.") % {"address": address})
        return redirect("crm:suppression-list")
    return render(request, "crm/stop_address_form.html", {"form": form}, status=422 if form.errors else 200)


@requires(Right.CONTACTS_LIFT)
@require_POST
def take_off_list(request, pk):
    entry, form = get_object_or_404(Suppression, pk=pk), LiftForm(request.POST)
    if not form.is_valid():
        messages.error(request, _t("Nothing was changed: choose why the address comes off the list."))
    elif take_off(entry, form.cleaned_data["why"], by=request.user):
        messages.success(request, _t("The address is off the list: it gets letters again."))
    else:
        messages.warning(request, _t("Nothing was changed: the entry is another one by now. Look at it again."))
    return redirect("crm:suppression-list")
