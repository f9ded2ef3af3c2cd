"""The sheep of the lecture's last example: scenes with it, a network with deformable layers, and where that looks.

NumPy alone; what trains the network is `cnnlib.layers.SheepFinder`.
"""

from cnnlib.sheep.measures import effective_dilation, irregularity, share_on_object, spread
from cnnlib.sheep.network import Found, find_sheep
from cnnlib.sheep.points import composed_points, tap_magnitudes
from cnnlib.sheep.scenes import SheepScenes, sheep_on_grass, sheep_parts, sheep_scenes
from cnnlib.sheep.stored import StoredOffsets, finder_weights, stored_offsets
from cnnlib.sheep.surfaces import Structure, structure

__all__ = [
    "Found",
    "SheepScenes",
    "StoredOffsets",
    "Structure",
    "composed_points",
    "effective_dilation",
    "find_sheep",
    "finder_weights",
    "irregularity",
    "share_on_object",
    "sheep_on_grass",
    "sheep_parts",
    "sheep_scenes",
    "spread",
    "stored_offsets",
    "structure",
    "tap_magnitudes",
]
