"""What a trained network does with examples, measured: values for the Inspect page, without pages or database."""

from mlpcore.analysis.answers import Answers, answers, scaled

__all__ = ["Answers", "answers", "scaled"]
