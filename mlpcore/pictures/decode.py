"""Decode a picture file of unknown origin into an RGB image of limited size."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from mlpcore.errors import PictureError
from mlpcore.i18n.messages import N_, Message

ColorImage = NDArray[np.float32]
"""An RGB image: (height, width, 3) in 0..1."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
MAX_FILE_BYTES = 20 * 2**20
"""The largest file that a user may upload; `server.maxUploadSize` in `.streamlit/config.toml` is the same."""

MAX_PIXELS = 25_000_000
MAX_PIXELS_JPEG = 60_000_000  # phones take up to 50 million, and a JPEG can be decoded at an eighth of its size
PIXEL_LIMITS = {MAX_PIXELS: N_("25 million pixels"), MAX_PIXELS_JPEG: N_("60 million pixels")}
"""How the limits are written: languages group the digits of large numbers in different ways."""
MAX_SIDE = 640


def decode(data: bytes) -> ColorImage:
    """The first frame of a PNG, JPEG, WebP, GIF or BMP file, upright, at most MAX_SIDE pixels a side.

    Transparent parts get a colour that contrasts with the rest. Raises PictureError for anything that is not such a
    picture, and for one that is too large before any of it is decoded.
    """
    if not data:
        raise PictureError(N_("This file is empty: choose another picture."))
    if len(data) > MAX_FILE_BYTES:
        raise PictureError(
            N_("This file has more than {limit} MB: choose a smaller picture."), limit=MAX_FILE_BYTES // 2**20
        )
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            _check_size(picture)
            return _decoded(picture)
    except PictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(MAX_PIXELS) from error
    except UnidentifiedImageError as error:
        text = N_("This file is not a picture that can be read: choose a PNG, JPEG, WebP, GIF or BMP file.")
        raise PictureError(text) from error
    except Exception as error:  # Pillow's decoders meet damaged files with almost any exception
        raise PictureError(N_("This picture is damaged: save it again or choose another one.")) from error


def _check_size(picture: Image.Image) -> None:
    limit = MAX_PIXELS_JPEG if picture.format in ("JPEG", "MPO") else MAX_PIXELS
    if picture.width * picture.height > limit:
        raise _too_large(limit)


def _too_large(limit: int) -> PictureError:
    text = N_("This picture has more than {limit}: choose a smaller one.")
    return PictureError(text, limit=Message(PIXEL_LIMITS[limit]))


def _decoded(picture: Image.Image) -> ColorImage:
    picture.draft("RGB", (MAX_SIDE, MAX_SIDE))  # lets the JPEG decoder skip detail
    if picture.mode.startswith(("I", "F")):
        levels = np.asarray(picture, np.float32)
        plain = Image.fromarray(np.uint8(255 * (levels / max(float(levels.max()), 1.0)).clip(0, 1)))
    else:
        mode = "RGBA" if picture.has_transparency_data else "L" if picture.mode == "L" else "RGB"
        plain = picture if picture.mode == mode else picture.convert(mode)  # convert would copy a large image
    plain.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX)
    upright = _upright(plain)
    if upright.mode == "RGBA":
        return _filled(_normalized(upright))
    return _normalized(upright.convert("RGB"))


def _normalized(picture: Image.Image) -> NDArray[np.float32]:
    return np.asarray(picture, np.float32) / np.float32(255)


def _upright(picture: Image.Image) -> Image.Image:
    """The picture turned as its EXIF orientation says; damaged EXIF data turn nothing."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:
        return picture


def _filled(image: NDArray[np.float32]) -> ColorImage:
    """(height, width, 4) with the transparent parts filled.

    A drawing on a transparent background gets a background of the opposite brightness; a picture with holes gets its
    median colour.
    """
    opaque, alpha = image[..., :3], image[..., 3:]
    visible = opaque[alpha[..., 0] > 0.5]
    if len(visible) == 0:
        return np.zeros_like(opaque)
    brightness = visible.mean(axis=1)
    fill = np.asarray(np.median(visible, axis=0), np.float32)
    if len(visible) < alpha.size / 2 or brightness.std() < 0.1:
        fill = np.full(3, 0 if brightness.mean() > 0.5 else 1, np.float32)
    return np.asarray(opaque * alpha + fill * (1 - alpha))
