"""Question 1, why not a dense network: what is true of each claim, by calculation or from a stored result.

Each function is named after its claim and returns the value that the claim's `truth` states.
"""

import numpy as np

from cnnlib import data, geometry, networks, ops
from cnnlib.equivariance import equivariance_error
from cnnlib.transforms import FractionalShift, Shift

from .pictures import stored, windows


def c004():
    weights = geometry.count_parameters(10**6, 10**4, bias=False)
    return {
        "weights": weights,
        "biases": geometry.count_parameters(10**6, 10**4) - weights,
        "multiply-adds for one image": geometry.count_macs(10**6, 10**4),
        "weights, colour": geometry.count_parameters(3 * 10**6, 10**4, bias=False),
    }


def c005():
    memory = geometry.memory_bytes(10**10).total
    return {"GB": memory / 10**9, "GiB": round(memory / 2**30, 2)}


def c006():
    totals = {name: geometry.memory_bytes(10**10, optimizer=name).total for name in ("sgd", "momentum", "adam")}
    activations = geometry.activation_bytes(10**6 + 10**4, batch_size=256)
    return {f"GB with {name}": total / 10**9 for name, total in totals.items()} | {
        "GB of activations, batch of 256": round(activations / 10**9, 2)
    }


def c007():
    garments, found = data.fashion_mnist(), {}
    new, right = garments.x_test[::4].reshape(500, -1), np.eye(10)[garments.y_test[::4]]
    for seed in range(5):
        draw = np.random.default_rng(seed)
        picked = draw.permutation(10_000)[:100]  # 100 examples, however many features
        known, labels = garments.x_train[picked].reshape(100, -1), np.eye(10)[garments.y_train[picked]]
        directions = draw.normal(size=(28 * 28, 1600)) / 28
        for n in (40, 100, 1600):
            weights = np.linalg.lstsq(np.maximum(known @ directions[:, :n], 0), labels, rcond=None)[0]
            error = np.mean((np.maximum(new @ directions[:, :n], 0) @ weights - right) ** 2) * 10
            found.setdefault(f"test error, {n} features", []).append(error)
    return {name: float(f"{np.median(errors):.0e}") for name, errors in found.items()}


def c008():
    rng, found = np.random.default_rng(0), {}
    for weights, trials in ((20, 400), (40, 160), (80, 60)):
        for examples in (11 * weights + 1, 4 * (11 * weights + 1)):
            x = rng.normal(size=(trials, examples, weights))
            true, noise = rng.normal(size=(trials, weights, 1)), rng.normal(size=(trials, examples, 1))
            back = x.transpose(0, 2, 1)
            risk = ((np.linalg.solve(back @ x, back @ (x @ true + noise)) - true) ** 2).sum() / trials
            found[f"excess risk, {weights} weights, {examples} examples"] = round(float(risk), 2)
    return found


def c009():
    images, weights = 1_281_167, networks.alexnet().parameters
    return {
        "ten for each weight of the layer": 10 * 10**10,
        "AlexNet, photographs for each parameter": round(images / weights, 2),
        "AlexNet, parameters for each photograph": round(weights / images),
    }


def c010():
    garments, draw, found = data.fashion_mnist(), np.random.default_rng(0), {}
    picked = draw.permutation(10_000)[:200]
    middle = garments.x_train[picked].mean(axis=0).ravel()
    known, new = (x.reshape(len(x), -1) - middle for x in (garments.x_train[picked], garments.x_test))
    for name, labels in (("true", garments.y_train[picked]), ("shuffled", draw.permutation(garments.y_train[picked]))):
        rng = np.random.default_rng(0)
        weights = [rng.normal(size=size) * (2 / size[0]) ** 0.5 for size in ((784, 256), (256, 10))]
        speed = [0, 0]
        for _ in range(100):  # gradient descent with momentum on all 200 at once
            hidden = np.maximum(known @ weights[0], 0)
            error = ops.softmax_cross_entropy_backward(1.0, hidden @ weights[1], labels)
            gradient = known.T @ ((error @ weights[1].T) * (hidden > 0)), hidden.T @ error
            speed = [0.9 * v + g for v, g in zip(speed, gradient, strict=True)]
            weights = [w - 0.05 * v for w, v in zip(weights, speed, strict=True)]
        for where, x, y in (("the 200", known, labels), ("new ones", new, garments.y_test)):
            right = np.mean((np.maximum(x @ weights[0], 0) @ weights[1]).argmax(axis=1) == y)
            found[f"{name} labels, accuracy on {where}"] = round(float(right), 2)
    return found


def c011():
    column, row = np.random.default_rng(0).normal(size=(2, 3))  # filter = column × row
    jacobian = np.hstack([np.kron(np.eye(3), row[:, None]), np.kron(column[:, None], np.eye(3))])
    return {"parameters": jacobian.shape[1], "directions": int(np.linalg.matrix_rank(jacobian))}


def c012():
    return {"VGG-16's multiply-adds, in those of the layer": round(networks.vgg(16).macs / 10**10, 3)}


def c013():
    passes = 90 * 1_200_000  # of AlexNet's training, as its paper describes it
    return {"passes of single images": passes, "updates with 128 images each": passes / 128}


def c015():
    image = np.zeros((300, 400))
    image[100, 200] = 1
    return {"moved to (row, column)": np.argwhere(Shift((10, 20))(image))[0].tolist()}


def c016():
    rng, move = np.random.default_rng(0), Shift((5, 7), "circular")
    x, w = rng.normal(size=(1, 1, 32, 32)), rng.normal(size=(1, 1, 3, 3))
    ways = {"wraps around": "circular", "zeros around": "zeros"}
    errors = {}
    for name, mode in ways.items():
        error = equivariance_error(lambda x, mode=mode: ops.conv2d(x, w, padding=1, padding_mode=mode), move, x)
        errors[f"error, {name}"] = round(error, 2)
    return errors


def c017():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(1, 1, 32, 32)), rng.normal(size=(1, 1, 3, 3))
    found = {}
    for step in (2, 1):
        on_map = FractionalShift((step, step), "circular").on_grid(2)  # half as far on the map
        error = equivariance_error(
            lambda x: ops.conv2d(x, w, stride=2, padding=1, padding_mode="circular"),
            Shift((step, step), "circular"), x, after=on_map,
        )  # fmt: skip
        found[f"stride 2, error after a shift by {step}"] = round(error, 2)
    return found


def c019():
    kernels = np.random.default_rng(0).normal(size=(5, 1, 1, 3, 3))
    found = {}
    for name, mode in (("zeros around", "zeros"), ("wraps around", "circular")):
        x = np.ones((1, 1, 32, 32))
        for kernel in kernels:
            x = ops.conv2d(x, kernel, padding=1, padding_mode=mode)
        found[f"different values, {name}"] = len(np.unique(x.round(9)))
    return found


def c020():
    runs = stored("shifted_garments")["shift"]
    after = {name: np.mean([run["accuracy"][-1] for run in runs[name]["runs"]], axis=0) for name in runs}
    names = {"pooling twice, then a mean": "max pooling twice", "no stride, then a mean": "reference"}
    return {f"{words}, at 0, 1, 2 px": after[name][:3].round(2).tolist() for words, name in names.items()}


def c022():
    image = np.zeros((4, 5))
    image[0, 0] = 1
    return {"moved to (row, column)": np.argwhere(Shift((0, 1))(image))[0].tolist()}


def c023():
    content = windows() - windows().mean(axis=(1, 2), keepdims=True)
    units = np.random.default_rng(1).normal(size=(64 * 64, 1000))
    before, after = (part.reshape(len(part), -1) @ units for part in (content[..., 1:], content[..., :-1]))
    off = (before <= 0) & (after <= 0)  # zero after the ReLU, before and after
    return {
        "sums that change": float(np.mean(before != after)),
        "ReLU outputs that change": round(float(np.mean(~off)), 2),
    }


def c024():
    def cosine(a, b):
        return np.median((a * b).sum((1, 2)) / np.linalg.norm(a, axis=(1, 2)) / np.linalg.norm(b, axis=(1, 2)))

    here, there = windows()[..., 1:], windows()[..., :-1]
    noise = np.random.default_rng(1).normal(size=windows().shape)
    content = [x - here.mean(axis=0) for x in (here, there)]
    return {
        "cosine, photograph and its shift": round(cosine(here, there), 2),
        "two unrelated photographs": round(cosine(here, np.roll(here, 7, axis=0)), 2),
        "photograph and its shift, brightness removed": round(
            cosine(*(x - x.mean(axis=(1, 2), keepdims=True) for x in content)), 2
        ),
        "white noise and its shift": abs(round(cosine(noise[..., 1:], noise[..., :-1]), 2)),
    }


def c025():
    result = stored("shifted_garments")["permutation"]
    return {
        f"{name}, pixels {words}": round(float(np.mean([run[kind][-1] for run in network["runs"]])), 2)
        for name, network in result.items()
        for kind, words in (("plain", "in order"), ("permuted", "shuffled"))
    }


def c026():
    runs = stored("shifted_garments")["shift"]
    names = {"MLP": "MLP", "convolution, flattened": "usual CNN", "convolution, mean at the end": "reference"}
    return {
        f"{words}, at 0, 1, 2 px": np.mean([run["accuracy"][-1] for run in runs[name]["runs"]], axis=0)[:3]
        .round(2)
        .tolist()
        for words, name in names.items()
    }


def c027():
    window = {(row, column) for row in range(3) for column in range(3)}
    moved = {(row, column + 1) for row, column in window}
    return {"pixels whose content stays in the window": len(window & moved), "of": len(window)}


def c028():
    met = [(row, column) for row in range(3) for column in range(3)]  # what each weight multiplies
    after = [(row, column - 1) for row, column in met]  # content that it multiplies after a move to the right
    return {"weights that still meet the same content": sum(a == b for a, b in zip(met, after, strict=True))}
