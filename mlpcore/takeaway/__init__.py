"""A run to take elsewhere: its training as plain Keras code, in a script or a notebook. Only text is made here."""

from mlpcore.takeaway.notebook import notebook
from mlpcore.takeaway.origin import Figure, Origin, file_name, of_run
from mlpcore.takeaway.script import script

__all__ = ["Figure", "Origin", "file_name", "notebook", "of_run", "script"]
