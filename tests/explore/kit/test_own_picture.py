"""A picture of the reader's own: any file, pasted, dropped, from the camera; in every explorer that takes one."""

import io

import numpy as np
from PIL import Image

from cnnlib import data
from cnnlib.explore import CortexCells, FilterBank, KernelOnPhotograph, NetworkLive
from tests.explore.filter_bank.check import check as check_bank
from tests.explore.hand import control, put, read, status
from tests.explore.kernel_on_photograph.check import check as check_kernel
from tests.explore.kit.files import IMAGE, chosen, file, noise


def test_small_pictures_come_as_they_are(opened):
    _, root = opened(KernelOnPhotograph())
    levels = noise(30, 41, 3)
    image, said = chosen(root, file(levels))
    assert "41 × 30" in said and control(root, "photo").input_value() == "array"
    np.testing.assert_allclose(image, levels / 255 @ [0.299, 0.587, 0.114], atol=1e-6)
    check_kernel(KernelOnPhotograph(image=image), read(root))


def test_large_ones_are_averaged_and_small_ones_cut_to_a_square(opened):
    _, root = opened(KernelOnPhotograph())
    levels = noise(500, 700, 3)
    image, said = chosen(root, file(levels))
    assert image.shape == (229, 320) and "700 × 500, shown as 320 × 229" in said
    expected = data.area_resize(levels / 255 @ [0.299, 0.587, 0.114], (229, 320))
    np.testing.assert_allclose(image, expected, atol=1e-6)
    _, root = opened(NetworkLive(coarse=True))
    image, said = chosen(root, file(levels))
    np.testing.assert_allclose(image, data.area_resize(levels[:, 100:600] / 255, (227, 227)), atol=1e-6)
    assert "the square in the middle of 700 × 500" in said
    seen = read(root)
    assert seen["status"].replace("×", "x").startswith(NetworkLive(coarse=True, image=image).result()[:40])


def test_transparent_animated_and_one_pixel(opened):
    _, root = opened(NetworkLive(coarse=True))
    clear = noise(240, 240, 4)
    clear[..., 3] = np.where(np.arange(240) < 120, 255, 0)
    image, said = chosen(root, file(clear))
    assert "laid on white" in said and image[:, 120:].min() == 1 and image[:, :100].min() < 0.2
    frames = [Image.fromarray(np.full((20, 20, 3), level, np.uint8)) for level in (0, 250)]
    held = io.BytesIO()
    frames[0].save(held, "gif", save_all=True, append_images=frames[1:], duration=20)
    image, said = chosen(root, {"name": "two.gif", "mimeType": "image/gif", "buffer": held.getvalue()})
    assert "first frame" in said and image.shape == (20, 20, 3) and image.max() == 0
    image, said = chosen(root, file(np.array([[[255, 0, 0]]], np.uint8)))
    assert image.tolist() == [[[1, 0, 0]]] and "1 × 1" in said
    assert NetworkLive(coarse=True, image=image).best[0][0] in status(root)


def test_a_camera_s_turned_picture_stands_upright(opened):
    """The file says that it lies on its side, as those of a phone do."""
    _, root = opened(KernelOnPhotograph())
    levels = np.zeros((30, 48), np.uint8)
    levels[:, :24] = 255  # the left half, which is the upper one after a quarter turn clockwise
    exif = Image.Exif()
    exif[0x0112] = 6
    image, said = chosen(root, file(levels, "jpeg", quality=95, exif=exif))
    assert image.shape == (48, 30) and "30 × 48" in said
    assert image[:20].min() > 0.9 and image[28:].max() < 0.1


def test_a_picture_for_the_press_has_its_colours(opened):
    """A JPEG in cyan, magenta, yellow and black, which browsers turn into red, green and blue."""
    _, root = opened(FilterBank())
    levels = np.zeros((40, 40, 4), np.uint8)
    levels[:20, :, 0] = levels[20:, :, 3] = 255  # cyan above, black below
    held = io.BytesIO()
    Image.fromarray(levels, "CMYK").save(held, "jpeg", quality=95)
    image, said = chosen(root, {"name": "press.jpg", "mimeType": "image/jpeg", "buffer": held.getvalue()})
    assert "40 × 40" in said
    red, green, blue = image[:16].mean(axis=(0, 1))
    assert red < 0.2 and min(green, blue) > 0.5 and image[24:].max() < 0.2


def test_what_is_no_picture_gets_a_sentence_and_changes_nothing(opened):
    _, root = opened(FilterBank())
    before = read(root)["parameters"]
    whole = file(noise(64, 64, 3))
    for name, body in (("broken.png", whole["buffer"][:60]), ("text.png", b"no picture"), ("empty.jpg", b"")):
        image, said = chosen(root, {"name": name, "mimeType": "image/png", "buffer": body})
        assert image is None and said.startswith(f"{name} can't be read as a picture")
    assert read(root)["parameters"] == before


def test_fifty_megapixels(opened):
    _, root = opened(NetworkLive(coarse=True))
    image, said = chosen(root, file(np.full((7000, 7200), 128, np.uint8)))
    assert image.shape == (227, 227, 3) and "7200 × 7000" in said
    np.testing.assert_allclose(image, 128 / 255, atol=1e-6)


def test_dropped_and_pasted(opened):
    _, root = opened(FilterBank())
    levels = noise(30, 40, 3)
    body = list(file(levels)["buffer"])
    give = """(root, [kind, body]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(body)], "mine.png", { type: "image/png" }));
      const event = kind === "drop"
        ? new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true })
        : new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true });
      root.querySelector(".stage").dispatchEvent(event);
      return event.defaultPrevented; }"""
    for kind in ("drop", "paste"):
        root.get_by_role("button", name="Reset").click()
        root.evaluate(give, [kind, body])
        root.page.wait_for_function("() => /Your picture/.test(document.querySelector('.note').textContent)")
        image = np.reshape(root.evaluate(IMAGE)[1], (30, 40, 3))
        np.testing.assert_allclose(image, levels / 255, atol=1e-6)
        check_bank(FilterBank(image=image), read(root))


def test_the_camera(opened):
    """A stream is shown, a press takes its picture, and it is stopped; without one there is a sentence."""
    page, root = opened(KernelOnPhotograph())
    page.evaluate("""() => {
      const canvas = document.createElement("canvas");
      Object.assign(canvas, { width: 64, height: 48 });
      const context = canvas.getContext("2d");
      const paint = () => { context.fillStyle = "#ffffff"; context.fillRect(0, 0, 64, 48);
        requestAnimationFrame(paint); };
      paint();
      globalThis.stream = canvas.captureStream();
      const media = { getUserMedia: async () => globalThis.stream };
      Object.defineProperty(navigator, "mediaDevices", { value: media, configurable: true });
    }""")
    row = root.locator(".control.own")
    low = row.bounding_box()["height"]
    root.get_by_role("button", name="Camera").click()
    page.wait_for_function("() => document.querySelector('video')?.videoWidth === 64")
    assert row.bounding_box()["height"] > low
    root.get_by_role("button", name="Take the picture").click()
    page.wait_for_function("() => /Your picture: 64 × 48/.test(document.querySelector('.note').textContent)")
    shape, values = root.evaluate(IMAGE)
    assert shape == [48, 64] and min(values) > 0.9
    assert page.evaluate("() => stream.getTracks().map((track) => track.readyState)") == ["ended"]
    assert page.locator("video").count() == 0
    status(root)
    assert row.bounding_box()["height"] == low
    page.evaluate("() => Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true })")
    root.get_by_role("button", name="Camera").click()
    root.get_by_text("The camera can't be used (this page has none); choose a file instead.").wait_for()


#: A camera that asks its reader first: `allow()` answers all that was asked; `tracks()` says what films.
CAMERA = """() => {
  const [asked, streams] = [[], []];
  globalThis.allow = async () => { asked.splice(0).forEach((done) => done()); await driver.frame(); };
  globalThis.asked = () => asked.length;
  globalThis.tracks = () => streams.map((stream) => stream.getTracks()[0].readyState);
  const media = { async getUserMedia() {
    await new Promise((done) => asked.push(done));
    const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
    canvas.getContext("2d");
    streams.push(canvas.captureStream());
    return streams.at(-1);
  } };
  Object.defineProperty(navigator, "mediaDevices", { value: media, configurable: true });
}"""


def test_the_camera_pressed_twice_is_one_camera(opened):
    """While the browser asks the reader for it; then it is closed, and may be opened again."""
    page, root = opened(KernelOnPhotograph())
    page.evaluate(CAMERA)
    press = root.get_by_role("button", name="Camera")
    press.click()
    press.click()
    assert page.evaluate("() => asked()") == 1
    page.evaluate("() => allow()")
    root.get_by_role("button", name="Close").click()
    assert page.evaluate("() => tracks()") == ["ended"]
    press.click()
    page.evaluate("() => allow()")
    assert page.evaluate("() => tracks()") == ["ended", "live"] and page.locator("video").count() == 1


def test_no_camera_films_on_out_of_sight(opened):
    """Where another view of the explorer takes the place of the one with the camera."""
    page, root = opened(CortexCells(view="fovea"))
    page.evaluate(CAMERA)
    root.get_by_role("button", name="Camera").click()
    page.evaluate("() => allow()")
    assert page.evaluate("() => tracks()") == ["live"]
    put(root, "view", "cells")
    page.wait_for_function("() => tracks()[0] === 'ended'")


def test_the_camera_of_an_explorer_that_is_gone_is_ended(library):
    """Taken off its page after the reader has allowed it, and before."""
    script = """async (allowed) => {
      const { ownPicture } = cnnlibExplorers.load("kit/own_picture.mjs");
      const said = [];
      const { element, destroy } = ownPicture({ take() {}, most: 32, say: (text) => said.push(text) });
      const stream = document.createElement("canvas").captureStream();
      let allow = null;
      const media = { getUserMedia: () => new Promise((done) => (allow = () => done(stream))) };
      Object.defineProperty(navigator, "mediaDevices", { value: media, configurable: true });
      document.body.append(element);
      [...element.querySelectorAll("button")].find((button) => button.textContent === "Camera").click();
      const later = () => new Promise((done) => setTimeout(done));
      if (allowed) { allow(); await later(); }
      const before = stream.getTracks().map((track) => track.readyState);
      destroy();
      element.remove();
      if (!allowed) { allow(); await later(); }
      return [before, stream.getTracks().map((track) => track.readyState), said, element.querySelector("video")]; }"""
    for allowed in (True, False):
        assert library.evaluate(script, allowed) == [["live"], ["ended"], [], None], allowed


def test_of_two_files_the_later_stands(opened):
    """Even where the earlier one takes longer to open."""
    page, root = opened(KernelOnPhotograph())
    page.evaluate("""() => {
      const open = globalThis.createImageBitmap;
      globalThis.waiting = [];
      globalThis.createImageBitmap = async (...given) => {
        const bitmap = await open(...given);
        await new Promise((done) => waiting.push(done));
        return bitmap;
      };
    }""")
    for count, side in enumerate((30, 40), 1):
        root.locator("input[type=file]").set_input_files(file(noise(side, side, 3)))
        page.wait_for_function("(count) => waiting.length === count", arg=count)
    page.evaluate("async () => { for (const done of waiting.reverse()) { done(); await driver.frame(); } }")
    root.get_by_text("Your picture: 40 × 40").wait_for()
    assert root.evaluate(IMAGE)[0] == [40, 40]


def test_a_link_leaves_the_picture_out_and_reset_takes_it_away(opened):
    page, root = opened(KernelOnPhotograph())
    chosen(root, file(noise(30, 41, 3)))
    put(root, "stride", 2)
    root.get_by_role("button", name="Copy link").click()
    root.get_by_text("without your picture").wait_for()
    assert page.evaluate("() => decodeURIComponent(location.hash)") == "#KernelOnPhotograph-1:stride=2"
    put(root, "photo", "lemur")  # then nothing is missing from the link
    root.get_by_role("button", name="Copy link").click()
    page.wait_for_function("() => /ink/.test(document.querySelector('.note').textContent)")
    assert "without" not in root.locator(".note").inner_text()
    root.get_by_role("button", name="Reset").click()
    status(root)
    assert root.evaluate(IMAGE) is None and control(root, "photo").input_value() == "sheep"
