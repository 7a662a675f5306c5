"""From what somebody drew, photographed or uploaded to the input that a network expects."""

from mlpcore.pictures.prepare import PREPARATIONS, Prepared, naive, prepare
from mlpcore.pictures.segmentation import read_picture
from mlpcore.pictures.strokes import GrayImage, Strokes, parse_strokes

__all__ = ["PREPARATIONS", "GrayImage", "Prepared", "Strokes", "naive", "parse_strokes", "prepare", "read_picture"]
