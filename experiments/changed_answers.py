"""What changes SqueezeNet's answer, on the book's 70 photographs: each change of `NetworkLive`, beside its controls.

    python experiments/changed_answers.py            # about four minutes on one core

Weights: 8 bits, as the explorer has them; nothing is trained. Images: the middle of every photograph, 227 x 227. There
are no labels, so a row counts how many photographs keep the class of the unchanged picture, of all and of those where
the network is sure (probability above 0.5), and the mean change of its probability.

    changes      a shift by 1, 8 and 16 pixels down, a quarter turn, grey, tiles and pixels shuffled, 113 x 113 pixels
    halves       the 1 x 1 or the 3 x 3 half of one fire module taken out; control: as many channels of the whole
                 module, drawn at random
    ranks        every 3 x 3 slice cut to rank 1 or 2
    covers       for some animals a square of 57 pixels, on 7 x 7 places, in three colours: where the first class loses
                 most, beside the place where its map is largest, and how often it stays first; control: the colours
    shifts       for the same animals every shift of -8 to 8 pixels along each axis: how often the first class stays,
                 and the range of its probability

Result: data/results/changed_answers.json.
"""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from cnnlib import data, squeezenet
from cnnlib.explore import network_live
from cnnlib.explore.network_live import picture

ROOT = Path(__file__).resolve().parent.parent
SURE = 0.5
PLAIN = {"shift": (0, 0), "turn": 0, "zoom": 100, "cover": (113, 113), "cover_size": 0, "cover_fill": "mean"}
PLAIN |= {"grey": False, "shuffle": "nothing", "coarse": False}
CHANGES = {
    "shift 1": {"shift": (1, 0)},
    "shift 8": {"shift": (8, 0)},
    "shift 16": {"shift": (16, 0)},
    "turn 10": {"turn": 10},
    "turn 90": {"turn": 90},
    "turn 180": {"turn": 180},
    "grey": {"grey": True},
    **{f"shuffle {name}": {"shuffle": name} for name in picture.SHUFFLES if name != "nothing"},
    "113 x 113": {"coarse": True},
}
ANIMALS = ("cow", "giraffe", "cat", "owl", "moose", "sheep", "dog", "panda")
COVER, PLACES = 57, range(29, 198, 28)


def probabilities(image, weights, removed=None):
    """The 1,000 probabilities of a picture (height, width, 3), and the last maps."""
    maps = squeezenet.maps(image.transpose(2, 0, 1)[None], weights=weights, removed=removed)["conv10"][0]
    scores = maps.mean(axis=(1, 2), dtype=float)
    powers = np.exp(scores - scores.max())
    return powers / powers.sum(), maps


def altered(image, **values):
    return picture.changed(image, SimpleNamespace(**PLAIN | values))


def blind(weights, module, channels):
    """The weights with those channels of a module's output set to zero: their filters and biases."""
    found = dict(weights)
    for half, expand in enumerate(("expand1x1", "expand3x3")):
        name = f"{module}/{expand}"
        count = len(weights[f"{name}/b"])
        own = [c - half * count for c in channels if c // count == half]
        for part in ("w", "b"):
            found[f"{name}/{part}"] = weights[f"{name}/{part}"].copy()
            found[f"{name}/{part}"][own] = 0
    return found


def row(name, first, found):
    """How many keep the class, and by how much its probability changes."""
    kept = np.array([other.argmax() == p.argmax() for p, other in zip(first, found, strict=True)])
    sure = np.array([p.max() > SURE for p in first])
    change = [other[p.argmax()] - p.max() for p, other in zip(first, found, strict=True)]
    measures = {"kept": int(kept.sum()), "kept_sure": int(kept[sure].sum()), "change": round(float(np.mean(change)), 3)}
    print(name, measures, flush=True)
    return {"name": name, **measures}


def covers(image, weights, first):
    """Where a square takes most from the first class, in three colours."""
    number, names = int(first.argmax()), data.imagenet_classes()
    maps = probabilities(image, weights)[1][number]
    peak = [int(at) * 16 + 8 for at in np.unravel_index(maps.argmax(), maps.shape)]
    found = {"class": names[number], "probability": round(float(first.max()), 3), "map_peak": peak, "fills": {}}
    for fill in picture.FILLS:
        left, firsts = {}, []
        for place in [(r, c) for r in PLACES for c in PLACES]:
            p = probabilities(altered(image, cover=place, cover_size=COVER, cover_fill=fill), weights)[0]
            left[place] = float(p[number])
            firsts.append(names[int(p.argmax())])
        least = min(left, key=left.get)
        most = max(left, key=left.get)
        found["fills"][fill] = {
            "kept": firsts.count(names[number]),
            "places": len(left),
            "least": [*least, round(left[least], 3), firsts[list(left).index(least)]],
            "most": [*most, round(left[most], 3)],
            "median": round(float(np.median(list(left.values()))), 3),
        }
    return found


def shifts(image, weights, first):
    """The first class under small shifts of the picture."""
    number, names = int(first.argmax()), data.imagenet_classes()
    found = [
        probabilities(altered(image, shift=(down, across)), weights)[0]
        for down, across in [(n, 0) for n in range(-8, 9)] + [(0, n) for n in range(-8, 9) if n]
    ]
    shares = [float(p[number]) for p in found]
    firsts = [names[int(p.argmax())] for p in found]
    return {
        "kept": firsts.count(names[number]),
        "shifts": len(found),
        "range": [round(min(shares), 3), round(max(shares), 3)],
        "others": sorted(set(firsts) - {names[number]}),
    }


def main():
    weights = network_live.weights(3)
    images = [picture.square(data.photograph(name)) for name in data.photograph_names()]
    first = [probabilities(image, weights)[0] for image in images]
    names = data.photograph_names()
    animals = {}
    for name in ANIMALS:
        at = names.index(name)
        animals[name] = {
            "covers": covers(images[at], weights, first[at]),
            "shifts": shifts(images[at], weights, first[at]),
        }
        print(name, json.dumps(animals[name]), flush=True)
    rows = {"changes": [], "halves": [], "ranks": []}
    for name, values in CHANGES.items():
        rows["changes"].append(
            row(name, first, [probabilities(altered(image, **values), weights)[0] for image in images])
        )
    for rank in (1, 2):
        cut = network_live.weights(rank)
        rows["ranks"].append(row(f"rank {rank}", first, [probabilities(image, cut)[0] for image in images]))
    random = np.random.default_rng(0)
    for module in squeezenet.STAGES[1:-1]:
        half = len(weights[f"{module}/expand1x1/b"])
        for name, start in (("1x1", 0), ("3x3", half)):
            removed = (module, start, start + half)
            found = [probabilities(image, weights, removed)[0] for image in images]
            rows["halves"].append(row(f"{module} {name}", first, found))
        drawn = blind(weights, module, random.permutation(2 * half)[:half])
        found = [probabilities(image, drawn)[0] for image in images]
        rows["halves"].append(row(f"{module} random", first, found))
    text = {"images": len(images), "sure": sum(bool(p.max() > SURE) for p in first), **rows, "animals": animals}
    target = ROOT / "data/results/changed_answers.json"
    target.write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
