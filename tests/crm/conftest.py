"""What tests of lists that are imported have in common."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from crm.actions.imports import receive
from crm.models import ImportBatch


@pytest.fixture
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def browser(client_of, author):
    """Someone whose interface speaks the language these tests read."""
    author.language = "en"
    author.save()
    return client_of(author)


@pytest.fixture
def bring(author, request):
    """Uploads rows below the HEADER of the module that asks."""

    def received(text: str) -> ImportBatch:
        file = SimpleUploadedFile("l.csv", (request.module.HEADER + text).encode())
        return receive(file, by=author, kind="journalist", basis="unknown")

    return received
