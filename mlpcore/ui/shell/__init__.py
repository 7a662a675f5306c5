"""What every page has: page shell and menu, language, the browser, shared datasets, the choice of a run."""
