"""The training of a run as plain Keras code, in a script or a notebook. Only text is written, nothing is run."""

from mlpcore.keras_export.documents import notebook, script
from mlpcore.keras_export.exported_run import ExportedRun, MeanMetric, file_name, from_store

__all__ = ["ExportedRun", "MeanMetric", "file_name", "from_store", "notebook", "script"]
