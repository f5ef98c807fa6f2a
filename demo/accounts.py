"""Who can sign in to the demo. These people and passwords exist nowhere else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    email: str
    password: str
    name: str
    job_title: str
    role: str
    language: str = "ru"
    may_export: bool = False
    represents: str = ""


_PASSWORD = "payom-demo-2026"
ACCOUNTS = [
    Account("editor@payom.test", _PASSWORD, "Мехрона С.", "Редактор", "editor"),
    Account("head@payom.test", _PASSWORD, "Фарангис Н.", "Руководитель", "head", may_export=True),
    Account("tajik@payom.test", _PASSWORD, "Далер О.", "Муҳаррир", "editor", "tg"),
    Account("admin@payom.test", _PASSWORD, "Сергей К.", "Администратор", "administrator"),
    Account(
        "member@payom.test",
        _PASSWORD,
        "Нигора А.",
        "Представитель организации",
        "member",
        represents="ТҶ «Роҳи ҳақ»",
    ),
    Account("viewer@payom.test", _PASSWORD, "Ольга В.", "Наблюдатель", "viewer"),
]
