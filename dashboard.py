"""Train: the form in the sidebar, the network it describes, and the run that trains."""

from mlpcore.ui.frame import page

with page("dashboard.py"):
    pass
