"""Question 2, from the cortex to convolutional networks: what is true of each claim that can be computed.

Each function is named after its claim and returns the value that the claim's `truth` states.
"""

import numpy as np

from cnnlib import data, geometry, kernels, networks, ops, retina
from cnnlib.geometry import Layer

from .pictures import stored


def c033():
    return {
        "weights of a 3 × 3 unit": geometry.count_parameters(1, 1, 3, bias=False),
        "on colour": geometry.count_parameters(3, 1, 3, bias=False),
        "of a dense unit on a million pixels": geometry.count_parameters(10**6, 1, bias=False),
    }


def c036():
    even, odd = kernels.quadrature(31)
    across = 2 * np.pi * (np.arange(31) - 15) / (31 / 2.5)
    gratings = [np.cos(across + phase) for phase in np.linspace(0, 2 * np.pi, 24, endpoint=False)]
    simple = np.array([(even * grating).sum() for grating in gratings])
    energy = simple**2 + np.array([(odd * grating).sum() for grating in gratings]) ** 2
    return {
        "simple cell, lowest over highest response": round(simple.min() / simple.max(), 2),
        "energy, lowest over highest": round(energy.min() / energy.max(), 2),
    }


def c040():
    gradient, sizes = np.zeros((1, 1, 31, 31)), []
    gradient[0, 0, 15, 15] = 1  # of one unit in the last layer
    for _ in range(5):
        gradient = ops.conv2d_backward(gradient, np.zeros_like(gradient), np.ones((1, 1, 3, 3)), padding=1)[0]
        sizes.append(np.count_nonzero(gradient[0, 0, 15]))
    return {"pixels a side with a gradient, 1 to 5 layers": sizes}


def c041():
    return {"field of layers 1 and 2": [geometry.receptive_field([Layer(3)] * depth).size for depth in (1, 2)]}


def c042():
    second = next(row for row in networks.alexnet().trace() if row.name == "conv2")
    return {
        "field of layer 5": geometry.receptive_field([Layer(3)] * 5).size,
        "of AlexNet's second convolution": second.field.size,
        "of five layers of 11 × 11": geometry.receptive_field([Layer(11)] * 5).size,
    }


def c043():
    fields = {row.name: row.field.size for network in (networks.alexnet(), networks.vgg()) for row in network.trace()}
    return {
        "AlexNet conv2": fields["conv2"],
        "of a side of 224": round(fields["conv2"] / 224, 2),
        "AlexNet conv5": fields["conv5"],
        "VGG-16 conv5_3": fields["conv5_3"],
    }


def c044():
    shares = {}
    for depth in (5, 20, 80):
        field = 1 + 2 * depth
        paths = np.array(geometry.count_paths([Layer(3)] * depth, 0, size=field), float)
        gradient = np.outer(paths, paths)  # of layers whose weights are all 1
        effective = np.sqrt(np.sum(gradient > 0.0455 * gradient.max()))
        shares[f"effective side over the field's, {depth} layers"] = round(effective / field, 2)
    return shares


def c047():
    ends = stored("learning_without_a_teacher")["front_ends"]
    alone = [run["accuracy"] for run in ends["no teacher, one stage"] if run["shown"] == 4000]
    return {
        "S-cells that learned without labels, lowest and highest seed": [round(min(alone), 3), round(max(alone), 3)],
        "the same head on raw pixels": round(ends["pixels"][0]["accuracy"], 3),
    }


def c049():
    likeness = np.linspace(0, 1, 101)  # cosine between what an S-cell sees and what it has learned
    silent = {}
    for r in (1, 1.5, 4):
        response = np.maximum(0, (1 + r) * likeness - r)
        silent[f"selectivity {r}: silent up to a cosine of"] = round(float(likeness[response < 1e-9].max()), 2)
    return silent


def c051():
    runs = stored("shifted_garments")["shift"]
    return {
        f"{name}, accuracy at 0, 1, 2 px": np.mean([run["accuracy"][-1] for run in runs[name]["runs"]], axis=0)[:3]
        .round(2)
        .tolist()
        for name in ("max pooling twice", "blur pooling twice")
    }


def c052():
    ends = stored("learning_without_a_teacher")["front_ends"]
    learned = ends["gradient descent, convolution, ReLU, max pooling"]
    return {
        "24 fixed Gabor filters": round(ends["Gabor bank"][0]["accuracy"], 3),
        "raw pixels": round(ends["pixels"][0]["accuracy"], 3),
        "learned with labels, mean": round(np.mean([run["accuracy"] for run in learned if run["epochs"] == 8]), 3),
    }


def c053():
    pairs = stored("learning_without_a_teacher")["filters_of_two_seeds"]["today"]
    names = {"same index": "same_index", "best match": "best_match", "best match by chance": "best_match_shuffled"}
    return {f"correlation, {words}": round(np.mean([pair[name] for pair in pairs]), 2) for words, name in names.items()}


def c054():
    return {"AlexNet": networks.alexnet().parameters, "VGG-16": networks.vgg(16).parameters}


def c058():
    near = []
    for name in data.photograph_names()[::3]:
        photo = data.photograph(name, side=224, grey=True).astype(float)
        middle = tuple(side // 2 for side in photo.shape)
        close = np.hypot(*(np.indices(photo.shape) - np.reshape(middle, (2, 1, 1)))) <= 16
        eyes = retina.log_polar(photo.shape, middle), retina.even(photo.shape, 24 * 48)
        near.append([np.sqrt(np.mean((eye.repaint(eye.look(photo)) - photo)[close] ** 2)) for eye in eyes])
    fovea, even = np.median(near, axis=0)
    return {"error within 16 pixels, fields like a fovea": round(fovea, 3), "as many even fields": round(even, 3)}


def c061():
    maps = geometry.activation_bytes(geometry.count_activations(64, (1000, 1000)))
    return {
        "MB of 64 maps of 1000 × 1000": maps / 10**6,
        "kB of the shared weights": 4 * geometry.count_parameters(3, 64, 3, bias=False) / 1000,
    }
