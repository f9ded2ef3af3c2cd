"""Question 4, sizes, strides and channels: what is true of each claim, by calculation or from a stored result.

Each function is named after its claim and returns the value that the claim's `truth` states.
"""

import math
from itertools import product

import numpy as np

from cnnlib import filters, geometry, networks, ops

from .pictures import photographs, stored


def c002():
    return {"marks of part (a)": 25 - 10 - 7}


def c090():
    sizes, kernels, strides, paddings, dilations = (7, 20, 227), (1, 3, 5), (1, 2, 4), (0, 1, 2), (1, 2, 3)
    right = fitting = 0
    for w, f, s, p, d in product(sizes, kernels, strides, paddings, dilations):
        if geometry.span(f, d) <= w + 2 * p:
            counted = ops.conv1d(np.zeros((1, 1, w)), np.zeros((1, 1, f)), stride=s, padding=p, dilation=d).shape[-1]
            fitting += 1
            right += counted == (w + 2 * p - d * (f - 1) - 1) // s + 1
    return {"cases in which the formula with dilation is right": right, "of": fitting}


def c091():
    return {"positions of 11 in 227": len([start for start in range(227) if start + 11 <= 227])}


def c092():
    cases = [(w - f + 1, s) for w in range(1, 60) for f in range(1, w + 1) for s in range(1, 8)]
    counted = [len(range(0, n, s)) for n, s in cases]
    return {
        "cases": len(cases),
        "N / S is right in": sum(n / s == count for (n, s), count in zip(cases, counted, strict=True)),
        "ceil(N / S) is right in": sum(math.ceil(n / s) == count for (n, s), count in zip(cases, counted, strict=True)),
        "AlexNet by N / S": 217 / 4,
    }


def c093():
    return {"227": geometry.conv_output_size(227, 11, stride=4), "225, not rounded": (225 - 11) / 4 + 1}


def c094():
    sizes = {f"224 with padding {p}, not rounded": (224 + 2 * p - 11) / 4 + 1 for p in (0, 1, 2, 3)}
    return sizes | {
        f"image of AlexNet, {name}": networks.alexnet(name).size for name in ("paper", "caffe", "torchvision")
    }


def c095():
    return {
        "outputs at 225": geometry.conv_output_size(225, 11, stride=4),
        "columns never read": geometry.unread(225, 11, stride=4),
    }


def c096():
    same = geometry.same_padding(225, 11, stride=4)
    return {
        "floor, as convolutions": geometry.conv_output_size(225, 11, stride=4),
        "ceil, an option of pooling": geometry.pool_output_size(225, 11, stride=4, ceil_mode=True),
        "SAME": geometry.conv_output_size((225, 225), 11, stride=4, padding=same)[0],
    }


def c097():
    return {
        "pixels": 227**2,
        "positions": 55**2,
        "their ratio": round(227**2 / 55**2, 2),
        "by the stride alone": round(geometry.conv_output_size(227, 11) ** 2 / 55**2, 2),
    }


def c098():
    before, after = geometry.count_activations(3, 227), geometry.count_activations(96, 55)
    return {"values in": before, "values out": after, "ratio": round(after / before, 2)}


def c099():
    lag, inside, flat = [], [], []
    for photo in photographs():
        pairs = (photo[:, 1:], photo[:, :-1]), (photo[1:], photo[:-1])
        lag.append(np.mean([np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in pairs]))
        height, width = (side // 4 * 4 for side in photo.shape)
        blocks = photo[:height, :width].reshape(height // 4, 4, width // 4, 4)
        inside.append(blocks.var(axis=(1, 3)).mean() / photo.var())
        flat.append(np.mean(blocks.std(axis=(1, 3)) < 0.02))
    names = "correlation with the next pixel", "variance inside 4 × 4 blocks", "blocks that deviate by less than 0.02"
    return {name: round(np.median(values), 2) for name, values in zip(names, (lag, inside, flat), strict=True)}


def low_pass(photo, step):
    """A photograph without the waves that every `step`-th pixel cannot show."""
    spectrum = np.fft.fft2(photo)
    rows, columns = (np.abs(np.fft.fftfreq(side)) >= 0.5 / step for side in photo.shape)
    spectrum[rows[:, None] | columns] = 0
    return np.fft.ifft2(spectrum).real


def c100():
    errors = []
    for photo in photographs():
        photo = photo[: photo.shape[0] // 4 * 4, : photo.shape[1] // 4 * 4]
        for image in (photo, low_pass(photo, 4)):
            kept = np.zeros_like(photo)
            kept[::4, ::4] = 16 * image[::4, ::4]
            errors.append(np.sqrt(np.mean((low_pass(kept, 4) - photo) ** 2)) / photo.std())
    plain, filtered = np.reshape(errors, (-1, 2)).T
    return {
        "error after every 4th pixel, share of the contrast": round(np.median(plain), 2),
        "after a low-pass": round(np.median(filtered), 2),
        "their ratio, median": round(np.median(plain / filtered), 2),
    }


def c101():
    return {"columns shared with the next window": 11 - 4, "windows for each pixel": round((11 / 4) ** 2, 2)}


def c102():
    return {"% of a side": round(1100 / 227, 1), "% of the area": round(100 * (11 / 227) ** 2, 2)}


def c104():
    stages = stored("redundancy_with_depth")["stages"]
    fifth = next(row for row in networks.alexnet().trace() if row.name == "conv5").field
    return {
        "correlation of neighbours, pixels": round(stages[0]["pixels"], 2),
        "after SqueezeNet's first layer": round(stages[1]["trained"], 2),
        "in its last stage": round(stages[-1]["trained"], 2),
        "in its last stage, weights shuffled": round(stages[-1]["shuffled"], 2),
        "columns that neighbours share in AlexNet conv5": fifth.size - fifth.jump,
        "of": fifth.size,
    }


def c105():
    return {
        f"window {window}, padding {padding}": geometry.conv_output_size(13, window, stride=4, padding=padding)
        for window, padding in ((1, 0), (3, 0), (3, 1))
    }


def c106():
    rng = np.random.default_rng(0)
    maps = rng.normal(size=(1, 8, 5, 7))
    shuffled = maps.reshape(1, 8, 1, 35)[..., rng.permutation(35)].reshape(maps.shape)
    change = np.abs(ops.global_avg_pool2d(maps) - ops.global_avg_pool2d(shuffled)).max()
    return {"largest change of the mean when the positions are shuffled": round(change, 9)}


def c107():
    stems = (networks.alexnet(), "conv1"), (networks.mobilenet(), "conv1"), (networks.resnet50(), "pool1")
    found = {net.name: next(row for row in net.trace() if row.name == stem).field.jump for net, stem in stems}
    return {f"pixels between units after the stem, {name}": jump for name, jump in found.items()}


def c108():
    found = {}
    for network in (networks.resnet50(), networks.mobilenet(), networks.efficientnet_b0()):
        layers = [row for row in network.trace() if row.parameters and row.size > 1]
        last = next(number for number, row in enumerate(layers) if row.field.jump == 32)
        found[network.name] = f"{layers[last - 1].size} to {layers[last].size} in layer {last + 1} of {len(layers)}"
    return found


def c110():
    second = next(node for node in networks.alexnet().nodes if node.name == "conv2")
    return {"channels that a filter of AlexNet's second layer reads": 96 // second.groups, "of": 96}


def c111():
    one = geometry.count_parameters(3, 1, 11, bias=False)
    return {
        "weights of one filter": one,
        "with its bias": geometry.count_parameters(3, 1, 11),
        "96 filters": 96 * one,
        "with biases": geometry.count_parameters(3, 96, 11),
    }


def c112():
    banks = filters.bank("learned"), filters.bank("second")  # two seeds
    alike = filters.similarity(*banks)
    partners = alike[np.arange(96), filters.match(*banks)]
    return {
        "|cosine|, same number": round(alike.diagonal().mean(), 2),
        "best partner": round(partners.mean(), 2),
    }


def c113():
    flat = np.ones((1, 3, 3, 3))
    kernels = {"all weights 1": flat, "vertical Prewitt in each channel": np.tile([-1.0, 0, 1], (1, 3, 3, 1))}
    return {f"response to a flat patch, {name}": ops.conv2d(flat, kernel).item() for name, kernel in kernels.items()}


def c114():
    rng = np.random.default_rng(0)
    weights = rng.normal(size=363)
    best = 0.0
    for _ in range(10):
        patches = rng.normal(size=(10_000, 363))
        best = max(best, (patches @ weights / np.linalg.norm(patches, axis=1)).max())
    return {
        "response to itself, scaled to norm 1": round(np.linalg.norm(weights), 1),
        "best of 100,000 random patches": round(best, 1),
    }


def c115():
    fits = stored("gabor_fits")
    return {
        f"share fitted with R² of 0.8 or better, {name}": round(np.mean(np.array(fits[name]["explained"]) >= 0.8), 2)
        for name in ("learned", "scrambled", "unlearned", "random")
    }
