"""Eight ways to double a map, trained as decoders: where a checkerboard is left, and where it cannot be.

    python experiments/decoders.py             # what is stored; about 7 minutes of one core
    python experiments/decoders.py --steps 50 --seeds 1 --output /tmp/try.json

Task: an autoencoder. Two convolutions (4 x 4, stride 2) take a grey picture to 8 maps of a quarter of its side, two
upsamplings of one kind take it back; the loss is the mean squared error. Everything but the upsampling is the same:
data, order, seeds, Adam with a one-cycle rate. The pictures are garments of Fashion-MNIST (28 x 28) and pieces of
photographs (32 x 32); test pieces come from other photographs than the training pieces.

Measures, of the untrained decoder and after each length of training, each length with its own schedule:

- share: how much of the energy of the decoded test pictures is checkerboard (`spectrum.checkerboard_share`), to be
  compared with the share of the test pictures themselves, which the result holds too;
- flat: the mean code of the test pictures, repeated over 12 x 12 positions, is decoded; away from the border the
  result repeats every 4 pixels. Stored are that tile of 4 x 4 and its standard deviation over its mean;
- psnr: of the decoded test pictures, in dB.

Result: data/results/decoders.json, one row a run, and for four kinds a garment as seed 0 decodes it. A run that the
file already holds is not made again. Cut to save time: on photographs four of the eight kinds, and only two kinds were
trained for 1,600 steps. There one run in three of nearest + conv collapsed to a constant picture (its share is null);
so did the only one that was tried with 3,200 steps, which is not stored: longer training would need a lower rate.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from cnnlib import data, spectrum
from cnnlib.layers import Upsample2x

KINDS = {
    "transposed 2": {"kernel_size": 2},
    "transposed 3": {"kernel_size": 3},
    "transposed 4": {"kernel_size": 4},
    "transposed 5": {"kernel_size": 5},
    "sub-pixel": {"kind": "sub-pixel"},
    "sub-pixel, ICNR": {"kind": "sub-pixel", "icnr": True},
    "nearest + conv": {"kind": "nearest + conv"},
    "bilinear + conv": {"kind": "bilinear + conv"},
}
PICTURED = (0, 800)
SHOWN = ("transposed 3", "transposed 4", "sub-pixel, ICNR", "nearest + conv")
PLAN = (  # (pictures, lengths in steps, kinds, seeds)
    ("garments", (0, 400, 800), tuple(KINDS), 3),
    ("photographs", (0, 400, 800), SHOWN, 3),
    ("garments", (1600,), ("transposed 4", "nearest + conv"), 3),
)
CODE, CHANNELS, BATCH = 8, 16, 32
TEST = 1000


class Autoencoder(nn.Module):
    """Grey pictures (N, 1, H, W) to codes (N, 8, H/4, W/4) and back; sides that 4 divides."""

    def __init__(self, **options):
        super().__init__()
        self.encode = nn.Sequential(
            nn.Conv2d(1, CHANNELS, 4, 2, 1), nn.ReLU(), nn.Conv2d(CHANNELS, CODE, 4, 2, 1)
        )  # fmt: skip
        self.decode = nn.Sequential(
            Upsample2x(CODE, CHANNELS, **options), nn.ReLU(), Upsample2x(CHANNELS, 1, **options)
        )  # fmt: skip

    def forward(self, pictures):
        return self.decode(self.encode(pictures))


def pictures(name):
    """Training and test pictures, (N, 1, H, W) in 0 to 1."""
    if name == "garments":
        garments = data.fashion_mnist()
        parts = garments.x_train, garments.x_test[:: len(garments.x_test) // TEST]
        return tuple(torch.from_numpy(np.float32(part))[:, None] for part in parts)
    photographs = [data.photograph(photograph, side=256, grey=True) for photograph in data.photograph_names()]
    tests = photographs[3::7]
    rest = [photograph for index, photograph in enumerate(photographs) if index % 7 != 3]
    return pieces(rest, 8000, seed=1), pieces(tests, TEST, seed=2)


def pieces(photographs, count, *, seed, side=32):
    """Random pieces of photographs, (count, 1, side, side)."""
    rng, found = np.random.default_rng(seed), np.empty((count, 1, side, side), np.float32)
    for piece in found:
        photograph = photographs[rng.integers(len(photographs))]
        top, left = (rng.integers(length - side + 1) for length in photograph.shape)
        piece[0] = photograph[top : top + side, left : left + side]
    return torch.from_numpy(found)


def train(network, pictures, steps, seed):
    """Adam, one cycle to a rate of 0.01; returns the mean loss of the last tenth."""
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=steps)
    generator, losses = torch.Generator().manual_seed(seed), []
    for _ in range(steps):
        batch = pictures[torch.randint(len(pictures), (BATCH,), generator=generator)]
        loss = F.mse_loss(network(batch), batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return float(np.mean(losses[-max(1, steps // 10) :]))


@torch.inference_mode()
def flat_tile(network, pictures):
    """The 4 x 4 tile that the decoder makes of a code that is the same everywhere."""
    code = network.encode(pictures).mean((0, 2, 3))[None, :, None, None].expand(1, -1, 12, 12)
    return network.decode(code)[0, 0, 20:24, 20:24].double().numpy()


@torch.inference_mode()
def measure(network, pictures):
    """Share, tile, spread and PSNR, as a row holds them."""
    decoded = torch.cat([network(batch) for batch in pictures.split(250)])
    tile, share = flat_tile(network, pictures), spectrum.checkerboard_share(decoded[:, 0].double().numpy())
    return {
        "share": None if np.isnan(share) else float(f"{share:.4g}"),  # None: every picture is constant
        "flat": float(f"{tile.std() / abs(tile.mean()):.4g}"),
        "tile": tile.round(4).tolist(),
        "psnr": round(-10 * F.mse_loss(decoded.double(), pictures.double()).log10().item(), 2),
    }


def run(plan, stored=None):
    """Yield the result after each run, so that it may be stopped; stored runs are not made again."""
    result = {
        "task": "autoencoders that differ in how they double a map", "batch": BATCH, "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "parameters": {name: sum(p.numel() for p in Autoencoder(**options).decode.parameters())
                       for name, options in KINDS.items()},
        "shares": {}, "decoded": {}, "rows": [], **(stored or {}),
    }  # fmt: skip
    done = {(row["data"], row["name"], row["steps"], row["seed"]) for row in result["rows"]}
    for name, lengths, kinds, seeds in plan:
        todo = [(name, kind, steps, seed) for seed in range(seeds) for kind in kinds for steps in lengths]
        todo = [one for one in todo if one not in done]
        if not todo:
            continue
        examples, tests = pictures(name)
        result["shares"][name] = float(f"{spectrum.checkerboard_share(tests[:, 0].double().numpy()):.4g}")
        for _, kind, steps, seed in todo:
            torch.manual_seed(seed)
            network, began = Autoencoder(**KINDS[kind]), time.process_time()
            loss = train(network, examples, steps, seed) if steps else None
            row = {"data": name, "name": kind, "steps": steps, "seed": seed, **measure(network, tests)}
            result["rows"].append(row if loss is None else {**row, "loss": round(loss, 5)})
            if (name, seed) == ("garments", 0) and kind in SHOWN and steps in PICTURED:
                result["decoded"].setdefault(kind, {})[str(steps)] = grey_levels(network, tests[7:8])
            print(f"{name} {kind:<16} {steps:>5} seed {seed} share {row['share']} flat "
                  f"{row['flat']:.3f} {row['psnr']} dB {time.process_time() - began:.0f} s",
                  file=sys.stderr, flush=True)  # fmt: skip
            yield result


@torch.inference_mode()
def grey_levels(network, picture):
    """A decoded picture in whole grey levels from its own darkest, 0, to its brightest, 255."""
    decoded = network(picture)[0, 0].double()
    low, high = decoded.min(), decoded.max()
    return (255 * (decoded - low) / (high - low)).round().int().tolist()


def write(path, result):
    """As JSON, a run on each line."""
    rows = ",\n  ".join(json.dumps(row) for row in result["rows"])
    parts = [f' "{key}": {json.dumps(value)}' for key, value in result.items() if key != "rows"]
    path.write_text("{\n" + ",\n".join([*parts, f' "rows": [\n  {rows}\n ]']) + "\n}\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, help="train all kinds on garments for this many steps instead of the plan")
    parser.add_argument("--seeds", type=int, default=1, help="with --steps")
    parser.add_argument("--fresh", action="store_true", help="run again what the output already holds")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "decoders.json")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    plan = PLAN if options.steps is None else (("garments", (0, options.steps), tuple(KINDS), options.seeds),)
    known = options.output.exists() and not options.fresh
    for result in run(plan, json.loads(options.output.read_text(encoding="utf-8")) if known else None):
        write(options.output, result)


if __name__ == "__main__":
    main()
