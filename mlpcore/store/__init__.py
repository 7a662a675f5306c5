"""The SQLite database: all that pages and workers share. No other package contains SQL.

Use `with connection.opened() as db:` and the functions of `queue`, `metrics`, `members`, `runs`, `leaderboard` and
`liveness`. A connection belongs to one thread and to one `with` block.
"""
