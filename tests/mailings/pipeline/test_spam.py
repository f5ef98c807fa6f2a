"""What a real SpamAssassin with its local rules thinks of our letters: `make check-spam`, and never by itself.

`SPAM_TEXTS` names a folder of texts to ask about beside the demo's: files of `## ru`, `## tg`, `## en`, each with a
line of subject and one of preheader.
"""

import os
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
from django.utils.html import escape

from demo.kinds import INVITATION, OFFICIAL, PRESS_RELEASE, REVIEW
from demo.texts import STATEMENT
from mailings.layouts import Frame
from mailings.models import MailingVersion
from mailings.pipeline.preview import Sample
from mailings.pipeline.render import compile_letter, render
from mailings.pipeline.transport import as_bytes

pytestmark = pytest.mark.spam
# Five and more are put aside as spam; ours stay well below.
MOST = 2.0
OWN = {
    "statement": STATEMENT,
    "press_release": PRESS_RELEASE,
    "invitation": INVITATION,
    "official": OFFICIAL,
    "review": REVIEW,
}
KINDS = {"statement": "statement", "press": "press_release", "greeting": "greeting", "interview": "official"}


def given():
    """Name, kind, language and words of each text of the folder."""
    folder = os.environ.get("SPAM_TEXTS")
    for path in sorted(Path(folder).glob("*.md")) if folder else []:
        kind = KINDS.get(path.stem.partition("_")[0], "invitation")
        for part in path.read_text().split("\n## ")[1:]:
            language, subject, preheader, *lines = part.splitlines()
            paragraphs = "".join(f"<p>{escape(one)}</p>" for one in "\n".join(lines).split("\n\n") if one.strip())
            said = {"subject": subject.partition(": ")[2], "preheader": preheader.partition(": ")[2]}
            yield path.stem, kind, language.strip(), said | {"body": paragraphs}


CASES = [*((kind, kind, code, words) for kind, texts in OWN.items() for code, words in texts.items()), *given()]


@pytest.mark.parametrize(("name", "kind", "language", "words"), CASES, ids=[f"{one[0]}-{one[2]}" for one in CASES])
def test_letter_is_far_from_being_taken_for_spam(name, kind, language, words):
    version = MailingVersion(language=language, **words)
    frame = Frame(hotline="+992 93 000 00 00", web_url="https://payom.example/w/x/")
    letter = compile_letter(kind, version, dated=date.today(), frame=frame)  # noqa: DTZ011  Any day will do.
    raw = as_bytes(render(letter, Sample({}, pk=5), to="reader@example.org"))
    told = subprocess.run(["spamassassin", "-t", "-L"], input=raw, capture_output=True, check=True).stdout.decode()
    score = float(re.search(r"X-Spam-Status:.*?score=(-?[\d.]+)", told, re.DOTALL)[1])
    print(f"{name} {language}: {score}")

    assert score < MOST
