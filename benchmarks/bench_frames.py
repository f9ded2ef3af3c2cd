"""From the input event to the painted frame: each explorer beside one that draws nothing, in one run.

Every slider is dragged with a real mouse on a bare page, 200 inputs each; the time is from the event's own time stamp
until after the frame that shows the result. The browser hands on a mouse's moves when a frame begins, but a press at
once: it then waits for the display, up to a frame, whatever is drawn. So the two are counted apart, and the budget is
that of the moves: the 95th percentile lies at most 6 ms above that of the empty explorer, whose frame has the browser's
own part and the machine's. The ordinary way beside them: a slider of ipywidgets whose callback redraws three matplotlib
panels; the time is from the message that a slider sends until the picture's message is back, without what a browser
would still do with it.

Other programs make the 95th percentile several times as long. Where they can't be ended, Linux gives this one the
processor whenever it asks: as root, `chrt --rr 5 python -m benchmarks.bench_frames`.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client.manager import start_new_kernel
from playwright.sync_api import sync_playwright

from benchmarks.empty import Empty
from tests.explore.contract.page import classes, html, own_check
from tools.browser import NoBrowser, find_or_install, flags

DRAGS = 200
BUDGET = 6.0  # milliseconds above the empty explorer
CLOCK = """
globalThis.frames = [];
let kind = "press";
addEventListener("pointermove", () => { kind = "move"; }, true);
addEventListener("pointerdown", () => { kind = "press"; }, true);
addEventListener("input", (event) => {
  const began = event.timeStamp;
  const by = kind;
  requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => frames.push([by, performance.now() - began]);
    after.port2.postMessage(null);
  });
}, true);
"""
ORDINARY = """
import io
import ipywidgets, matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
from IPython.display import Image, display
from cnnlib.explore import KernelOnPhotograph
model = KernelOnPhotograph()
slider, out = ipywidgets.IntSlider(min=1, max=8), ipywidgets.Output()
def redraw(change):
    model.stride = change["new"]
    figure, axes = plt.subplots(1, 3, figsize=(9, 3))
    for ax, values in zip(axes, (model.input, model.kernel, model.output)):
        ax.imshow(values, cmap="gray")
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    plt.close(figure)
    display(Image(picture.getvalue()))
slider.observe(redraw, "value")
print(slider.comm.comm_id)
"""


def explorers(path: str) -> dict[str, list[tuple[str, float]]]:
    """``("move" or "press", milliseconds)`` of each input, for each explorer, in the browser at ``path``.

    The empty one is measured before each of the others, a part of its inputs at a time, so that a machine that becomes
    busy is busy for both.
    """
    times = {"Empty": []}
    share = -(-DRAGS // len(classes()))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags())
        for kind in classes():
            for each, wanted, states in ((Empty, share, [{}]), (kind, DRAGS, own_check(kind).STATES)):
                found = times.setdefault(each.__name__, [])
                for state in states:  # the first in which a slider moves something
                    page = browser.new_page(viewport={"width": 1280, "height": 900})
                    page.add_init_script(CLOCK)
                    target = Path(folder, f"{each.__name__}.html")
                    target.write_text(html([each(**state)]), encoding="utf-8")
                    page.goto(target.as_uri())
                    root = page.locator(".cnnlib-explorer")
                    root.locator(".status:not(:empty)").wait_for()
                    page.wait_for_timeout(500)
                    seen = drags(page, root, wanted)
                    page.close()
                    if seen:
                        break
                found.extend(seen)
        browser.close()
    return times


def drags(page, root, wanted: int) -> list[tuple[str, float]]:
    """Drag every slider of one explorer over its range, again and again."""
    page.evaluate("() => { frames.length = 0; }")
    sliders = root.locator('input[type="range"]').all()
    before, now = -1, 0
    while before < now < wanted:  # a round that moves nothing is the last
        before = now
        for slider in sliders:
            if slider.is_disabled() or not slider.is_visible():
                continue
            slider.scroll_into_view_if_needed()
            box = slider.bounding_box()
            middle = box["y"] + box["height"] / 2
            page.mouse.move(box["x"] + box["width"] / 2, middle)
            page.mouse.down()
            for part in (0.9, 0.7, 0.5, 0.3, 0.1, 0.2, 0.4, 0.6, 0.8):
                page.mouse.move(box["x"] + box["width"] * part, middle)
                page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            page.mouse.up()
            root.get_by_role("button", name="Reset").click()
        now = page.evaluate("() => frames.length")
    return page.evaluate("() => frames")[:wanted]


def ordinary(rounds: int = 40) -> list[float]:
    """Milliseconds from the slider's message to the picture's, through a kernel."""
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        comm = []
        client.execute_interactive(
            ORDINARY, timeout=120, output_hook=lambda m: comm.append(m["content"].get("text", ""))
        )
        comm_id = "".join(comm).strip()
        times = []
        for number in range(rounds + 5):
            content = {
                "comm_id": comm_id,
                "data": {"method": "update", "state": {"value": number % 7 + 2}, "buffer_paths": []},
            }
            began = time.perf_counter()
            client.shell_channel.send(client.session.msg("comm_msg", content))
            while client.get_iopub_msg(timeout=30)["msg_type"] != "display_data":
                pass
            times.append((time.perf_counter() - began) * 1000)
        return times[5:]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def summary(times: list[float]) -> dict[str, float]:
    return {
        "inputs": len(times),
        "median_ms": round(statistics.median(times), 2),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 2),
        "max_ms": round(max(times), 2),
    }


def main() -> int:
    try:
        path = find_or_install()
    except NoBrowser as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    usual = summary(ordinary())
    rows = {}
    for title, inputs in explorers(path).items():
        rows[title] = {
            kind: summary([time for by, time in inputs if by == kind])
            for kind in ("move", "press")
            if sum(by == kind for by, _ in inputs) > 1
        }
    limit = rows["Empty"]["move"]["p95_ms"] + BUDGET
    print(
        f"{'input to painted':22}{'move':>14}{'95 %':>9}{'above empty':>13}{'budget':>8}{'press':>14}{'ordinary':>10}"
    )
    for title, row in rows.items():
        move, press = row["move"], row.get("press", {"median_ms": float("nan")})
        above = move["p95_ms"] - rows["Empty"]["move"]["p95_ms"]
        kept = "kept" if move["p95_ms"] <= limit else "MISSED"
        print(
            f"{title:22}{move['median_ms']:11.1f} ms{move['p95_ms']:6.1f} ms{above:10.1f} ms{kept:>8}"
            f"{press['median_ms']:11.1f} ms{usual['median_ms'] / move['median_ms']:9.1f}x"
        )
    print(f"slider, kernel, matplotlib: {usual['median_ms']:.1f} ms; budget: 95 % of the moves within {limit:.1f} ms")
    target = Path("_build/bench_frames.json")
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps({"explorers": rows, "ordinary": usual}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
