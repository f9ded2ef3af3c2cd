"""SqueezeNet's predictions after its 3 x 3 filters are replaced by nearby ones of low rank.

    python experiments/truncated_filters.py            # about three minutes on one core

Network: SqueezeNet 1.1, trained on ImageNet; nine of its layers have 3 x 3 filters. Nothing is trained here. Images:
the middle of every photograph that is large enough, 227 x 227. There are no labels for them, so the measure is how many
keep the class that the intact network gives, of all photographs and of those where it is sure (probability above 0.5).

A weight (O, C, 3, 3) is cut to its nearest of rank r in one of three foldings:

    slices      each of the O x C slices of 3 x 3: r columns times rows
    separable   for each input channel a matrix of O x 9: r depthwise filters per channel, then 1 x 1
    bank        one matrix of (O 3) x (C 3): a bank of 3 x 1, then a bank of 1 x 3, r in between, as a share of all

Controls, each on all nine layers at once: noise as large as what the cut takes away (three seeds); the weights
multiplied by the factor that leaves as much energy as the cut does; the cut with every output filter brought back to
its length. Then one layer at a time, cut and with noise as large (ten seeds). For the energy that the cut keeps, layer
by layer, the control is the same weights in random order.

Result: data/results/truncated_filters.json, one row a network.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

from cnnlib import data, layers, squeezenet

SURE = 0.5
LAYERS = ("conv1_w", *(f"fire{number}_expand3x3_w" for number in range(2, 10)))
CUTS = (
    ("slices", 1),
    ("slices", 2),
    ("separable", 1),
    ("separable", 2),
    ("separable", 4),
    ("bank", 0.5),
    ("bank", 0.75),
)
LAYER_SEEDS = 10  # of the noise in one layer, where a few predictions more or less decide
CONTROLLED = (("slices", 1), ("slices", 2), ("separable", 1))


def fold(weight, folding):
    """A weight (O, C, 3, 3) as a stack of matrices, in the folding's order."""
    out, into, high, wide = weight.shape
    if folding == "slices":
        return weight.reshape(out * into, high, wide)
    if folding == "separable":
        return weight.transpose(0, 1).reshape(into, out, high * wide)
    return weight.permute(0, 2, 1, 3).reshape(1, out * high, into * wide)


def unfold(matrices, shape, folding):
    """The inverse of `fold`."""
    out, into, high, wide = shape
    if folding == "slices":
        return matrices.reshape(shape)
    if folding == "separable":
        return matrices.reshape(into, out, high, wide).transpose(0, 1)
    return matrices.reshape(out, high, into, wide).permute(0, 2, 1, 3)


def rank_of(weight, folding, rank):
    """The rank that a cut leaves: itself, or a share of the largest one."""
    return rank if isinstance(rank, int) else int(rank * min(fold(weight, folding).shape[1:]))


def cut(weight, folding, rank):
    """The nearest weight whose matrices have the rank, in the sum of squares."""
    left, sizes, right = torch.linalg.svd(fold(weight, folding).double(), full_matrices=False)
    sizes[:, rank_of(weight, folding, rank) :] = 0
    return unfold((left * sizes[:, None]) @ right, weight.shape, folding).float().contiguous()


def stored_numbers(weight, folding, rank):
    """How many values a layer keeps when it is carried out in its two steps."""
    out, into, high, wide = weight.shape
    rank = rank_of(weight, folding, rank)
    sizes = {"slices": out * into * (high + wide), "separable": into * (out + high * wide)}
    return rank * sizes.get(folding, out * high + into * wide)


def changed(weights, change):
    """(all nine weights after `change(weight)`, the share of their energy that is left)."""
    new = {name: change(weight) for name, weight in weights.items()}
    left, whole = (sum((w.double() ** 2).sum() for w in some.values()) for some in (new, weights))
    return new, (left / whole).item()


def noisy(weight, near, generator):
    lost = weight - near
    noise = torch.randn(weight.shape, generator=generator)
    return weight + noise * lost.norm() / noise.norm()


def shrunk(weight, near):
    return weight * (near.norm() / weight.norm())


def restored(weight, near):
    """The cut with every output filter as long as it was."""
    lengths = [w.flatten(1).norm(dim=1) for w in (weight, near)]
    return near * (lengths[0] / lengths[1].clamp_min(1e-12))[:, None, None, None]


def pictures():
    """The crop of every photograph that has 227 pixels a side: (names, (N, 3, 227, 227))."""
    crops = {name: squeezenet.centre_square(data.photograph(name)) for name in data.photograph_names()}
    large = {name: crop for name, crop in crops.items() if len(crop) == squeezenet.SIDE}
    return list(large), torch.from_numpy(np.stack(list(large.values())).transpose(0, 3, 1, 2)).float()


def predictions(network, weights, images):
    """Probabilities of the 1,000 classes, (N, 1000), with these weights in the nine layers."""
    for name, weight in weights.items():
        network.get_buffer(name).copy_(weight)
    with torch.inference_mode():
        return torch.cat([network(part).double().softmax(dim=1) for part in images.split(8)])


def compared(found, intact, sheep):
    """How many predictions stayed, and how far the probabilities moved."""
    stayed = found.argmax(dim=1) == intact.argmax(dim=1)
    sure = intact.max(dim=1).values > SURE
    divergence = (intact * (intact.clamp_min(1e-9) / found.clamp_min(1e-9)).log()).sum(dim=1).mean()
    own = intact[sheep].argmax()
    return {
        "same": int(stayed.sum()),
        "same_sure": int(stayed[sure].sum()),
        "sheep": round(found[sheep, own].item(), 4),
        "divergence": round(divergence.item(), 3),
    }


def energies(weights, generator):
    """Share of each layer's energy in one and two terms a slice, and in one term of shuffled weights."""

    def shares(weight):
        squares = torch.linalg.svdvals(fold(weight, "slices").double()) ** 2
        return (squares.sum(dim=0) / squares.sum()).cumsum(dim=0)[:2].tolist()

    rows = []
    for name, weight in weights.items():
        mixed = weight.flatten()[torch.randperm(weight.numel(), generator=generator)].reshape(weight.shape)
        one, two = shares(weight)
        rows.append({"layer": name.split("_")[0], "one": round(one, 4), "two": round(two, 4),
                     "shuffled": round(shares(mixed)[0], 4), "slices": weight.shape[0] * weight.shape[1]})  # fmt: skip
    return rows


def run(seeds, layer_seeds, images, sheep):
    """Yield the rows: cuts, their controls, and one layer at a time."""
    network = layers.SqueezeNet()
    weights = {name: network.get_buffer(name).clone() for name in LAYERS}
    intact = predictions(network, weights, images)

    def row(name, folding, rank, change, **more):
        new, energy = changed(weights, change)
        measured = compared(predictions(network, new, images), intact, sheep)
        return {"name": name, "folding": folding, "rank": rank, **more, "energy": round(energy, 4), **measured}

    whole = sum(weight.numel() for weight in weights.values())
    sure = int((intact.max(dim=1).values > SURE).sum())
    yield {"name": "intact", "numbers": whole, "same": len(images), "same_sure": sure,
           "sheep": round(intact[sheep].max().item(), 4), "class": int(intact[sheep].argmax())}  # fmt: skip
    for folding, rank in CUTS:
        numbers = sum(stored_numbers(weight, folding, rank) for weight in weights.values())
        yield row("cut", folding, rank, lambda w, f=folding, r=rank: cut(w, f, r), numbers=numbers)
    for folding, rank in CONTROLLED:
        near = {id(weight): cut(weight, folding, rank) for weight in weights.values()}
        yield row("shrunk", folding, rank, lambda w, near=near: shrunk(w, near[id(w)]))
        yield row("restored", folding, rank, lambda w, near=near: restored(w, near[id(w)]))
        for seed in range(seeds):
            noise = torch.Generator().manual_seed(seed)
            yield row("noise", folding, rank, lambda w, n=near, g=noise: noisy(w, n[id(w)], g), seed=seed)
    for name in LAYERS:  # the others stay as they are
        layer, near = name.split("_")[0], cut(weights[name], "slices", 1)

        def one(case, new, *, name=name, layer=layer, **more):
            return row(case, "slices", 1, lambda w: new if w is weights[name] else w, layer=layer, **more)

        yield one("cut in one layer", near)
        for seed in range(layer_seeds):
            noise = torch.Generator().manual_seed(seed)
            yield one("noise in one layer", noisy(weights[name], near, noise), seed=seed)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3, help="of the noise in all nine layers")
    parser.add_argument("--layer-seeds", type=int, default=LAYER_SEEDS, help="of the noise in one layer")
    parser.add_argument("--photographs", type=int, help="only the first ones, this many, and the sheep")
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "truncated_filters.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    names, images = pictures()
    if options.photographs:
        some = sorted({*range(options.photographs), names.index("sheep")})
        names, images = [names[k] for k in some], images[some]
    rows = []
    for row in run(options.seeds, options.layer_seeds, images, names.index("sheep")):
        rows.append(row)
        print(row, file=sys.stderr, flush=True)
    network = layers.SqueezeNet()
    weights = {name: network.get_buffer(name) for name in LAYERS}
    result = {
        "task": "SqueezeNet 1.1 on photographs",
        "side": squeezenet.SIDE,
        "photographs": names,
        "sure": SURE,
        "seeds": list(range(options.seeds)),
        "layer_seeds": list(range(options.layer_seeds)),
        "torch": torch.__version__,
        "threads": 1,
        "layers": energies(weights, torch.Generator().manual_seed(0)),
        "rows": rows,
    }
    options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
