"""Train and compare multilayer perceptrons: everything behind the MLP Lab dashboard."""
