"""The page Try a digit: which networks predict, what they are shown, and their predictions."""
