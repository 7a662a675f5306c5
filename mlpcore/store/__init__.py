"""The SQLite store: the only thing that pages and workers share, and the only room that speaks SQL.

Use `with connection.opened() as db:` and the functions of `queue`, `metrics`, `runs`, `leaderboard` and
`presence`. A connection belongs to one thread and to one `with` block.
"""
