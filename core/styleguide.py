"""Every component in every state on one page. Shown only where DEBUG is on."""

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render

from core.icons import ICONS

LANGUAGES = [("tg", "Тоҷикӣ"), ("ru", "Русский"), ("en", "English")]
TONES = ["accent", "gold", "ok", "bad", "info", "plum"]


class SampleForm(forms.Form):
    """One field of each kind; a wrong address shows the error state."""

    email = forms.EmailField(label="Электронная почта", help_text="Сюда придёт приглашение")
    kind = forms.ChoiceField(label="Кто это", choices=[("", "Выберите"), ("press", "Журналист")], required=False)
    languages = forms.MultipleChoiceField(
        label="Языки", choices=LANGUAGES, widget=forms.CheckboxSelectMultiple, required=False
    )
    language = forms.ChoiceField(
        label="Язык писем",
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs={"class": "choices choices--row"}),
        required=False,
    )
    note = forms.CharField(label="Заметка", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    file = forms.FileField(label="Файл", required=False)
    agreed = forms.BooleanField(label="Согласие есть", required=False)
    locked = forms.CharField(label="Закрыто для правки", disabled=True, initial="Подписка 12.03.2025", required=False)


def styleguide(request):
    context = {
        "theme": request.GET.get("theme") if request.GET.get("theme") in {"light", "dark"} else "system",
        "form": SampleForm(initial={"email": "subhi@chashma.example", "language": "tg"}, prefix="good"),
        "wrong": SampleForm({"wrong-email": "subhi@chashma"}, prefix="wrong"),
        "errors": SampleForm({"errors-email": "subhi@chashma"}, prefix="errors"),
        "page": Paginator(range(342), 50).page(2),
        "icons": ICONS,
        "tones": TONES,
        "parts": [(210, "accent", "ру"), (144, "info", "тҷ"), (58, "gold", "en")],
        "codes": ["tg", "ru", "en"],
        "people": [
            "Анҷела Лолазор",
            "Баҳром Ситораӣ",
            "Галина Тополева",
            "Ғайрат Субҳӣ",
            "Зебо Бодомӣ",
            "Қудрат Дарёӣ",
        ],
    }
    return render(request, "styleguide.html", context)
