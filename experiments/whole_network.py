"""What SqueezeNet's predictions for the book's animals depend on: covering, moving, and another background.

    python experiments/whole_network.py            # about fifteen minutes on one core

SqueezeNet 1.1 trained on ImageNet, input 227 x 227, the book's crop (`cnnlib.squeezenet.centre_square`).

Predictions: for each animal the best class, its probability, and the five best.

Covered: a square of 45 pixels stands at each position of a 12 x 12 grid and hides what is below it, once by the
network's mean colour and once by the picture blurred beyond recognition. How far does the logarithm of the best
class's probability fall? Beside it, in the same squares: the mean of the class's own map (the last layer's responses),
of the map of the runner-up, of the map of the same class on another animal's picture, and the distance from the
middle.

Moved: a window of 227 pixels over a wider crop, 0 to 8 pixels down and right, so that nothing but photograph comes in.
As a control a change of every value by at most one of 255 levels, in as many random draws.

Backgrounds: the sheep, cut out by its mask, on the middle of each photograph without an animal, and these photographs
without it; the sheep alone on the mean colour; the meadow alone, with the mean colour in its place.

Result: data/results/whole_network.json
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from cnnlib import data, squeezenet
from cnnlib.layers import SqueezeNet

OWN = {  # photograph to the classes that name the animal, as indices of ImageNet's list
    "bison": [347], "cat": [281, 282, 283, 284, 285], "chameleon": [40, 47], "chicken": [7, 8],
    "crab": [118, 119, 120, 121, 125], "crocodile": [49, 50], "dog": list(range(151, 269)), "jaguar": [290],
    "koala": [105], "komodo_dragon": [48], "lemur": [383], "panda": [388], "pig": [341], "polar_bear": [296],
    "red_panda": [387], "scarlet_macaw": [88],
}  # fmt: skip
#: Animals of which the list has only a sex, a colour, another species or a name that is shared.
NEAR = {
    "cow": [345], "duck": [97], "hedgehog": [334], "horse": [339], "kangaroo": [104], "owl": [24], "sheep": [348, 349],
}  # fmt: skip
NONE = ("giraffe", "kingfisher", "moose", "narwhal")
ANIMALS = sorted([*OWN, *NEAR, *NONE])
SIDE, COVER, GRID, REACH = squeezenet.SIDE, 45, 12, 8
CORNERS = np.linspace(0, SIDE - COVER, GRID).round().astype(int)
MEAN = np.array(squeezenet.MEANS[::-1]) / 255


class Network:
    """Probabilities, and the last layer's maps, of images (N, side, side, 3) from 0 to 1."""

    def __init__(self):
        self.layers = SqueezeNet().eval()

    def maps(self, images) -> np.ndarray:
        images = torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2), dtype=np.float32))
        with torch.no_grad():
            return torch.cat([self.layers(part, stop="conv10").relu() for part in images.split(16)]).numpy()

    def probabilities(self, images) -> np.ndarray:
        scores = self.maps(images).mean(axis=(2, 3)).astype(float)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        return shares / shares.sum(axis=1, keepdims=True)


def prediction(p) -> dict:
    """The five best classes and their probabilities."""
    best = p.argsort()[::-1][:5]
    return {"classes": best.tolist(), "probabilities": p[best].round(4).tolist()}


def blurred(image) -> np.ndarray:
    """The picture in squares of 45 pixels, mixed smoothly: its colours without its shapes."""
    small = data.area_resize(image, (5, 5))
    at = np.clip((np.arange(SIDE) + 0.5) * 5 / SIDE - 0.5, 0, 4)
    mixing = np.maximum(0, 1 - np.abs(at[:, None] - np.arange(5)))
    return np.einsum("ri,cj,ijk->rck", mixing, mixing, small)


def squares(values) -> np.ndarray:
    """The mean of a map in each of the squares, (GRID, GRID)."""
    side = values.shape[0]
    fine = np.kron(values, np.ones((SIDE, SIDE))).reshape(side * SIDE, side * SIDE) if side < SIDE else values
    fine = fine.reshape(SIDE, -1, SIDE, fine.shape[1] // SIDE).mean(axis=(1, 3))
    return np.array([[fine[r : r + COVER, c : c + COVER].mean() for c in CORNERS] for r in CORNERS])


def falls(network, image, best) -> dict[str, np.ndarray]:
    """How far the best class falls, in natural logarithms, when each square is covered, for both covers."""
    start = np.log(network.probabilities(image[None])[0, best])
    found = {}
    for name, cover in {"mean": np.broadcast_to(MEAN, image.shape), "blur": blurred(image)}.items():
        covered = np.repeat(image[None], GRID * GRID, axis=0)
        for at, (r, c) in enumerate((r, c) for r in CORNERS for c in CORNERS):
            covered[at, r : r + COVER, c : c + COVER] = cover[r : r + COVER, c : c + COVER]
        found[name] = start - np.log(network.probabilities(covered)[:, best]).reshape(GRID, GRID)
    return found


def ranks(values) -> np.ndarray:
    return np.ravel(values).argsort().argsort().astype(float)


def agreement(one, other) -> float:
    """Spearman's correlation of two maps of squares, 0 where one of them is constant."""
    one, other = ranks(one), ranks(other)
    return float(np.corrcoef(one, other)[0, 1])


def moved(network, name, rng) -> dict:
    """Labels under shifts of 0 to 8 pixels, and under as many changes of at most one level."""
    image = data.photograph(name)
    scale = min(image.shape[:2]) / (SIDE + REACH)
    side = round((SIDE + REACH) * scale)
    top, left = ((extent - side) // 2 for extent in image.shape[:2])
    wide = data.area_resize(image[top : top + side, left : left + side], [SIDE + REACH] * 2)
    shifts = [(r, c) for r in range(REACH + 1) for c in range(REACH + 1)]
    windows = np.stack([wide[r : r + SIDE, c : c + SIDE] for r, c in shifts])
    p = network.probabilities(windows)
    first = int(p[0].argmax())
    levels = rng.integers(-1, 2, (len(shifts) - 1, *windows.shape[1:])) / 255
    noisy = network.probabilities(np.clip(windows[:1] + levels, 0, 1))
    labels, chance = p.argmax(axis=1), noisy.argmax(axis=1)
    return {
        "first": first,
        "probability": p[:, first].round(4).tolist(),
        "other": int((labels != first).sum()),
        "by_one_pixel": int(sum(label != first for label, at in zip(labels, shifts, strict=True) if max(at) == 1)),
        "labels": len(set(labels.tolist())),
        "noise_other": int((chance != first).sum()),
        "noise_range": [float(noisy[:, first].min().round(4)), float(noisy[:, first].max().round(4))],
    }


def backgrounds(network) -> dict:
    """The sheep on other photographs, and these alone."""
    photograph, mask = data.photograph("sheep"), data.sheep_mask().astype(float)
    sheep, share = squeezenet.centre_square(photograph), squeezenet.centre_square(mask)[..., None]
    rams, found = NEAR["sheep"], {}

    def ram(image):
        return float(network.probabilities(image[None])[0, rams].sum())

    for name in data.photograph_names():
        if name in ANIMALS:
            continue
        other = squeezenet.centre_square(data.photograph(name))
        if other.shape[:2] == (SIDE, SIDE):
            found[name] = [round(ram(share * sheep + (1 - share) * other), 4), round(ram(other), 4)]
    alone, meadow = share * sheep + (1 - share) * MEAN, (1 - share) * sheep + share * MEAN
    return {
        "original": round(ram(sheep), 4),
        "alone": round(ram(alone), 4),
        "meadow": round(ram(meadow), 4),
        "photographs": found,
        "map_share": map_share(network, sheep, share),
    }


def map_share(network, sheep, share) -> list[float]:
    """Share of the ram's map, and of the picture, that lies on the sheep."""
    maps = network.maps(sheep[None])[0, NEAR["sheep"][0]]
    cells = data.area_resize(share, maps.shape)[..., 0]
    return [round(float((maps * cells).sum() / maps.sum()), 4), round(float(cells.mean()), 4)]


def covered(network, names) -> dict:
    """For each animal where covering it hurts, and how well other maps predict that."""
    pictures = {name: squeezenet.centre_square(data.photograph(name)) for name in names}
    maps = {name: network.maps(picture[None])[0] for name, picture in pictures.items()}
    middle = -np.hypot(*(axis + COVER / 2 - SIDE / 2 for axis in np.meshgrid(CORNERS, CORNERS)))
    found = {}
    for number, name in enumerate(names):
        best, second = maps[name].mean(axis=(1, 2)).argsort()[::-1][:2]
        fall = falls(network, pictures[name], best)
        other = maps[names[(number + 1) % len(names)]][best]
        compared = {
            "class_map": squares(maps[name][best]),
            "runner_up": squares(maps[name][second]),
            "other_picture": squares(other) if other.any() else middle * 0 + np.arange(GRID),
            "middle": middle,
        }
        found[name] = {
            "fall": fall["mean"].round(3).tolist(),
            "largest": round(float(fall["mean"].max()), 3),
            "agreement": {key: round(agreement(fall["mean"], value), 3) for key, value in compared.items()},
            "agreement_blur": {key: round(agreement(fall["blur"], value), 3) for key, value in compared.items()},
            "covers_agree": round(agreement(fall["mean"], fall["blur"]), 3),
        }
        print(name, found[name]["agreement"], found[name]["covers_agree"], flush=True)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", type=Path, default=Path(data.folder(), "results/whole_network.json"))
    parser.add_argument("--animals", nargs="*", default=ANIMALS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    network, rng = Network(), np.random.default_rng(0)
    pictures = [squeezenet.centre_square(data.photograph(name)) for name in options.animals]
    shares = np.concatenate([network.probabilities(picture[None]) for picture in pictures])
    result = {
        "own": OWN,
        "near": NEAR,
        "none": list(NONE),
        "answers": {name: prediction(p) for name, p in zip(options.animals, shares, strict=True)},
        "backgrounds": backgrounds(network),
        "moved": {name: moved(network, name, rng) for name in options.animals},
        "covered": covered(network, options.animals),
    }
    options.output.write_text(json.dumps(result, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
