"""The grid in a classifier's gradient: how strongly SqueezeNet's prediction depends on even and on odd pixels.

    python experiments/gradient_grid.py             # what is stored; about a minute of one core
    python experiments/gradient_grid.py --seeds 1 --output /tmp/try.json

SqueezeNet's first layer has windows of 3 x 3 with stride 2 and no padding, so pixels in even rows and columns are read
by 2 x 2 windows, others by 2 x 1, 1 x 2 or 1 x 1. Its gradient goes back to the image through the transposed
convolution. For each photograph the highest score is differentiated for the pixels; the map is the sum of the absolute
gradient over the colours, without a border.

Measures of each map: the means over its four phases relative to the (odd, odd) one, and the share of the variance that
the phases of several periods explain. The strides multiply to 16: periods 2, 4, 8 and 16 are tried, and 3, 5 and 7
are the control.

Controls for the cause. The same gradients of the first layer's output go back through kernels that were drawn from a
normal distribution instead of the trained ones: 3 x 3, which overlap unevenly, and 2 x 2 and 4 x 4, which overlap
evenly. If the overlap makes the grid, it stays for 3 x 3 and vanishes for the others.

Result: data/results/gradient_grid.json, a row for each photograph and kernel (seed: of the draw, none if trained).
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from cnnlib import data, spectrum
from cnnlib.layers import SqueezeNet
from cnnlib.squeezenet import centre_square

STRIDE, BORDER, INNER = 2, 8, 208  # 208 = 13 * 16 pixels a side are measured, from an even one on
PERIODS = (2, 3, 4, 5, 7, 8, 16)
DRAWN = (2, 3, 4)


class Watched(SqueezeNet):
    """SqueezeNet that keeps its first layer's output, for the gradient there."""

    def _conv(self, x, name, *stride, **padding):
        y = super()._conv(x, name, *stride, **padding)
        if name == "conv1":
            y.retain_grad()
            self.first = y
        return y


def gradients(network, photograph):
    """The gradients of the highest score for the image, (1, 3, 227, 227), and for the first layer's output."""
    image = torch.from_numpy(centre_square(photograph).transpose(2, 0, 1)[None]).float().requires_grad_()
    network(image).max().backward()
    return image.grad, network.first.grad


def sent_back(upstream, kernel_size, seed):
    """The gradient of the first layer's output, through normal random kernels of another size."""
    drawn = np.random.default_rng(seed).standard_normal((upstream.shape[1], 3, kernel_size, kernel_size))
    return F.conv_transpose2d(upstream, torch.from_numpy(np.float32(drawn)), stride=STRIDE)


def measure(gradient):
    """Phase means relative to (odd, odd), and the share of the variance that each period explains, as in a row."""
    whole = gradient.abs().sum(1)[0].double().numpy()
    inner = whole[BORDER : BORDER + INNER, BORDER : BORDER + INNER]
    phases = spectrum.phase_means(inner, STRIDE)
    return {
        "phases": (phases / phases[1, 1]).round(4).ravel().tolist(),
        "explained": {str(period): round(float(spectrum.phase_share(inner, period)), 5) for period in PERIODS},
        "share": round(spectrum.checkerboard_share(inner), 5),
    }


def run(names, seeds):
    """Yield a row for each photograph and kernel."""
    network = Watched()
    for name in names:
        photograph = data.photograph(name)
        image, upstream = gradients(network, photograph)
        yield {"photograph": name, "kernel": "trained 3 x 3", **measure(image)}
        for size in DRAWN:
            for seed in range(seeds):
                row = {"photograph": name, "kernel": f"drawn {size} x {size}", "seed": seed}
                yield {**row, **measure(sent_back(upstream, size, seed))}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--photographs", type=int, default=30)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "gradient_grid.json")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    large = [name for name in data.photograph_names() if min(data.photograph(name).shape[:2]) >= 227]
    names = large[:: max(1, len(large) // options.photographs)][: options.photographs]
    rows = ",\n  ".join(json.dumps(row) for row in run(names, options.seeds))
    head = {"task": "SqueezeNet's highest score, differentiated for the pixels", "photographs": len(names),
            "seeds": options.seeds, "torch": torch.__version__, "threads": options.threads}  # fmt: skip
    parts = [f' "{key}": {json.dumps(value)}' for key, value in head.items()]
    options.output.write_text("{\n" + ",\n".join([*parts, f' "rows": [\n  {rows}\n ]']) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
