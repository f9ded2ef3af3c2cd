"""Receptive fields of stacks whose cost once grew with a stride: python -m benchmarks.bench_geometry.

Each row stands beside one with the same layers and small strides; what is asked for is a ratio near that of the units
that differ, and not that of the strides. A walk through all phases took 21 s for the first row.
"""

import argparse
import sys

from cnnlib.geometry import Layer, pixels_read, receptive_field

from .timing import compare


def up(layers, taps, stride):
    return [Layer(taps, stride=stride, transposed=True)] * layers


STACKS = {
    "9 transposed, 4 taps, stride 4": up(9, 4, 4),
    "9 transposed, 4 taps, stride 2": up(9, 4, 2),
    "2 transposed, 3 taps, stride 100,000": up(2, 3, 100_000),
    "2 transposed, 3 taps, stride 10": up(2, 3, 10),
    "100 layers, 3 taps, stride 10": [Layer(3, stride=10)] * 100,
    "100 layers, 3 taps, stride 2": [Layer(3, stride=2)] * 100,
}


def calls():
    """What is timed, by name: the field of each stack, and what one unit of the first reads."""
    named = {f"receptive_field: {name}": lambda stack=stack: receptive_field(stack) for name, stack in STACKS.items()}
    name, stack = next(iter(STACKS.items()))
    return named | {f"pixels_read: {name}": lambda: pixels_read(stack, 12345)}


def main(arguments=None):
    """Print the median of each in milliseconds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_geometry", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args(arguments).rounds
    for name, (seconds, _) in compare(calls(), rounds=rounds).items():
        print(f"{name:54}{1000 * seconds:10.2f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
