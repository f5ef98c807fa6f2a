"""Who can sign in to the demo. These people and passwords exist nowhere else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    email: str
    password: str
    name: str
    role: str
    language: str = "ru"


_PASSWORD = "payom-demo-2026"
ACCOUNTS = [
    Account("editor@payom.test", _PASSWORD, "Мехрона С.", "Редактор"),
    Account("head@payom.test", _PASSWORD, "Фарангис Н.", "Руководитель"),
    Account("tajik@payom.test", _PASSWORD, "Далер О.", "Муҳаррир", "tg"),
]
