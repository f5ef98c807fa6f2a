"""How forms are drawn: our templates where we have one, Django's own for the rest."""

from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template import TemplateDoesNotExist


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
