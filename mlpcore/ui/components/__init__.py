"""The components whose browser part is this project's own: one folder per component, with its scripts and styles.

Where a component has a Python side that several pages share, it is the folder's package; what several components share
in the browser lies in `shared/`. `component` makes a component's mount function.
"""

from mlpcore.ui.components.loader import component

__all__ = ["component"]
