"""What every page has: page shell and menu, language, address, visitor, phones, downloads, and the choice of a run."""
