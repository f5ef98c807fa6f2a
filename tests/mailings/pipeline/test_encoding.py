"""What is encoded beforehand says, taken apart again, what the plain way would have said."""

from datetime import date
from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import example, given
from hypothesis import strategies as st

from mailings.layouts import Frame
from mailings.merge_fields import split
from mailings.message import Attached, Inline, Message
from mailings.models import MailingVersion
from mailings.pipeline.encoding import Encoded, as_bytes
from mailings.pipeline.preview import Sample
from mailings.pipeline.render import compile_letter, render
from tests.factories.mailings import BODY

FRAME = Frame(
    pictures=(("5", Inline("abc.5@payom", "image/jpeg", b"\xff\xd8 colours" * 40)),),
    attachments=(Attached("Ҳисобот.pdf", "application/pdf", bytes(range(256))),),
)


def plainly(message: Message) -> bytes:
    letter = EmailMultiAlternatives(
        message.subject,
        message.text,
        message.sender,
        [message.to],
        reply_to=[message.reply_to],
        headers={"Message-ID": message.message_id, **message.headers},
    )
    letter.attach_alternative(message.html, "text/html")
    return letter.message().as_bytes(linesep="\r\n")


def said(raw: bytes) -> dict[str, str]:
    """Headers and both texts, but for what each letter has of its own."""
    letter = message_from_bytes(raw, policy=policy.default)
    texts = {
        part.get_content_type(): _one_way(part.get_content())
        for part in letter.walk()
        if part.get_content_maintype() == "text"
    }
    headers = {name: str(value).strip() for name, value in letter.items() if name not in {"Date", "Content-Type"}}
    return headers | texts


def _one_way(text: str) -> str:
    """However its lines end."""
    return "\n".join(text.splitlines())


def letter(name, *, subject="{имя|коллеги}: ғӣқӯҳҷ", body=BODY, frame=FRAME):
    version = MailingVersion(language="tg", subject=subject, preheader="Анонс", body=body)
    compiled = compile_letter("statement", version, dated=date(2026, 6, 9), frame=frame)
    return render(compiled, Sample({"name": name}, pk=5), to="reader@navid.test")


@pytest.mark.parametrize("frame", [Frame(), FRAME], ids=["words", "picture and file"])
@pytest.mark.parametrize("name", ["", "A", "Зебо", "<b>&Ҷ", "Ҷ" * 200])
def test_letter_says_what_the_plain_way_says(name, frame):
    message = letter(name, frame=frame, body=f'{BODY * 3}<p><img data-attachment="5" alt="Зал"></p>')

    assert said(as_bytes(message)) == said(plainly(message))


def test_letter_encoded_beforehand_is_the_one_encoded_when_it_leaves():
    message = letter("Зебо")
    late = Message(**{**vars(message), "body": b""})

    assert said(as_bytes(message)) == said(as_bytes(late))


WORDS = st.text(alphabet="абғӣ ab\n<&{}", max_size=300)


@given(st.lists(WORDS, max_size=5), st.lists(WORDS, min_size=4, max_size=4))
@example(["x" * 115, "x" * 116, "x" * 117], ["", "a", "ab", "abc"])
@example(["", "", ""], ["", "", "", ""])
def test_any_words_around_any_values_come_out_as_they_went_in(words, values):
    parts = split("{имя}".join(word.replace("{", "").replace("}", "") for word in words))
    filled = iter(values)
    whole = "".join(part if isinstance(part, str) else next(filled) for part in parts)

    raw = b"".join(Encoded(parts).fill(values))

    head = b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    assert message_from_bytes(head + raw).get_payload(decode=True).decode() == whole
    assert max(map(len, raw.split(b"\r\n"))) <= 76


@given(
    st.text(min_size=1, max_size=60), st.sampled_from(["subject", "to", "message_id", "sender", "reply_to", "header"])
)
@example("x\r\nBcc: x@evil.test", "to")
@example("x\nBcc: x@evil.test", "header")
@example("Ҷ\r\nBcc: x@evil.test", "subject")
@example("\u2028Bcc: x@evil.test", "subject")
def test_no_value_makes_a_header_of_its_own(value, field):
    values = dict.fromkeys(["message_id", "sender", "to", "subject", "reply_to"], "x@navid.test") | {field: value}
    header = values.pop("header", "x")
    message = Message(envelope_from="a@navid.test", html="<p>x</p>", text="x", headers={"X-Own": header}, **values)
    try:
        raw = as_bytes(message)
    except ValueError:
        return

    names = [line.partition(b":")[0] for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n") if line[:1] not in b" \t"]
    expected = "Subject From To Reply-To Message-ID Date X-Own MIME-Version Content-Type".split()
    assert [name.decode() for name in names] == expected
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_numbers_of_a_long_thread_stay_numbers():
    """Folded between two numbers, as headers are; in words of another encoding no mail program would know them."""
    numbers = " ".join(f"<{'a' * 60}{number}@chashma.test>" for number in range(20))
    address = "press@coalition.test"
    headers = {"References": numbers}
    letter = as_bytes(Message("<1@x.test>", address, address, "a@x.test", "Re", "<p>x", "x", headers=headers))

    assert b"=?utf-8?" not in letter.partition(b"\r\n\r\n")[0].partition(b"References:")[2]
    assert max(map(len, letter.split(b"\r\n"))) < 998
    assert message_from_bytes(letter)["References"].split() == numbers.split()
