"""What a browser would send of a form as its page shows it."""

from crm.forms.ways import WayRows, WaysField


def sent(form) -> dict[str, object]:
    found = {}
    for field in form:
        value = field.value()
        if isinstance(field.field, WaysField):
            found |= WayRows.sent(field.name, value or [])
        elif value is True:
            found[field.name] = "on"
        elif value is not None and value is not False:
            found[field.name] = value
    return found
