"""How forms are drawn, ours where we have a template and Django's for the rest; and what they do to text."""

from django import forms
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template import TemplateDoesNotExist

from core.text import clean, clean_lines

_ONE_LINE, _LINES = forms.TextInput, forms.Textarea


class TidyForm(forms.BaseForm):
    """Takes out of typed text what cannot be seen and what turns the letters beside it round; lines stay lines.

    For text inputs and plain text areas; an address, a password or a letter's body has rules of its own.
    """

    def clean(self):
        super().clean()
        for name, text in self.cleaned_data.items():
            widget = self.fields[name].widget
            if isinstance(text, str) and type(widget) is _ONE_LINE:
                self.cleaned_data[name] = clean(text)
            elif isinstance(text, str) and type(widget) is _LINES:
                self.cleaned_data[name] = clean_lines(text)


class FormRenderer(DjangoTemplates):
    """`{{ form }}` and `{{ form.name.as_field_group }}` give `.field` blocks."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"
    project = TemplatesSetting()

    def get_template(self, template_name):
        try:
            return self.project.get_template(template_name)
        except TemplateDoesNotExist:
            return super().get_template(template_name)
