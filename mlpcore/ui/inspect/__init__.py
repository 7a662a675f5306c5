"""The page Look inside: a trained network's predictions, its neurons, and the arithmetic of a prediction.

Each view is a package or module named as its label; `views.VIEWS` lists them.
"""
