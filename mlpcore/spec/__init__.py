"""What to train: `RunSpec`, the parts it is made of, and the names and limits of its settings."""

from mlpcore.spec.parts import Augment, Layer, OptimizerSpec, Schedule, complete_optimizer
from mlpcore.spec.run_spec import RunSpec

__all__ = ["Augment", "Layer", "OptimizerSpec", "RunSpec", "Schedule", "complete_optimizer"]
