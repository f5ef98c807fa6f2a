from django import forms

from core.forms import TidyForm

from .models import User


class SettingsForm(TidyForm, forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "job_title", "language", "theme"]
        widgets = {"language": forms.RadioSelect, "theme": forms.RadioSelect}
