"""Which pixels are garment? Small networks that differ in how far apart the taps of their three layers stand.

    python experiments/dilated_segmentation.py             # what is stored; about 15 minutes on one core
    python experiments/dilated_segmentation.py --steps 40 --seeds 1 --output /tmp/try.json

Task: mark the pixels of a garment of Fashion-MNIST, 20 x 20, on a grey photograph of 40 x 40 pixels, under noise of
standard deviation 0.05. The test uses other garments on other photographs.

Networks: three convolutions of 3 x 3 with 16 maps, batch normalisation and ReLU, then 1 x 1 to one map of logits; all
have the same parameters, number for number, and all but one work at every pixel. They differ in the dilations alone:

- 2, 2, 2 and 1, 2, 3 have the same field of 13 x 13; the first reads 49 of its 169 pixels, the second all of them;
- 1, 1, 1 reads as many pixels as 2, 2, 2, from a field of 7 x 7: the control for how many pixels are read;
- 1, 2, 2 has a smaller field than 2, 2, 2, with no gaps: the control for how far one sees;
- 3, 2, 1 reads what 1, 2, 3 reads, in the other order: the control for the dense first layer;
- 1, 2, 4 and 4, 4, 4 see further, without gaps and with them;
- "stride 2" is what dilation is said to replace: its first layer has a stride, and its logits are interpolated.

Controls that are no stack: all pixels garment, and a network of three 1 x 1 layers, which sees brightness alone.

Measures on 400 test scenes: IoU over all their pixels; lone pixels, labelled otherwise than their four neighbours, per
mille; share of the logits' energy above 0.4 cycles per pixel along either axis (mean removed, Hann window).

Result: data/results/dilated_segmentation.json, one row a run, at two lengths of training. A run that the file already
holds is not run again (--fresh does). What was cut: the greater length has two seeds instead of three, and none of
4, 4, 4 and "brightness alone".
"""

import argparse
import itertools
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from cnnlib import data, geometry, scenes

SIDE, MAPS, BATCH, NOISE = 40, 16, 16, 0.05
TRAIN, TEST = 4_000, 400
PLAN = ((500, 3), (1000, 2))  # (steps, seeds)
STACKS = {  # name: kernel size, dilations, stride of the first layer
    "1, 1, 1": (3, (1, 1, 1), 1),
    "2, 2, 2": (3, (2, 2, 2), 1),
    "1, 2, 2": (3, (1, 2, 2), 1),
    "1, 2, 3": (3, (1, 2, 3), 1),
    "3, 2, 1": (3, (3, 2, 1), 1),
    "1, 2, 4": (3, (1, 2, 4), 1),
    "4, 4, 4": (3, (4, 4, 4), 1),
    "stride 2": (3, (1, 1, 1), 2),
    "brightness alone": (1, (1, 1, 1), 1),
}
SHORT_ONLY = ("4, 4, 4", "brightness alone")  # trained for the first length alone


class Segmenter(nn.Module):
    """Three windows and a 1 x 1: scenes (N, 1, H, W) -> logits of "garment" (N, 1, H, W)."""

    def __init__(self, kernel, dilations, stride):
        super().__init__()
        layers, before = [], 1
        for number, dilation in enumerate(dilations):
            conv = nn.Conv2d(
                before, MAPS, kernel, stride if number == 0 else 1, dilation * (kernel // 2), dilation=dilation
            )
            layers += [conv, nn.BatchNorm2d(MAPS), nn.ReLU()]
            before = MAPS
        self.layers = nn.Sequential(*layers, nn.Conv2d(MAPS, 1, 1))

    def forward(self, scenes):
        logits = self.layers(scenes)
        if logits.shape[-2:] == scenes.shape[-2:]:
            return logits
        return F.interpolate(logits, size=scenes.shape[-2:], mode="bilinear", align_corners=False)


def count(kernel, dilations, stride):
    """Parameters, multiply-adds for one scene, field and pixels read of one network, by `cnnlib.geometry`."""
    stack = [
        geometry.Layer(kernel, dilation=dilation, stride=stride if number == 0 else 1)
        for number, dilation in enumerate(dilations)
    ]
    channels, size = (1, MAPS, MAPS, MAPS), -(-SIDE // stride)
    parameters = geometry.count_parameters(MAPS, 1) + sum(
        geometry.count_parameters(before, after, kernel) + 2 * after  # batch normalisation
        for before, after in itertools.pairwise(channels)
    )
    macs = size**2 * (MAPS + sum(b * a * kernel**2 for b, a in itertools.pairwise(channels)))
    read = geometry.touched(stack)
    return {
        "parameters": parameters,
        "macs": macs,
        "receptive_field": geometry.receptive_field(stack).size,
        "read": read.count,
        "common": read.common(1),
    }


def tensors(number, *, seed, test):
    """Noisy scenes about 0 and their masks, both (N, 1, side, side)."""
    images, masks = scenes.garment_masks(number, seed=seed, side=SIDE, test=test)
    noise = np.random.default_rng(seed).normal(0, NOISE, images.shape)
    return torch.from_numpy((images + noise - 0.5).astype(np.float32))[:, None], torch.from_numpy(masks)[:, None]


def train(network, images, masks, steps, seed):
    """Adam with a one-cycle rate on the cross-entropy of the pixels; the loss, ten means."""
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=steps)
    generator = torch.Generator().manual_seed(seed)
    losses = []
    network.train()
    for _ in range(steps):
        picked = torch.randint(len(images), (BATCH,), generator=generator)
        loss = F.binary_cross_entropy_with_logits(network(images[picked]), masks[picked].float())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return [round(float(part.mean()), 4) for part in np.array_split(losses, min(10, steps))]


def overlap(found, true):
    """Intersection over union of two boolean tensors."""
    return ((found & true).sum() / (found | true).sum()).item()


def lone_pixels(found):
    """Share of the pixels of (N, 1, H, W) bool that are labelled otherwise than all their neighbours above, below,
    left and right; at the border the pixel itself stands for a missing one."""
    padded = F.pad(found.float(), (1, 1, 1, 1), mode="replicate")
    cross = torch.tensor([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]])[None, None]
    agreeing = torch.where(found, F.conv2d(padded, cross), 4 - F.conv2d(padded, cross))
    return (agreeing == 0).float().mean().item()


def fine_energy(maps, above=0.4):
    """Share of the energy of maps (N, 1, S, S), means removed, above a number of cycles per pixel along either axis."""
    side = maps.shape[-1]
    hann = torch.hann_window(side)
    centred = (maps - maps.mean(dim=(2, 3), keepdim=True)) * hann[:, None] * hann
    power = torch.fft.fft2(centred).abs().square().sum(dim=(0, 1))
    wave = torch.fft.fftfreq(side).abs()
    return (power[torch.maximum(wave[:, None], wave) > above].sum() / power.sum()).item()


@torch.inference_mode()
def evaluate(network, images, masks):
    network.eval()
    logits = torch.cat([network(batch) for batch in images.split(100)])
    return {
        "iou": round(overlap(logits > 0, masks), 4),
        "lone_per_mille": round(1000 * lone_pixels(logits > 0), 2),
        "fine_percent": round(100 * fine_energy(logits), 2),
    }


def run(plan, known=(), train_count=TRAIN, test_count=TEST):
    """Yield the result after each run, so that it may be stopped and keeps what it has."""
    images, masks = tensors(train_count, seed=901, test=False)
    test = tensors(test_count, seed=902, test=True)
    rows = list(known)
    result = {
        "task": "pixels of a garment on a photograph",
        "steps": [steps for steps, _ in plan],
        "batch": BATCH,
        "seeds": [seeds for _, seeds in plan],
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "train_scenes": train_count,
        "test_scenes": test_count,
        "all_garment_iou": round(test[1].float().mean().item(), 4),
        "stacks": {name: count(*options) for name, options in STACKS.items()},
        "rows": rows,
    }
    todo = [(steps, seed, name) for steps, seeds in plan for seed in range(seeds) for name in STACKS]
    for steps, seed, name in todo:
        if steps > plan[0][0] and name in SHORT_ONLY:
            continue
        if any((row["name"], row["seed"], row["steps"]) == (name, seed, steps) for row in rows):
            continue
        torch.manual_seed(seed)
        network, began = Segmenter(*STACKS[name]), time.process_time()
        losses = train(network, images, masks, steps, seed)
        seconds = round(time.process_time() - began, 1)
        rows.append({"name": name, "seed": seed, "steps": steps, **evaluate(network, *test), "loss": losses})
        print(f"{rows[-1]}, {seconds} s", file=sys.stderr, flush=True)
        yield result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, help="train for this many steps instead of the two lengths of the plan")
    parser.add_argument("--seeds", type=int, default=1, help="with --steps")
    parser.add_argument("--fresh", action="store_true", help="run again what the output already holds")
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "dilated_segmentation.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    known = ()
    if options.output.exists() and not options.fresh:
        known = json.loads(options.output.read_text(encoding="utf-8"))["rows"]
    for result in run(PLAN if options.steps is None else ((options.steps, options.seeds),), known):
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
