"""A trained network's forward pass in NumPy, and the file of its weights, both without Keras."""

from mlpcore.inference.activations import activate
from mlpcore.inference.network import Layer, Network
from mlpcore.inference.snapshots import load_network, save_network

__all__ = ["Layer", "Network", "activate", "load_network", "save_network"]
