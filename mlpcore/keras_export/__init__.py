"""A run to take elsewhere: its training as plain Keras code, in a script or a notebook. Only text is made here."""

from mlpcore.keras_export.notebook import notebook
from mlpcore.keras_export.origin import Figure, Origin, file_name, of_run
from mlpcore.keras_export.script import script

__all__ = ["Figure", "Origin", "file_name", "notebook", "of_run", "script"]
