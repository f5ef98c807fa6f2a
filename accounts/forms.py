from django import forms

from .models import User


class SettingsForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "job_title", "language", "theme"]
        widgets = {"language": forms.RadioSelect, "theme": forms.RadioSelect}
