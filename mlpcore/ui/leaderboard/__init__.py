"""The parts of the leaderboard page: what it shows, its filters, its table, the comparison, edits, trash and CSV."""
