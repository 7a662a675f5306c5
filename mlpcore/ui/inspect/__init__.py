"""The page Look inside: a trained network's answers, its neurons, and the arithmetic of a prediction."""
