"""Train and compare multilayer perceptrons: all of MLP Lab but the scripts of its pages."""
