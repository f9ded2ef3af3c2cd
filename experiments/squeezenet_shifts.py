"""What a pretrained network calls a photograph while the photograph is shifted, pixel by pixel.

    python experiments/squeezenet_shifts.py            # about three minutes on one core

SqueezeNet 1.1 trained on ImageNet, input 227 x 227, total stride 16, global average pooling at its end.

Tables: five photographs, centre square at 227 pixels, moved by every (down, right) from -8 to 8, once with
zeros (black) and once with the picture's other edge coming in. For each shift the label with the highest
probability, that probability, and the probability of the label of the unmoved picture, in whole per cent.

Camera: all photographs that are large enough, a window of 227 pixels moved by 0 to 16 pixels to the right over a
wider picture, so that nothing but photograph comes in. For each the labels and the probability of the first one.

Result: data/results/squeezenet_shifts.json
"""

import json
import sys

import numpy as np
import torch
from torch.nn import functional as F

from cnnlib import data, transforms

SIDE, REACH, CAMERA, MEANS = 227, 8, 16, (103.939, 116.779, 123.68)
PHOTOGRAPHS = ("sheep", "lemur", "lincoln_memorial", "kingfisher", "hedgehog")
BOUNDARIES = ("zero", "circular")
NAMES = {  # of the ImageNet classes that come up
    8: "hen", 12: "house finch", 41: "whiptail", 47: "African chameleon", 48: "Komodo dragon",
    49: "African crocodile", 68: "sidewinder", 73: "barn spider", 88: "macaw", 90: "lorikeet", 92: "bee eater",
    95: "jacamar", 99: "goose", 101: "tusker", 104: "wallaby", 105: "koala", 121: "king crab",
    140: "red-backed sandpiper", 147: "grey whale", 157: "papillon", 217: "English springer", 232: "Border collie",
    235: "German shepherd", 246: "Great Dane", 251: "dalmatian", 261: "keeshond", 288: "leopard", 290: "jaguar",
    293: "cheetah", 296: "polar bear", 334: "porcupine", 343: "warthog", 345: "ox", 346: "water buffalo",
    347: "bison", 348: "ram", 350: "ibex", 354: "Arabian camel", 377: "marmoset", 383: "ring-tailed lemur",
    386: "African elephant", 387: "lesser panda", 388: "giant panda", 421: "bannister", 442: "bell cote",
    483: "castle", 498: "cinema", 500: "cliff dwelling", 538: "dome", 569: "garbage truck", 592: "hard disc",
    649: "megalith", 660: "mobile home", 663: "monastery", 668: "mosque", 682: "obelisk", 698: "palace",
    708: "pedestal", 730: "plow", 743: "prison", 812: "space shuttle", 832: "stupa", 847: "tank",
    852: "tennis ball", 853: "thatch", 873: "triumphal arch", 884: "vault", 888: "viaduct", 924: "guacamole",
    970: "alp", 972: "cliff", 975: "lakeside", 976: "promontory", 977: "sandbar", 979: "valley", 980: "volcano",
    988: "acorn",
}  # fmt: skip


def square(name, margin=0):
    """A photograph's middle, (227, 227 + margin, 3); None if the photograph is too small."""
    image = data.photograph(name)
    height, width = image.shape[:2]
    scale = min(height / SIDE, width / (SIDE + margin))  # pixels of the file in one of ours
    if scale < 1:
        return None
    tall, wide = round(SIDE * scale), round((SIDE + margin) * scale)
    top, left = (height - tall) // 2, (width - wide) // 2
    return data.area_resize(image[top : top + tall, left : left + wide], (SIDE, SIDE + margin))


def probabilities(images, weights):
    """SqueezeNet's 1,000 probabilities for images (N, 227, 227, 3) of red, green, blue from 0 to 1."""

    def conv(x, name, **options):
        return F.relu(F.conv2d(x, weights[f"{name}/w"], weights[f"{name}/b"], **options))

    pixels = images[..., ::-1] * 255 - np.array(MEANS)
    x = conv(torch.from_numpy(pixels.transpose(0, 3, 1, 2).astype(np.float32)), "conv1", stride=2)
    for fire in range(2, 10):
        if fire in (2, 4, 6):
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
        x = conv(x, f"fire{fire}/squeeze1x1")
        x = torch.cat([conv(x, f"fire{fire}/expand1x1"), conv(x, f"fire{fire}/expand3x3", padding=1)], dim=1)
    return conv(x, "conv10").mean(dim=(2, 3)).double().softmax(dim=1).numpy()


def table(image, boundary, weights, reach=REACH):
    """Labels and per cents for every shift of an image (227, 227, 3), rows from up to down."""
    moves = range(-reach, reach + 1)
    planes = image.transpose(2, 0, 1)
    own = int(probabilities(image[None], weights)[0].argmax())
    rows = {"label": [], "percent": [], "own_percent": []}
    for down in moves:
        batch = [transforms.Shift((down, right), boundary)(planes).transpose(1, 2, 0) for right in moves]
        shares = probabilities(np.stack(batch), weights)
        rows["label"].append(shares.argmax(axis=1).tolist())
        rows["percent"].append(np.rint(100 * shares.max(axis=1)).astype(int).tolist())
        rows["own_percent"].append(np.rint(100 * shares[:, own]).astype(int).tolist())
    return own, rows


def stored(tables, camera):
    """Write what there is so far."""
    met = {row["own"] for row in tables.values()} | {label for row in camera.values() for label in row["label"]}
    met |= {n for row in tables.values() for kind in BOUNDARIES for line in row[kind]["label"] for n in line}
    names = {str(label): NAMES.get(label, f"class {label}") for label in sorted(met)}
    result = {"side": SIDE, "reach": REACH, "names": names, "tables": tables, "camera": camera}
    path = data.folder() / "results" / "squeezenet_shifts.json"
    path.write_text(json.dumps(result, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"\rwrote {path}", file=sys.stderr)


@torch.inference_mode()
def main():
    torch.set_num_threads(1)
    weights = {name: torch.from_numpy(array) for name, array in data.squeezenet_weights().items()}
    tables, camera = {}, {}
    for name in PHOTOGRAPHS:
        print(f"\r{name:<20}", end="", file=sys.stderr, flush=True)
        entry = {}
        for boundary in BOUNDARIES:
            entry["own"], entry[boundary] = table(square(name), boundary, weights)
        tables[name] = entry
    stored(tables, camera)
    photographs = data.photograph_names()
    for number, name in enumerate(photographs, 1):
        print(f"\r{number} of {len(photographs)} photographs", end="", file=sys.stderr, flush=True)
        wide = square(name, margin=CAMERA)
        if wide is None:
            continue
        shares = probabilities(np.stack([wide[:, at : at + SIDE] for at in range(CAMERA + 1)]), weights)
        first = shares[0].argmax()
        camera[name] = {
            "label": shares.argmax(axis=1).tolist(),
            "own_percent": np.rint(100 * shares[:, first]).astype(int).tolist(),
        }
    stored(tables, camera)


if __name__ == "__main__":
    main()
