"""The sheep of the lecture's last example: scenes with it, a network with deformable layers, and where that looks.

NumPy alone; what trains the network is `cnnlib.layers.SheepFinder`.
"""

from cnnlib.sheep.points import composed_points, tap_magnitudes
from cnnlib.sheep.scenes import SheepScenes, sheep_on_grass, sheep_scenes

__all__ = ["SheepScenes", "composed_points", "sheep_on_grass", "sheep_scenes", "tap_magnitudes"]
