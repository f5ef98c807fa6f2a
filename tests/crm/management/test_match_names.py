"""`manage.py match_names`: the same comparison for anybody with a file of pairs."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

PAIRS = "id,a,b\n1,Қодиров Ҷамшед,Jamshed Kadyrov\n2,Каримов С.,Собир Каримов\n3,Каримов Али,Каримов Умар\n"
ANSWER = [
    ["a", "b", "verdict", "score", "reason"],
    ["Қодиров Ҷамшед", "Jamshed Kadyrov", "strong", "0.995", "the same name in another spelling"],
    ["Каримов С.", "Собир Каримов", "weak", "0.650", "an initial stands for the given name"],
    ["Каримов Али", "Каримов Умар", "none", "0.000", "different given names"],
]


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"


def compared(path, **options) -> list[list[str]]:
    screen = io.StringIO()
    call_command("match_names", str(path), stdout=screen, **options)
    return list(csv.reader(io.StringIO(screen.getvalue())))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_each_pair_gets_verdict_score_and_reason(tmp_path, encoding, delimiter):
    path = tmp_path / "pairs.csv"
    path.write_text(PAIRS.replace(",", delimiter), encoding=encoding)

    assert compared(path) == ANSWER


def test_the_answer_goes_to_a_file_on_request(tmp_path):
    path, out = tmp_path / "pairs.csv", tmp_path / "answer.csv"
    path.write_text(PAIRS)

    screen = compared(path, out=str(out))

    with out.open(newline="") as file:
        assert (screen, list(csv.reader(file))) == ([], ANSWER)


def test_a_row_that_is_too_short_is_compared_with_nothing(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("a,b\nКаримов Али\n")

    assert compared(path)[1:] == [["Каримов Али", "", "none", "0.000", "there is no name"]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "has no column a and no column b in its first row."),
        (b"a,c\n1,2\n", "has no column b in its first row."),
        ("a,b\nКаримов,Каримов\n".encode("cp1251"), "is not in UTF-8: save it as “CSV UTF-8” and try again."),
    ],
    ids=["empty", "column", "encoding"],
)
def test_a_file_that_cannot_be_compared_is_refused_in_one_sentence(tmp_path, content, sentence):
    path = tmp_path / "pairs.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError) as refusal:
        compared(path)

    assert str(refusal.value) == f"{path} {sentence}"


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    refusals = []
    for path in (tmp_path / "no.csv", tmp_path):
        with pytest.raises(CommandError) as refusal:
            compared(path)
        refusals.append(str(refusal.value))

    assert refusals == [
        f"{tmp_path / 'no.csv'} cannot be read: No such file or directory.",
        f"{tmp_path} cannot be read: Is a directory.",
    ]


def test_nothing_is_written_where_nobody_may_write(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text(PAIRS)

    with pytest.raises(CommandError, match="cannot be written: Is a directory"):
        compared(path, out=str(tmp_path))
