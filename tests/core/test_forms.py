import pytest
from django import forms

from core.forms import TidyForm


class Sample(TidyForm, forms.Form):
    name = forms.CharField(required=False)
    note = forms.CharField(required=False, widget=forms.Textarea)
    email = forms.EmailField(required=False)
    password = forms.CharField(required=False, widget=forms.PasswordInput(), strip=False)


def cleaned(**typed):
    form = Sample(typed)
    assert form.is_valid(), form.errors
    return {name: text for name, text in form.cleaned_data.items() if text}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Хо\u200bлов", "Холов"),
        ("\u202egpj.exe\u202c", "gpj.exe"),
        ("\u2066Холов\u2069", "Холов"),
        ("Холов\r\nBcc: a@b.test", "Холов Bcc: a@b.test"),
        ("и\u0306", "й"),
        ("\ufeff\u200b\u2060", ""),
    ],
)
def test_one_line_keeps_what_can_be_seen(typed, kept):
    assert cleaned(name=typed) == ({"name": kept} if kept else {})


def test_lines_stay_lines():
    assert cleaned(note="один\r\n\r\n\u202eдва \u200b три\n") == {"note": "один\n\nдва  три"}


def test_password_is_left_as_it_was_typed():
    assert cleaned(password=" a\u200bb  c ") == {"password": " a\u200bb  c "}
