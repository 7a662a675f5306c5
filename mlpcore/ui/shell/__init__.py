"""What every page has: page shell and menu, language, what the browser says, shared datasets, the choice of a run."""
