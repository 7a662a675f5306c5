"""A digit that somebody drew, photographed or uploaded -> what a network expects."""

from mlpcore.digits.ink import read_picture
from mlpcore.digits.prepare import PREPARATIONS, Prepared, naive, prepare
from mlpcore.digits.strokes import Ink, Strokes, parse_strokes

__all__ = ["PREPARATIONS", "Ink", "Prepared", "Strokes", "naive", "parse_strokes", "prepare", "read_picture"]
