"""The page Try a digit: which network answers, what it is shown, and its answer."""
