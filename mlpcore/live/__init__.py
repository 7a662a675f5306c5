"""What the server does beside its pages: event streams of the runs, snapshots of them, and the app's lifespan.

It imports Starlette and never Streamlit. The pages use `curve_rows`, `run_progress` and `workers_line`, so that a chart
that follows a stream shows what the page itself would.
"""
