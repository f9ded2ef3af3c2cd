"""The whole network in plain JavaScript: a forward pass, and what a change of it costs, in the browser.

    python -m benchmarks.bench_live

SqueezeNet 1.1 as `NetworkLive` runs it in its worker, on one core, 349 million multiply-adds at 224 x 224. Targets: 350
ms at 224 and 90 ms at 112. An intervention recomputes only what it changes, so taking out a part of a late module costs
a fraction.

What a library would give instead, measured in November 2026 outside the project: each forward pass at 224 x 224 after
the other, 21 rounds in one page of Chromium without a graphics card, one thread, SIMD, our weights in float32 and the
same scores within 0.00001. The machine was busy with other programs, so only the ratios count: of the round's time, and
of the fastest rounds.

                        ours takes            adds to the page
TensorFlow.js 4.22      7.3 and 11.6 times    0.87 MB: core 0.29, backend 0.15, WebAssembly 0.42
onnxruntime-web 1.30    6.9 and 9.4 times     14.3 MB, 3.7 MB as a server sends it

With two threads, which a page may use only where a server sends two special headers, and so never from a folder, both
gained nothing on two busy cores. WebGPU could not be tried: the browser has no adapter here; onnxruntime-web's file for
it has 28 MB.
"""

import base64
import statistics
import sys
import zlib

from playwright.sync_api import sync_playwright

from cnnlib.explore.base import source
from cnnlib.explore.network_live import assets
from tools.browser import NoBrowser, find_or_install, flags

ROUNDS = 15
TARGETS = {"forward, 224 x 224": 350, "forward, 112 x 112": 90}
#: Name to side, and the options of the run that is timed after a plain one of the same picture; None has no such run.
CASES = {
    "forward, 224 x 224": (224, None),
    "forward, 112 x 112": (112, None),
    "forward, 227 x 227": (227, None),
    "the 3 x 3 half of fire4 taken out, 227": (227, {"removed": ["fire4", 128, 256]}),
    "the 3 x 3 half of fire9 taken out, 227": (227, {"removed": ["fire9", 256, 512]}),
}
CLOCK = """([text, cases, rounds]) => {
  const { engine, unpackNetwork } = loaded["mirror/squeezenet.mjs"];
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const net = engine();
  net.load(unpackNetwork(bytes.buffer).layers);
  return cases.map(([side, options]) => {
    const picture = Float32Array.from({ length: 3 * side * side }, () => 255 * Math.random() - 110);
    const times = [];
    for (let round = 0; round < rounds + 2; round += 1) {
      const kept = new Map();
      const key = {};
      if (options) net.forward(picture, side, { kept, key });
      const began = performance.now();
      net.forward(picture, side, { ...options, kept, key });
      if (round > 1) times.push(performance.now() - began);
    }
    return times;
  });
}"""


def measured(path: str, rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Milliseconds of each round of each case, in the browser at ``path``."""
    functions = source.modules("mirror/squeezenet.mjs")
    script = "globalThis.loaded = {};" + "".join(
        f'loaded["{name}"] = ({function})((other) => loaded[other]);' for name, function in functions.items()
    )
    network = base64.b64encode(zlib.decompress(assets.network())).decode()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags())
        page = browser.new_page()
        page.add_script_tag(content=script)
        times = page.evaluate(CLOCK, [network, list(CASES.values()), rounds])
        browser.close()
    return dict(zip(CASES, times, strict=True))


def main() -> int:
    """Print the median and the fastest round of each case."""
    try:
        path = find_or_install()
    except NoBrowser as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    for name, times in measured(path).items():
        median, target = statistics.median(times), TARGETS.get(name)
        kept = "" if target is None else f"   target {target} ms {'kept' if median <= target else 'MISSED'}"
        print(f"{name:42}{median:9.1f} ms{min(times):9.1f} ms at best{kept}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
