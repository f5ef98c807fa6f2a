"""Fold names and words for search and order them by the Tajik alphabet. Pure: text in, text out."""

import re
import unicodedata

# Letters of the 8-bit Tajik fonts, which survive in files from before Unicode, and look-alikes typed for them.
LEGACY_TAJIK = str.maketrans("ѓїќўњљЃЇЌЎЊЉ", "ғӣқӯҳҷҒӢҚӮҲҶ")

# One Latin skeleton for Tajik, Russian and Latin spellings, so that any of them finds the others:
# Ҷамшед, Джамшед, Чамшед and Jamshed all fold to "jamshed".
LETTERS = {
    **dict(
        zip("абвгдезиклмнопрстуфхцчшщыэ", "a b v g d e z i k l m n o p r s t u f h ts j sh sh i e".split(), strict=True)
    ),
    **dict(zip("ғӣқӯҳҷёйжюяьъ", ["g", "i", "k", "u", "h", "j", "e", "i", "zh", "iu", "ia", "", ""], strict=True)),
}
_SKELETON = str.maketrans(LETTERS)
LATIN_PAIRS = [
    ("dzh", "j"),
    ("dj", "j"),
    ("ch", "j"),
    ("kh", "h"),
    ("gh", "g"),
    ("yo", "e"),
    ("ye", "e"),
    ("q", "k"),
    ("y", "i"),
]
CYRILLIC_PAIRS = [("дж", "ҷ")]
_DOUBLE = re.compile(r"(.)\1+")
_BREAK = re.compile(r"[^\w@.+-]+|[«»\"'’`ʼ]")

_MOST_WORDS = 20
_ALPHABET = "абвгғдеёжзиӣйкқлмнопрстуӯфхҳцчҷшщъыьэюяabcdefghijklmnopqrstuvwxyz"
_RANK = {letter: f"{chr(97 + i // 26)}{chr(97 + i % 26)}" for i, letter in enumerate(_ALPHABET)}


# No file format carries these two: they are no characters.
_NO_CHARACTERS = "\ufffe\uffff"


def clean(text: str) -> str:
    """Text in NFC without control, bidirectional and zero-width characters, spaces single; clean text stays so."""
    text = unicodedata.normalize("NFC", text)
    if text.isprintable():
        return " ".join(text.split())
    kept = "".join(" " if char.isspace() else char for char in text if char.isspace() or not _is_odd(char))
    # Letters that stood apart may have met.
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _is_odd(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} or char in _NO_CHARACTERS


def clean_lines(text: str) -> str:
    """Text of several lines as it was written, without what cannot be seen; every line break is a plain one."""
    return "\n".join("".join(filter(_is_written, line)) for line in text.splitlines()).strip()


def _is_written(char: str) -> bool:
    return char == "\t" or not (unicodedata.category(char) in {"Cc", "Cf"} or char in _NO_CHARACTERS)


def fold(text: str) -> str:
    """The search form of a text: lower-case Latin words, the same for every spelling people type."""
    text = clean(text).translate(LEGACY_TAJIK).casefold()
    for pair, letter in CYRILLIC_PAIRS:
        text = text.replace(pair, letter)
    text = text.translate(_SKELETON)
    # What is left beyond Latin (é, ü) loses its marks.
    if not text.isascii():
        text = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    text = " ".join(_BREAK.sub(" ", text).split())
    # What one exchange leaves behind may be the beginning of another: "qh" is "kh", and that "h".
    while (shorter := _fold_runs(_fold_pairs(text))) != text:
        text = shorter
    return text


def _fold_pairs(text: str) -> str:
    for pair, letter in LATIN_PAIRS:
        text = text.replace(pair, letter)
    return text


def search_words(text: str) -> list[str]:
    """The words of a query, folded; the first ones only, as a database refuses a question of hundreds of parts."""
    return fold(text).split()[:_MOST_WORDS]


def _fold_runs(text: str) -> str:
    """Doubled letters become one; digits stay as they are, or telephone numbers would change."""
    return _DOUBLE.sub(lambda run: run[0] if run[1].isdigit() else run[1], text)


def sort_key(text: str) -> str:
    """ASCII letters that sort under any collation as `text` does in the Tajik alphabet (г ғ … х ҳ …), Latin last."""
    return "".join(_RANK.get(char, "") for char in clean(text).casefold())


def digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
