"""The pictures of cards: every letter is there, nothing is cut, and only pixels come in."""

import io
import re
import zlib

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageFont

from crm.pictures import NotAPicture
from mailings import artwork
from mailings.artwork import Art, PrintedCard, SheetFormat, fonts, picture
from mailings.artwork.motifs import MOTIFS, WIDTH
from mailings.states import CardDesign

TAJIK = "ғӣқӯҳҷҒӢҚӮҲҶ"
NAME = "Муҳтарам Ғайратҷон Қодирӣ!"


def art(**fields) -> Art:
    words = {"design": "lights", "line": "10 декабря, День прав человека", "wish": "Права! Достоинство!"}
    return Art(**words | fields)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def upload(kind: str = "JPEG", size: tuple[int, int] = (1600, 900), colour="#3a7", **options) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **options)
    file.seek(0)
    return file


# Letters


@pytest.mark.parametrize("face", [fonts.SANS, fonts.SERIF])
def test_every_tajik_letter_is_in_the_font(face):
    package, file, _axes = fonts._SOURCES[face]
    with TTFont(str(fonts._path(package, file))) as font:
        letters = font.getBestCmap()

    assert [letter for letter in TAJIK if letters.get(ord(letter), ".notdef") == ".notdef"] == []


@pytest.mark.parametrize("face", [fonts.SANS, fonts.SERIF])
def test_no_tajik_letter_is_drawn_as_a_box(face):
    font = fonts.face(face, 60)
    box = bytes(font.getmask("\U0010fffd"))

    assert [letter for letter in TAJIK if bytes(font.getmask(letter)) == box] == []


def test_the_faces_are_as_heavy_as_they_are_asked_to_be():
    package, file, _axes = fonts._SOURCES[fonts.SERIF]
    thin = ImageFont.truetype(str(fonts._path(package, file)), 60)
    axes = [axis["minimum"] for axis in thin.get_variation_axes()]
    thin.set_variation_by_axes(axes)

    assert sum(bytes(fonts.face(fonts.SERIF, 60).getmask("Ҳ"))) > 1.5 * sum(bytes(thin.getmask("Ҳ")))


def test_a_name_that_the_font_cannot_write_is_left_out_of_the_picture():
    assert artwork.picture_of(art(), "محترم") == artwork.picture_of(art(), "")


# Names


def test_two_names_make_two_pictures_and_one_name_the_same():
    first = artwork.picture_of(art(), NAME)

    assert (
        first == artwork.picture_of(art(), f" {NAME}  "),
        first == artwork.picture_of(art(), "Dear Ms Kholova,"),
    ) == (
        True,
        False,
    )


def test_without_the_wish_for_it_no_name_is_written():
    assert artwork.picture_of(art(with_name=False), NAME) == artwork.picture_of(art(with_name=False), "")


@pytest.mark.parametrize(
    "name",
    [
        NAME,
        "Муҳтарам Ғайратҷон Қодирӣ Ҳоҷимуродзода Ӯктамбекзодаи Шӯроободӣ ва ҳамкорони арҷманд!",
        "Здравствуйте, " + "Абдурраҳмонбекуллоевҷон" * 5 + "!",
    ],
)
def test_a_long_name_takes_smaller_letters_and_more_lines_and_none_is_lost(name):
    lines, size = picture.fit(name, fonts.SERIF, largest=54, smallest=34, lines=2)

    assert "".join(lines).replace(" ", "") == name.replace(" ", "")
    assert max(fonts.face(fonts.SERIF, size).getlength(line) for line in lines) <= picture._ROOM


def test_the_picture_grows_with_the_name():
    long = "Здравствуйте, " + "Абдурраҳмонбекуллоевҷон " * 9

    heights = [opened(artwork.picture_of(art(), name)).height for name in ("", NAME, long)]
    assert heights == sorted(set(heights))


# The whole


@pytest.mark.parametrize("design", CardDesign.values)
def test_each_drawing_makes_a_small_picture(design):
    data = artwork.picture_of(art(design=design), NAME)

    assert (opened(data).format, opened(data).width, len(data) < 60_000) == ("PNG", WIDTH, True)


def test_there_is_a_drawing_for_each_design_and_no_other():
    assert set(MOTIFS) == set(CardDesign.values)


def test_the_description_says_all_that_the_picture_says():
    assert art().alt == "10 декабря, День прав человека. Права! Достоинство! {address}"


# What is uploaded


def test_an_upload_becomes_a_jpeg_of_our_width_without_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x010F] = "Фотоаппарат Зарины"
    data = artwork.clean_picture(upload(size=(2400, 1200), exif=exif))

    assert (opened(data).format, opened(data).size, dict(opened(data).getexif())) == ("JPEG", (1200, 600), {})


def test_a_tall_upload_is_cut_to_the_height_of_a_card():
    assert opened(artwork.clean_picture(upload(size=(600, 3000)))).size == (WIDTH, artwork.HEIGHT_OF_UPLOAD)


def test_words_stand_under_an_uploaded_picture():
    clean = artwork.clean_picture(upload())

    with_words = opened(artwork.picture_of(art(upload=clean), NAME))
    assert (with_words.format, with_words.height > opened(clean).height + 200) == ("JPEG", True)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        upload().getvalue()[:300],
        upload("TIFF").getvalue(),
    ],
    ids=["empty", "text", "svg", "half", "tiff"],
)
def test_what_is_no_picture_is_refused(file):
    with pytest.raises(NotAPicture):
        artwork.clean_picture(io.BytesIO(file))


def test_a_bomb_is_refused_before_it_is_opened():
    bomb = upload("PNG", size=(9000, 9000))

    with pytest.raises(NotAPicture):
        artwork.clean_picture(bomb)


# Paper


def pages(pdf: bytes) -> int:
    """How many page objects stand in the file, most of which is compressed."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    inflated = [zlib.decompressobj().decompress(stream) for stream in streams if stream[:1] == b"x"]
    return sum(len(re.findall(rb"/Type\s*/Page\b", part)) for part in [pdf, *inflated])


@pytest.mark.parametrize("sheet", list(SheetFormat))
def test_each_card_is_a_page(sheet):
    signed = art(signature="С уважением,\nКоалиция")
    cards = [
        PrintedCard(signed, "ru", NAME, ("Спасибо.",)),
        PrintedCard(art(design="spring"), "tg", NAME, ("Ташаккур.",)),
    ]
    pdf = artwork.print_cards(cards, sheet)

    assert (pdf[:5], pages(pdf)) == (b"%PDF-", 2)


def test_a_text_that_is_too_long_is_set_smaller_and_stays_on_its_page():
    pdf = artwork.print_cards([PrintedCard(art(), "ru", NAME, ("Желаем добра. " * 8,) * 9)], SheetFormat.A6)

    assert pages(pdf) == 1


def test_words_are_never_read_as_markup_of_the_page():
    evil = '#panic("x") $ ] ```'
    pdf = artwork.print_cards([PrintedCard(art(signature=evil), "ru", evil, (evil,))], SheetFormat.A5)

    assert pages(pdf) == 1
