from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Right
from core.forms import TidyForm

from ..models import Contact, FollowUp, Touch
from ..states import TouchKind

_LONGEST = 4000
_EARLIEST = 1900


class TouchForm(TidyForm, forms.Form):
    """What was said, and how. Without a moment it was just now."""

    text = forms.CharField(
        label=pgettext_lazy("timeline", "What was agreed"),
        max_length=_LONGEST,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": _("What was agreed? The staff of the media group will see the note")}
        ),
    )
    kind = forms.ChoiceField(
        label=_("What it was"),
        choices=[(kind.value, kind.label) for kind in (TouchKind.NOTE, TouchKind.CALL, TouchKind.MEETING)],
        widget=forms.RadioSelect,
    )
    at = forms.DateTimeField(
        label=pgettext_lazy("timeline", "When it was"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: now."),
    )

    def __init__(self, *args, touch: Touch | None = None, text: str = "", **kwargs):
        initial = {"kind": TouchKind.NOTE}
        if touch:
            initial = {"kind": touch.kind, "at": timezone.localtime(touch.at), "text": text}
        super().__init__(*args, initial=initial, **kwargs)
        if touch:
            self.fields["at"].help_text = ""
        if touch and touch.kind == TouchKind.MESSENGER:
            # What was written to somebody stays a message.
            del self.fields["kind"]

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at and at.year < _EARLIEST:
            raise forms.ValidationError(_("This year cannot be right. Correct it, or leave the field empty for now."))
        if at and at > timezone.now():
            raise forms.ValidationError(_("This moment is still to come. For what is to be done, set a reminder."))
        return at


class FollowUpForm(TidyForm, forms.Form):
    text = forms.CharField(label=_("What is to be done"), max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
    due_on = forms.DateField(label=_("When"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    assignee = forms.ModelChoiceField(User.objects.none(), label=_("Whom to remind"), empty_label=None)

    def __init__(self, *args, contact: Contact, by: User, follow_up: FollowUp | None = None, text: str = "", **kwargs):
        initial = {"assignee": by.pk, "due_on": timezone.localdate()}
        if follow_up:
            initial = {"assignee": follow_up.assignee_id, "due_on": follow_up.due_on, "text": text}
        super().__init__(*args, initial=initial, **kwargs)
        self.contact, self.was_due_on = contact, follow_up.due_on if follow_up else None
        self.fields["assignee"].queryset = User.objects.with_right(Right.CONTACTS_EDIT).order_by("name")

    def clean_due_on(self):
        """A day gone by would be late at once; one that stands there already may stay."""
        due_on = self.cleaned_data["due_on"]
        if due_on < timezone.localdate() and due_on != self.was_due_on:
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        return due_on

    def clean_assignee(self):
        """Nobody is reminded of a person whom they may not know of."""
        assignee = self.cleaned_data["assignee"]
        if not Contact.objects.visible_to(assignee).filter(pk=self.contact.pk).exists():
            raise forms.ValidationError(_("This contact is hidden from them. Choose somebody else."))
        return assignee


class MessageForm(TidyForm, forms.Form):
    """A message that a person sends by their own messenger; here it is only written down."""

    text = forms.CharField(
        label=_("Text of the message"), max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 5})
    )
