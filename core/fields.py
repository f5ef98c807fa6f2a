"""A column that holds sealed text. It marks the column for `rotate_seal_keys`; it seals and unseals nothing itself."""

from django.db import models


class SealedField(models.TextField):
    """Tokens of core.sealing, or nothing. Reading it gives the token: who wants the text has to say `unseal`."""

    def __init__(self, *args, **options):
        super().__init__(*args, **({"blank": True, "default": "", "editable": False} | options))
