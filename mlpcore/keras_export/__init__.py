"""A run to take elsewhere: its training as plain Keras code, in a script or a notebook. Only text is made here."""

from mlpcore.keras_export.documents import notebook, script
from mlpcore.keras_export.origin import Figure, Origin, file_name, of_run

__all__ = ["Figure", "Origin", "file_name", "notebook", "of_run", "script"]
