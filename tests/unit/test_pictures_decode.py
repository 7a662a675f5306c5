"""Picture files of every kind and origin."""

from __future__ import annotations

import io
import struct
import tomllib
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image

from mlpcore.errors import PictureError
from mlpcore.paths import PROJECT
from mlpcore.pictures.decode import MAX_FILE_BYTES, MAX_SIDE, decode
from tests.unit.drawn_digits import encoded

PAPER = np.full((60, 40), 255, np.uint8)
PAPER[5:25, 8:14] = 0  # a bar, up on the left
GREY = Image.fromarray(PAPER)
RGB = GREY.convert("RGB")


def with_alpha(colour: tuple[int, int, int], alpha: np.ndarray) -> Image.Image:
    picture = Image.new("RGBA", GREY.size, (*colour, 0))
    picture.putalpha(Image.fromarray(alpha))
    return picture


def turned(kind: str) -> bytes:
    """The paper as a camera held sideways stores it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(RGB.transpose(Image.Transpose.ROTATE_90), kind, exif=exif)


SIXTEEN = PAPER.astype(np.uint16)
FILES = {
    "PNG": encoded(GREY),
    "colour PNG": encoded(RGB),
    "PNG with opaque alpha": encoded(GREY.convert("RGBA")),
    "grey PNG with alpha": encoded(GREY.convert("LA")),
    "palette": encoded(RGB.quantize(4)),
    "1 bit": encoded(GREY.convert("1")),
    "16 bits": encoded(Image.fromarray(SIXTEEN * 257)),
    "12 bits in 16": encoded(Image.fromarray(SIXTEEN * 16)),
    "JPEG": encoded(GREY, "JPEG", quality=95),
    "colour JPEG": encoded(RGB, "JPEG", quality=95),
    "CMYK JPEG": encoded(RGB.convert("CMYK"), "JPEG", quality=95),
    "progressive JPEG": encoded(RGB, "JPEG", quality=95, progressive=True),
    "two pictures in a JPEG": encoded(RGB, "MPO", save_all=True, append_images=[RGB], quality=95),
    "WebP": encoded(RGB, "WEBP", lossless=True),
    "GIF": encoded(GREY, "GIF"),
    "BMP": encoded(RGB, "BMP"),
    "animated GIF": encoded(GREY, "GIF", save_all=True, append_images=[Image.new("L", GREY.size, 255)]),
    "animated WebP": encoded(RGB, "WEBP", lossless=True, save_all=True, append_images=[Image.new("RGB", RGB.size)]),
    "animated PNG": encoded(RGB, save_all=True, append_images=[Image.new("RGB", RGB.size)]),
    "turned JPEG": turned("JPEG"),
    "turned PNG": turned("PNG"),
    "turned WebP": turned("WEBP"),
    "black on nothing": encoded(with_alpha((0, 0, 0), 255 - PAPER)),
    "black on nothing, WebP": encoded(with_alpha((0, 0, 0), 255 - PAPER), "WEBP", lossless=True),
    "damaged camera notes": encoded(RGB, "JPEG", quality=95, exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 30),
}


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("name", FILES)
def test_a_picture_of_every_kind_is_read_upright(name: str) -> None:
    colours = decode(FILES[name])
    assert colours.shape == (60, 40, 3)
    assert colours.dtype == np.float32
    assert np.abs(colours - PAPER[..., None] / 255).mean() < 0.05


def test_white_on_transparency_gets_a_black_background() -> None:
    colours = decode(encoded(with_alpha((255, 255, 255), 255 - PAPER)))
    np.testing.assert_allclose(colours.mean(axis=2), 1 - PAPER / 255, atol=0.01)


def test_a_picture_with_round_corners_gets_its_paper_in_them() -> None:
    alpha = np.full_like(PAPER, 255)
    alpha[:4, :4] = alpha[-4:, -4:] = 0
    picture = RGB.copy()
    picture.putalpha(Image.fromarray(alpha))
    assert np.abs(decode(encoded(picture)) - PAPER[..., None] / 255).mean() < 0.01


def test_a_picture_that_is_transparent_everywhere_is_empty() -> None:
    assert not decode(encoded(Image.new("RGBA", (50, 50)))).any()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_large_picture_is_made_small_without_losing_its_shape(kind: str) -> None:
    large = GREY.resize((2000, 3000), Image.Resampling.NEAREST)
    colours = decode(encoded(large, kind))
    assert colours.shape == (MAX_SIDE, round(MAX_SIDE * 2 / 3), 3)
    assert (colours < 0.5).mean() == pytest.approx((PAPER < 128).mean(), rel=0.05)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty"),
        (b"\0" * (MAX_FILE_BYTES + 1), "more than 20 MB"),
        (b"These are words.\n" * 50, "not a picture that can be read"),
        (b"%PDF-1.7\n" + b"\0" * 500, "not a picture that can be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture that can be read"),
        (b"\x89PNG\r\n\x1a\n", "."),
        (encoded(RGB, "TIFF"), "not a picture that can be read"),
        (encoded(GREY)[:-40], "damaged"),
        (encoded(RGB, "JPEG")[:400], "damaged"),
        (encoded(RGB, "WEBP")[:80], "damaged"),
        (encoded(RGB, "BMP")[:200], "damaged"),
    ],
)
def test_a_file_that_is_no_whole_picture_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(PictureError, match=sentence):
        decode(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_damaged_bytes_give_a_picture_or_a_sentence_and_nothing_else(kind: str) -> None:
    whole = encoded(RGB, kind)
    generator = np.random.default_rng(0)
    for _ in range(60):
        broken = bytearray(whole)
        for position in generator.integers(0, len(whole), 3):
            broken[position] = int(generator.integers(0, 256))
        try:
            colours = decode(bytes(broken))
        except PictureError:
            continue
        assert np.isfinite(colours).all()
        assert max(colours.shape[:2]) <= MAX_SIDE


def png_of(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG file that claims a size and has whatever chunks."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunk(*c) for c in chunks) + chunk(b"IEND", b"")


def jpeg_of(width: int, height: int) -> bytes:
    """A small JPEG whose header claims another size."""
    data = bytearray(encoded(RGB, "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(png_of(10_000, 10_000, (b"IDAT", zlib.compress(b"\0" * 10**6))), id="100 megapixels"),
        pytest.param(png_of(2**31 - 1, 2**31 - 1, (b"IDAT", b"")), id="4 exapixels"),
        pytest.param(png_of(20_000, 9_000, (b"IDAT", b"")), id="180 megapixels"),
        pytest.param(jpeg_of(65_500, 65_500), id="JPEG"),
        pytest.param(b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\0\0\0" + encoded(GREY, "GIF")[13:], id="GIF"),
        pytest.param(
            b"BM" + struct.pack("<IIIIiiHHIIiiII", 200, 0, 54, 40, 90_000, 90_000, 1, 24, 0, 0, 0, 0, 0, 0), id="BMP"
        ),
    ],
)
def test_a_bomb_is_refused_by_its_header(bomb: bytes) -> None:
    with pytest.raises(PictureError, match=r"more than (25|60) million pixels"):
        decode(bomb)


def test_a_warning_of_pillow_that_became_an_error_is_a_sentence_too() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(PictureError, match="million pixels"):
            decode(png_of(10_000, 10_000, (b"IDAT", b"")))


def test_text_that_unpacks_to_gigabytes_is_refused() -> None:
    text = b"note\0\0" + zlib.compress(b"0" * 100_000_000)
    rows = zlib.compress(b"\0" * 51 * 50)
    with pytest.raises(PictureError):
        decode(png_of(50, 50, (b"zTXt", text), (b"IDAT", rows)))


def test_a_phones_48_megapixels_are_read() -> None:
    file = io.BytesIO()
    Image.new("L", (8000, 6000), 255).save(file, "JPEG", quality=30)
    assert decode(file.getvalue()).shape == (480, 640, 3)


def test_streamlit_accepts_uploads_up_to_the_same_limit() -> None:
    """Streamlit counts in units of 1024 x 1024 bytes, too."""
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxUploadSize"] * 2**20 == MAX_FILE_BYTES
