"""What can three layers of 3x3 learn that one of 7x7 cannot, and the other way round?

    python experiments/depth_against_one_kernel.py        # about ten minutes on one core

Everything sees a window of 7 x 7 white-noise pixels and gives one number. Teachers, three of each:
a random 7x7 kernel; a random wide network (7x7 to 8 channels, ReLU, 1x1); a random deep one (3x3 to
5 channels, ReLU, 3x3 to 5, ReLU, 3x3); and the local contrast, the standard deviation in the window.
Each student learns each teacher from fresh noise by Adam, from two starts, once for 750 steps and
once for twice as many; stored is the share of the teacher's variance that it leaves unexplained
on 5,000 windows that it has not seen, for every teacher and start. That says what Adam found, which
is at most what the student could be.

All students of a kind, one for each teacher and start, learn side by side on the same noise: their
weights are stacked, and Adam treats each number by itself.

Result: data/results/depth_against_one_kernel.json
"""

import json
import sys

import torch
from torch.nn import functional as F

from cnnlib import data

STEPS, BATCH, STARTS, TEACHERS, UNSEEN = (750, 1500), 128, 2, 3, 5_000


class Wide:
    """One layer of 7x7 to `channels`, and with `relu` a ReLU and a weighted sum; models side by side."""

    def __init__(self, channels, relu=True):
        self.relu, out = relu, channels if relu else 1
        self.shapes = [(49, out), (1, out)] + ([(channels, 1), (1, 1)] if relu else [])

    def __call__(self, x, weights):
        """x (N, 49), weights of shape (models, ...); gives (models, N)."""
        x = x @ weights[0] + weights[1]
        return (x.relu() @ weights[2] + weights[3] if self.relu else x)[..., 0]


class Deep:
    """Three layers of 3x3 with `channels` between them; models side by side, as groups of a convolution."""

    def __init__(self, channels, relu=True):
        self.relu = relu
        self.channels = (1, channels, channels, 1)
        sizes = (9, channels), (9 * channels, channels), (9 * channels, 1)
        self.shapes = [shape for size in sizes for shape in (size, (1, size[1]))]

    def __call__(self, x, weights):
        """x (N, 49), weights of shape (models, taps x channels, channels) and (models, 1, channels); (models, N)."""
        models = len(weights[0])
        x = x.view(-1, 1, 7, 7)
        for layer, (weight, bias) in enumerate(zip(weights[::2], weights[1::2], strict=True)):
            before, after = self.channels[layer : layer + 2]
            kernel = weight.view(models, 3, 3, before, after).permute(0, 4, 3, 1, 2).reshape(-1, before, 3, 3)
            x = F.conv2d(x, kernel, bias.flatten(), groups=models if layer else 1)  # the models share the pixels
            x = x.relu() if self.relu and layer < 2 else x
        return x[:, :, 0, 0].T


STUDENTS = {
    "one 7x7": Wide(1, relu=False),
    "three 3x3, no ReLU": Deep(1, relu=False),
    "three 3x3": Deep(1),
    "three 3x3, 5 channels, no ReLU": Deep(5, relu=False),
    "three 3x3, 5 channels": Deep(5),
    "7x7, 6 channels, ReLU, 1x1": Wide(6),
}
NETWORKS = {"a 7x7 kernel": Wide(1, relu=False), "a wide network": Wide(8), "a deep network": Deep(5)}


def parameters(network):
    """Parameters of one network."""
    return sum(rows * columns for rows, columns in network.shapes)


def fresh(network, models, generator):
    """Normal weights of variance 2 / fan-in and biases of deviation 0.3, `models` times."""
    weights = []
    for rows, columns in network.shapes:
        scale = 0.3 if rows == 1 else (2 / rows) ** 0.5
        weights.append(scale * torch.randn(models, rows, columns, generator=generator))
    return weights


def noise(count, seed):
    return torch.randn(count, 49, generator=torch.Generator().manual_seed(seed))


def teachers(count=TEACHERS):
    """The kinds, and a function of windows (N, 49) that gives all outputs (teachers, N), mean 0, variance 1."""
    generator = torch.Generator().manual_seed(100)
    known = {kind: fresh(network, count, generator) for kind, network in NETWORKS.items()}

    def outputs(x):
        taught = [NETWORKS[kind](x, weights) for kind, weights in known.items()]
        return torch.cat([*taught, x.std(dim=1)[None]])

    values = outputs(noise(50_000, seed=1))
    mean, deviation = values.mean(1, keepdim=True), values.std(1, keepdim=True)
    kinds = [kind for kind in NETWORKS for _ in range(count)] + ["local contrast"]
    return kinds, lambda x: (outputs(x) - mean) / deviation


def unexplained(student, outputs, steps, starts=STARTS):
    """Train a student for each teacher and start; shares of variance unexplained, starts by teacher."""
    generator = torch.Generator().manual_seed(7)
    count = len(outputs(noise(10, seed=2)))
    weights = [w.requires_grad_() for w in fresh(student, count * starts, generator)]
    optimizer = torch.optim.Adam(weights, lr=0.02)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        x = torch.randn(BATCH, 49, generator=generator)
        y = outputs(x).repeat(starts, 1)
        loss = (student(x, weights) - y).square().mean(dim=1).sum()  # each model learns from its own term
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    with torch.no_grad():
        left = 0
        for x in noise(UNSEEN, seed=3).split(1000):
            left = left + (student(x, weights) - outputs(x).repeat(starts, 1)).square().sum(dim=1)
        variance = outputs(noise(UNSEEN, seed=3)).var(dim=1) * UNSEEN
        return (left.view(starts, count) / variance).T.tolist()


def main():
    torch.set_num_threads(1)
    kinds, outputs = teachers()
    found = {}
    for name, student in STUDENTS.items():
        found[name] = {"parameters": parameters(student), "unexplained": {}}
        for steps in STEPS:
            row = found[name]["unexplained"][str(steps)] = {}
            for kind, left in zip(kinds, unexplained(student, outputs, steps), strict=True):
                row.setdefault(kind, []).append([round(share, 4) for share in left])
            print(f"{name}, {steps} steps: {row}", file=sys.stderr, flush=True)
    result = {"steps": STEPS, "batch": BATCH, "starts": STARTS, "teachers": TEACHERS, "students": found}
    path = data.folder() / "results" / "depth_against_one_kernel.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
