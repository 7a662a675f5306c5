"""Try a digit: draw or upload one, and see what a trained network makes of it."""

from mlpcore.ui.frame import page

with page("pages/predict.py"):
    pass
