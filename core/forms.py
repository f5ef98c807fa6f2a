"""How forms are drawn: our templates where we have one, Django's own for the rest."""

from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template import TemplateDoesNotExist


class FormRenderer(DjangoTemplates):
    """`{{ form }}` and `{{ form.name.as_field_group }}` give `.field` blocks."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"
    project = TemplatesSetting()

    def get_template(self, template_name):
        # The admin's widgets include Django's own ones, which only the default engine finds.
        if template_name.startswith("admin/"):
            return super().get_template(template_name)
        try:
            return self.project.get_template(template_name)
        except TemplateDoesNotExist:
            return super().get_template(template_name)
