"""A digit that somebody drew, photographed or uploaded -> what a network expects."""

from mlpcore.pictures.ink import read_picture
from mlpcore.pictures.prepare import PREPARATIONS, Prepared, naive, prepare
from mlpcore.pictures.strokes import Ink, Strokes, parse_strokes

__all__ = ["PREPARATIONS", "Ink", "Prepared", "Strokes", "naive", "parse_strokes", "prepare", "read_picture"]
