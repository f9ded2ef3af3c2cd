"""How much of its receptive field does a unit of a real network use, and did training change it?

    python experiments/effective_fields.py        # about five minutes on one core

SqueezeNet 1.1 on the centre square, 227 x 227, of every photograph that has one: the gradient of the middle unit
of three stages with respect to the pixels. The unit has many channels; each probe weighs them with
normal random values, so that the mean of the squared gradient is that over the channels. Each
photograph's map is divided by its sum, then the maps are averaged. The same for the network with
each layer's weights shuffled, and with normal weights of variance 2 / fan-in (He et al. 2015) and no
bias. The root of the mean map is held against its largest value: a pixel counts when it has more
than 4.55% of that. Beside it the side of the middle square that holds 90% of the mean map. How much it
matters which photographs: the photographs are dealt into four groups (each shuffled or fresh network is
drawn anew for every photograph), and the smallest and the largest effective size of a group is stored.

Result: data/results/effective_fields.json, with the maps in blocks of 3 x 3 pixels, as shares of the
largest root in 255 steps.
"""

import base64
import json
import sys

import numpy as np
import torch
from torch.nn import functional as F

from cnnlib import data, squeezenet
from cnnlib.geometry import Layer, receptive_field

STAGES, KINDS = ("fire3", "fire5", "fire9"), ("trained", "shuffled", "fresh")
PROBES, SHARE, BLOCK, GROUPS = 2, 0.0455, 3, 4

#: SqueezeNet's widest way up to each fire module: a pooling before fire 2, 4 and 6.
POOL, FIRE = Layer(3, stride=2, ceil_mode=True), Layer(3, padding=1)


def layers_to(stage):
    """Its windows up to a fire module, as geometry takes them."""
    layers = [Layer(3, stride=2)]
    for fire in range(2, int(stage.removeprefix("fire")) + 1):
        layers += [POOL, FIRE] if fire in (2, 4, 6) else [FIRE]
    return layers


def weights_of(kind, trained, generator):
    """The trained weights, the same shuffled in each layer, or fresh normal ones without bias."""
    if kind == "trained":
        return trained
    if kind == "shuffled":
        order = {name: torch.randperm(w.numel(), generator=generator) for name, w in trained.items()}
        return {name: w.flatten()[order[name]].view_as(w) for name, w in trained.items()}
    fresh = {}
    for name, w in trained.items():
        scale = (2 / w[0].numel()) ** 0.5 if w.ndim == 4 else 0.0
        fresh[name] = scale * torch.randn(w.shape, generator=generator)
    return fresh


def centre_square(name):
    """The largest square in the middle of a photograph, shrunk to 227 pixels a side, as the network is fed."""
    pixels = squeezenet.centre_square(data.photograph(name))[..., ::-1] * 255 - np.array(squeezenet.MEANS)
    return torch.from_numpy(pixels.transpose(2, 0, 1)[None].astype(np.float32))


def stages(x, weights):
    """Yield (name, maps) of the fire modules."""

    def conv(x, name, **options):
        return F.relu(F.conv2d(x, weights[f"{name}/w"], weights[f"{name}/b"], **options))

    x = conv(x, "conv1", stride=2)
    for number in range(2, 10):
        if number in (2, 4, 6):
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
        squeezed = conv(x, f"fire{number}/squeeze1x1")
        wide = conv(squeezed, f"fire{number}/expand3x3", padding=1)
        x = torch.cat([conv(squeezed, f"fire{number}/expand1x1"), wide], dim=1)
        yield f"fire{number}", x


def squared_gradients(x, weights, generator):
    """For each stage the squared gradient of its middle unit, (227, 227), its sum 1."""
    x, seen = x.clone().requires_grad_(), {}
    for stage, maps in stages(x, weights):
        if stage in STAGES:
            middle = maps[0, :, maps.shape[2] // 2, maps.shape[3] // 2]
            total = torch.zeros(x.shape[2:], dtype=torch.float64)
            for _ in range(PROBES):
                probe = torch.randn(len(middle), generator=generator)
                (gradient,) = torch.autograd.grad(middle @ probe, x, retain_graph=True)
                total += gradient[0].double().square().sum(0)
            seen[stage] = (total / total.sum()).numpy()
    return seen


def effective_size(squares):
    """Side of the square with as many pixels as have more than 4.55% of the largest root."""
    root = np.sqrt(squares)
    return float(np.sqrt((root > SHARE * root.max()).sum()))


def side_of_share(squares, share, middle):
    """Side of the smallest square about pixel (middle, middle) that holds this share of the sum."""
    side = 1
    while True:
        low, high = max(0, middle - side // 2), middle + side // 2 + 1
        if squares[low:high, low:high].sum() >= share * squares.sum() or side > 2 * len(squares):
            return side
        side += 2


def by_paths(stage):
    """The map that counting paths predicts for fresh weights, its sum 1; the field and the middle unit.

    In a fire module half of the channels have a window of 3 x 3 and half of 1 x 1, and fresh weights
    give both the same squared sum: half of the squared gradient stays where it is. A pooling takes
    the largest of nine, each as often.
    """
    layers, sizes = layers_to(stage), [squeezenet.SIDE]
    for layer in layers:
        sizes.append(layer.output_size(sizes[-1]))
    even = torch.full((1, 1, 3, 3), 1 / 9, dtype=torch.float64)
    half = even / 2
    half[0, 0, 1, 1] += 0.5
    unit = sizes[-1] // 2
    squares = torch.zeros(1, 1, sizes[-1], sizes[-1], dtype=torch.float64)
    squares[0, 0, unit, unit] = 1
    for layer, size in zip(layers[::-1], sizes[-2::-1], strict=True):
        if layer is FIRE:
            squares = F.conv2d(squares, half, padding=1)
        else:
            squares = F.conv_transpose2d(squares, even, stride=2)[..., :size, :size]
    return (squares / squares.sum())[0, 0].numpy(), receptive_field(layers), unit


def described(squares, field, unit):
    """The measures of one map, and its picture in blocks."""
    first, last = field.window(unit)
    root = np.sqrt(squares[: squeezenet.SIDE // BLOCK * BLOCK, : squeezenet.SIDE // BLOCK * BLOCK])
    blocks = root.reshape(squeezenet.SIDE // BLOCK, BLOCK, squeezenet.SIDE // BLOCK, BLOCK).mean(axis=(1, 3))
    picture = np.round(255 * blocks / blocks.max()).astype(np.uint8)
    return {
        "effective_size": round(effective_size(squares), 1),
        "side_of_90_percent": side_of_share(squares, 0.9, (first + last) // 2),
        "outside": abs(
            round(float(squares.sum() - squares[max(0, first) : last + 1, max(0, first) : last + 1].sum()), 12)
        ),
        "map": base64.b64encode(picture.tobytes()).decode(),
    }


def main():
    torch.set_num_threads(1)
    trained = {name: torch.from_numpy(array) for name, array in data.squeezenet_weights().items()}
    names = [name for name in data.photograph_names() if min(data.photograph(name).shape[:2]) >= squeezenet.SIDE]
    sums = {}
    for kind in KINDS:
        generator = torch.Generator().manual_seed(5)
        for number, name in enumerate(names, 1):
            print(f"\r{kind}: {number} of {len(names)} photographs", end="", file=sys.stderr, flush=True)
            weights = weights_of(kind, trained, generator)
            for stage, squares in squared_gradients(centre_square(name), weights, generator).items():
                groups = sums.setdefault((stage, kind), np.zeros((GROUPS, squeezenet.SIDE, squeezenet.SIDE)))
                groups[number % GROUPS] += squares / len(names)
        print(file=sys.stderr)
    result = {}
    for stage in STAGES:
        foretold, field, unit = by_paths(stage)
        result[stage] = {"size": field.size, "window": field.window(unit)}
        for kind in KINDS:
            sizes = [round(effective_size(group), 1) for group in sums[stage, kind]]
            whole = described(sums[stage, kind].sum(axis=0), field, unit)
            result[stage][kind] = whole | {"range": [min(sizes), max(sizes)]}
        result[stage]["paths"] = described(foretold, field, unit)
    stored = {"photographs": len(names), "groups": GROUPS, "probes": PROBES, "block": BLOCK, "stages": result}
    path = data.folder() / "results" / "effective_fields.json"
    path.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
