"""Training: a spec goes in, events come out. The only room that imports Keras and TensorFlow."""

from mlpcore.training.engine import Engine, engine
from mlpcore.training.loop import train

__all__ = ["Engine", "engine", "train"]
