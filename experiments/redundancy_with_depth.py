"""How alike are neighbours in a trained network, layer by layer, and is it the training?

    python experiments/redundancy_with_depth.py        # about three minutes on one core

For every photograph (centre square, 227 x 227) and every stage of SqueezeNet 1.1 trained on
ImageNet: the correlation between a map and itself moved by one unit, down or across, averaged over
the channels that are not constant, then over the photographs. Beside it the same network with each
layer's weights shuffled, which keeps the architecture and forgets what was learned, and the pixels
at the same distance in the photograph. What is stored is the mean over the photographs; with it, for the
trained network, the middle nine tenths of the photographs, and for the shuffled one the lowest and the
highest of its draws.

Result: data/results/redundancy_with_depth.json
"""

import json
import sys

import numpy as np
import torch
from torch.nn import functional as F

from cnnlib import data, squeezenet

SHUFFLES = 5


def stages(image, weights):
    """Yield (name, pixels between neighbours, map (C, H, W)) through the network."""

    def conv(x, name, **options):
        return F.relu(F.conv2d(x, weights[f"{name}/w"], weights[f"{name}/b"], **options))

    pixels = image[..., ::-1] * 255 - np.array(squeezenet.MEANS)
    x = torch.from_numpy(pixels.transpose(2, 0, 1)[None].astype(np.float32))
    jump, x = 2, conv(x, "conv1", stride=2)
    yield "conv1", jump, x[0]
    for fire in range(2, 10):
        if fire in (2, 4, 6):
            jump, x = 2 * jump, F.max_pool2d(x, 3, 2, ceil_mode=True)
        squeezed = conv(x, f"fire{fire}/squeeze1x1")
        x = torch.cat(
            [
                conv(squeezed, f"fire{fire}/expand1x1"),
                conv(squeezed, f"fire{fire}/expand3x3", padding=1),
            ],
            dim=1,
        )
        yield f"fire{fire}", jump, x[0]


def neighbour_correlation(maps, lag=1):
    """Mean over channels of the correlation of a map with itself, moved by `lag` either way."""

    def one_way(a, b):
        a, b = a.flatten(1).double(), b.flatten(1).double()
        a, b = a - a.mean(1, keepdim=True), b - b.mean(1, keepdim=True)
        size = (a.square().mean(1) * b.square().mean(1)).sqrt()
        alive = size > 1e-6 * size.max()
        return ((a * b).mean(1)[alive] / size[alive]).mean().item()

    return (one_way(maps[:, lag:], maps[:, :-lag]) + one_way(maps[..., lag:], maps[..., :-lag])) / 2


@torch.inference_mode()
def main():
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(0)
    trained = {name: torch.from_numpy(array) for name, array in data.squeezenet_weights().items()}
    networks = {"trained": trained} | {
        f"shuffled {draw}": {
            name: array.flatten()[torch.randperm(array.numel(), generator=generator)].view_as(array)
            for name, array in trained.items()
        }
        for draw in range(SHUFFLES)
    }
    found = {}
    names = data.photograph_names()
    for number, name in enumerate(names, 1):
        print(f"\r{number} of {len(names)} photographs", end="", file=sys.stderr, flush=True)
        image = squeezenet.centre_square(data.photograph(name))
        grey = torch.from_numpy(image.mean(axis=2, dtype=np.float64)[None])
        found.setdefault(("pixels", 1), {}).setdefault("pixels", []).append(neighbour_correlation(grey))
        for kind, weights in networks.items():
            for stage, jump, maps in stages(image, weights):
                row = found.setdefault((stage, jump), {})
                row.setdefault(kind, []).append(neighbour_correlation(maps))
                if kind == "trained":
                    row.setdefault("pixels", []).append(neighbour_correlation(grey, jump))
    result = [{"stage": stage, "jump": jump, **summary(row)} for (stage, jump), row in found.items()]
    stored = {"photographs": len(names), "shuffles": SHUFFLES, "stages": result}
    path = data.folder() / "results" / "redundancy_with_depth.json"
    path.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(f"\nwrote {path}", file=sys.stderr)


def summary(row):
    """Means over photographs {"pixels", "trained", "shuffled"} and the ranges, of values by kind and photograph."""
    means = {kind: float(np.mean(values)) for kind, values in row.items()}
    draws = [mean for kind, mean in means.items() if kind.startswith("shuffled")]
    result = {"pixels": means["pixels"]}
    if draws:
        result |= {"trained": means["trained"], "shuffled": float(np.mean(draws))}
        result |= {
            "trained_range": np.quantile(row["trained"], (0.05, 0.95)),
            "shuffled_range": (min(draws), max(draws)),
        }
    return {kind: np.round(value, 3).tolist() for kind, value in result.items()}


if __name__ == "__main__":
    main()
