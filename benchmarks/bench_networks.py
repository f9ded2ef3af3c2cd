"""A whole network in NumPy beside torch, and what its dilated forms and the measures of a map cost.

    python -m benchmarks.bench_networks

SqueezeNet 1.1 on one image of 227 x 227: `cnnlib.squeezenet` beside `cnnlib.layers.SqueezeNet`, which must agree. The
dilated forms compute every fourth or sixteenth response of theirs as well, so a ratio near 4 and 16 of the last fire
modules' share is what is asked for. The measures of `cnnlib.spectrum` stand beside one transform of the same maps.
"""

import argparse
import sys

import numpy as np
import torch

from cnnlib import layers, spectrum, squeezenet

from .timing import compare, keep_memory

MAPS = (64, 112, 112)


def calls():
    """What is timed, by name."""
    rng = np.random.default_rng(0)
    images, maps, network = rng.random((1, 3, 227, 227)), rng.normal(size=MAPS), layers.SqueezeNet()
    tensor = torch.from_numpy(images).float()

    def in_torch():
        with torch.inference_mode():
            return network(tensor).numpy()

    return {
        "SqueezeNet, torch": in_torch,
        "SqueezeNet, NumPy": lambda: squeezenet.scores(images),
        "SqueezeNet, NumPy, last pooling dilated": lambda: squeezenet.scores(images, dilated=1),
        "SqueezeNet, NumPy, two poolings dilated": lambda: squeezenet.scores(images, dilated=2),
        "transform of 64 maps, 112 x 112": lambda: np.fft.fft2(maps),
        "spectrum.checkerboard_share of them": lambda: spectrum.checkerboard_share(maps),
        "spectrum.phase_share of them, period 4": lambda: spectrum.phase_share(maps, 4),
    }


def main(arguments=None):
    """Print the median of each in milliseconds, and its ratio to the first of its kind."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_networks", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds, named = parser.parse_args(arguments).rounds, calls()
    off = np.abs(named["SqueezeNet, torch"]() - named["SqueezeNet, NumPy"]()).max()
    if not off < 1e-3:
        raise ValueError(f"bench_networks: the two SqueezeNets differ by {off:.3g}; what is timed must be the same")
    keep_memory()
    base = None
    for name, (seconds, _) in compare(named, rounds=rounds).items():
        base = seconds if base is None or name.startswith("transform") else base
        print(f"{name:44}{1000 * seconds:10.2f} ms{seconds / base:8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
