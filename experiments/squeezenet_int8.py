"""SqueezeNet's weights in 8 bits, and what the rounding changes in its predictions.

    python experiments/squeezenet_int8.py            # less than a minute

Every layer's weights become whole numbers from -127 to 127 with one factor for each output channel; the biases stay
as they are. Nothing is trained. Images: the middle of every photograph of the book, 227 x 227, or less where a
photograph has less. There are no labels for
them, so the measure is how many keep the first class of the exact network, and how much the probability of that class
changes. Controls: fewer bits, and one factor for each layer instead of each channel. Last, 8 bits for the weights and
for the levels of the picture as well, which is what a file holds and what the explorer `NetworkLive` computes with.

Results: data/weights/squeezenet_int8.npz, and data/results/squeezenet_int8.json with a row of measures for each way of
rounding and, of every photograph, the five best classes and their probabilities: exact, with rounded weights, and with
a rounded picture as well.
"""

import json
from pathlib import Path

import numpy as np

from cnnlib import data, quantisation, squeezenet

ROOT = Path(__file__).resolve().parent.parent
BITS = (8, 7, 6, 5, 4)


def rounded(weights, bits, *, channels=True):
    """{layer: (levels, factors)}; without ``channels`` one factor for the whole layer."""
    found = {}
    for name, weight in weights.items():
        if name.endswith("/w"):
            shape = (len(weight), -1) if channels else (1, -1)
            levels, factors = quantisation.quantise(weight.reshape(shape), bits)
            found[name.removesuffix("/w")] = levels.reshape(weight.shape), np.resize(factors, len(weight))
    return found


def stored(weights, layers):
    """The arrays of the file, layer by layer in the order in which the network runs them."""
    order = sorted(layers, key=lambda name: (int(name.partition("/")[0].lstrip("convfire")), _part(name)))
    return {
        f"{name}/{part}": array
        for name in order
        for part, array in zip(data.Quantised._fields, (*layers[name], weights[f"{name}/b"]), strict=True)
    }


def _part(name):
    return ("", "squeeze1x1", "expand1x1", "expand3x3").index(name.partition("/")[2])


def probabilities(images, weights):
    """(N, 1000) for N images (3, height, width)."""
    found = [squeezenet.scores(image[None], weights=weights)[0].astype(float) for image in images]
    powers = np.exp(np.array(found) - np.max(found, axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def measures(exact, other):
    """How many first classes are kept, and by how much the probability of the exact one's first class changes."""
    first = exact.argmax(axis=1)
    change = np.abs(np.take_along_axis(exact - other, first[:, None], axis=1))
    return {
        "kept": int((other.argmax(axis=1) == first).sum()),
        "mean_change": round(float(change.mean()), 4),
        "largest_change": round(float(change.max()), 4),
    }


def best(p, count=5):
    """The indices of the classes with the largest probabilities, and these."""
    return [[int(number), round(float(p[number]), 4)] for number in np.argsort(-p, kind="stable")[:count]]


def main():
    weights = data.squeezenet_weights()
    names = data.photograph_names()
    images = [squeezenet.centre_square(data.photograph(name)).transpose(2, 0, 1) for name in names]
    exact = probabilities(images, weights)
    rows, eight = [], None
    for bits, channels in [(bits, True) for bits in BITS] + [(8, False)]:
        layers = rounded(weights, bits, channels=channels)
        given = weights | {f"{name}/w": quantisation.dequantise(*parts) for name, parts in layers.items()}
        found = probabilities(images, given)
        rows.append({"bits": bits, "factors": "channel" if channels else "layer", **measures(exact, found)})
        print(rows[-1])
        if eight is None:
            eight = found
            np.savez(ROOT / "data/weights/squeezenet_int8.npz", **stored(weights, layers))
    shown = probabilities([np.round(255 * image) / 255 for image in images], squeezenet.int8_weights())
    rows.append({"bits": 8, "factors": "channel", "picture": 8, **measures(exact, shown)})
    print(rows[-1])
    found = {"exact": exact, "rounded": eight, "shown": shown}
    photographs = {name: {which: best(shares[k]) for which, shares in found.items()} for k, name in enumerate(names)}
    text = json.dumps({"images": len(names), "rows": rows, "photographs": photographs}, indent=1)
    (ROOT / "data/results/squeezenet_int8.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
