"""What the 1 x 1 layers that shrink a map throw away: SqueezeNet's eight squeezes, by variance and by prediction.

    python experiments/squeezed_variance.py            # about three minutes on one core

A fire module begins with a 1 x 1 convolution, the squeeze, from C channels to K < C. Whatever it does, it reads only
the K dimensions that its rows span; the other C - K of the channel vector at each pixel can't reach anything behind it.

By variance: the share of the variance of the map (over pixels and photographs, about the mean of each channel) that
lies in the K dimensions that the squeeze reads. Beside it the largest share that any K dimensions hold, those of a
principal component analysis (PCA) made on the other half of the photographs, and what K random ones hold. The last
column repeats the learned share with every channel scaled to variance 1, for a few loud channels could decide it.

By prediction: the map before the squeeze is replaced by its part in K dimensions, plus the channel means, and the
network goes on. Which predictions (classes with the highest score) stay? For the learned dimensions all must
stay, by the argument above. If variance were what the network needs, the PCA's would do as well or better.

The photographs of the book that are large enough, middle square, 227 x 227; random dimensions with `--seeds` seeds.

Result: data/results/squeezed_variance.json, a row for each module, half and subspace.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from cnnlib import data, layers, squeezenet

FIRES = tuple(range(2, 10))


class Opened(layers.SqueezeNet):
    """SqueezeNet in two parts, cut at the map that a fire module reads."""

    def before(self, images, fire):
        """The map that goes into the squeeze of module ``fire``, (N, C, H, W)."""
        x = self.forward(images, stop="conv1" if fire == 2 else f"fire{fire - 1}").relu()
        return F.max_pool2d(x, 3, 2, ceil_mode=True) if fire in (2, 4, 6) else x

    def after(self, x, fire):
        """The class with the highest score, (N,), from that map on."""
        for number in range(fire, 10):
            if number > fire and number in (4, 6):
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
            x = self._fire(x, f"fire{number}").relu()
        return self._conv(x, "conv10").relu().mean(dim=(2, 3)).argmax(dim=1)

    def rows(self, fire):
        """The weights of the squeeze, (K, C), double."""
        return getattr(self, f"fire{fire}_squeeze1x1_w")[:, :, 0, 0].double()


def covariance(x):
    """Mean (C,) and covariance (C, C) of the channel vectors of a map (N, C, H, W), double."""
    vectors = x.permute(1, 0, 2, 3).flatten(1).double()
    mean = vectors.mean(dim=1)
    centred = vectors - mean[:, None]
    return mean, centred @ centred.T / vectors.shape[1]


def basis(rows):
    """Orthonormal columns (C, K) that span the rows (K, C)."""
    return torch.linalg.qr(rows.T)[0]


def principal(spread, count):
    """The ``count`` dimensions with the largest variance, (C, count)."""
    return torch.linalg.eigh(spread)[1][:, -count:]


def share(columns, spread):
    """Share of the variance that lies in the orthonormal columns (C, K)."""
    return float(torch.trace(columns.T @ spread @ columns) / torch.trace(spread))


def kept(x, columns, mean):
    """The map with each channel vector replaced by its part in the columns, about the mean."""
    inside = (columns @ columns.T).to(x)
    centre = mean.to(x)[:, None, None]
    return torch.einsum("dc,nchw->ndhw", inside, x - centre) + centre


@torch.inference_mode()
def measure(network, images, fires=FIRES, seeds=3):
    """Rows of the result: each half of the images (even, odd) is measured, with what the other half taught."""
    halves = {"even": images[::2], "odd": images[1::2]}
    for fire in fires:
        maps = {half: network.before(part, fire) for half, part in halves.items()}
        statistics = {half: covariance(x) for half, x in maps.items()}
        weights = network.rows(fire)
        count, channels = weights.shape
        for half, x in maps.items():
            mean, spread = statistics[half]
            other_mean, other_spread = statistics["odd" if half == "even" else "even"]
            loud = spread.diagonal().clamp_min(1e-12).sqrt()
            predictions = network.after(x, fire)
            components = torch.linalg.eigvalsh(other_spread).flip(0).cumsum(0)
            tried = [("learned", 0, basis(weights)), ("PCA", 0, principal(other_spread, count))]
            for seed in range(seeds):
                generator = torch.Generator().manual_seed(seed)
                noise = torch.randn(count, channels, generator=generator, dtype=torch.double)
                tried.append(("random", seed, basis(noise)))
            for name, seed, columns in tried:
                centre = mean if name == "learned" else other_mean
                row = {
                    "name": name,
                    "seed": seed,
                    "fire": fire,
                    "half": half,
                    "channels": channels,
                    "kept": count,
                    "photographs": len(x),
                    "share": round(share(columns, spread), 4),
                    "same_answers": int((network.after(kept(x, columns, centre), fire) == predictions).sum()),
                }
                if name == "learned":
                    scaled = basis(weights * loud)
                    row["share_of_scaled"] = round(share(scaled, spread / loud / loud[:, None]), 4)
                if name == "PCA":
                    row["for_90_percent"] = int((components < 0.9 * components[-1]).sum()) + 1
                yield row


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3, help="of the random dimensions")
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "squeezed_variance.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    squares = [squeezenet.centre_square(data.photograph(name)) for name in data.photograph_names()]
    large = [square.transpose(2, 0, 1) for square in squares if len(square) == squeezenet.SIDE]
    images = torch.from_numpy(np.stack(large)).float()
    rows = []
    for row in measure(Opened(), images, seeds=options.seeds):
        print(row, file=sys.stderr, flush=True)
        rows.append(row)
    result = {
        "task": "variance and answers in the dimensions that SqueezeNet's squeezes read",
        "photographs": len(images),
        "seeds": options.seeds,
        "torch": torch.__version__,
        "threads": 1,
        "rows": rows,
    }
    options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
