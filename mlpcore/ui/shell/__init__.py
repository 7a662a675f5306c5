"""What every page has: its frame and menu, the language, the address, phones, and the choice of a run."""
