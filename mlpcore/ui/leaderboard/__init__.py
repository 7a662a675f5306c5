"""The leaderboard page: the list of runs with its controls, the comparison of ticked runs, and the trash."""
