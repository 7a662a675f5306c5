"""The trained networks of a run, ready to predict: which ones, loaded and cached, alone or as an ensemble."""
