import { areaResize } from "../mirror/area.mjs";
import { button } from "./controls.mjs";
import { h, setText } from "./dom.mjs";

const LARGEST = 100e6; // bytes of a file that is still opened
const WORKING = 2048; // pixels of the longest side to which the browser shrinks a huge picture first

/**
 * A row of controls for a picture of the reader's own: from a file, pasted, dropped or from the camera. It never leaves
 * the page.
 *   take({ shape, data })   is given the picture as `GreyPicture` and `Picture` of Python keep it; where it can't be
 *             taken, it returns a sentence that says why
 *   most      pixels of its longest side; a larger one is shrunk
 *   least     pixels of its shorter side where that is possible: a narrow one loses its ends before it is shrunk
 *   square    cut the square out of its middle
 *   colour    (height, width, 3) rather than grey
 *   say(text) shows a sentence where it can't be taken
 */
export function ownPicture({ take, most, least = 1, square = false, colour = false, say }) {
  const file = h("input", { type: "file", accept: "image/*", hidden: true, onchange: () => choose(file.files) });
  const camera = h("span", { class: "camera", hidden: true });
  const words = h("span", { class: "range" }, "or paste or drop one. It never leaves this page.");
  const element = h(
    "div",
    { class: "control own", role: "group", "aria-label": "Your own picture" },
    file,
    button("Your picture …", () => file.click()),
    button("Camera", look),
    words,
    camera,
  );
  let watched = null;
  let latest = 0; // the number of the file that was chosen last
  let stream = null;
  let asked = null; // stands for the camera from the press to its end; what was asked for before is not wanted
  const seen = new ResizeObserver(() => camera.offsetParent || stop()); // no camera films on where nobody sees it

  /** Drops and pastes anywhere on the explorer. */
  function watch() {
    const root = element.closest(".cnnlib-explorer");
    if (!root || root === watched) return;
    watched = root;
    root.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
    root.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      choose(event.dataTransfer.files);
    });
    root.addEventListener("paste", (event) => {
      if (event.clipboardData?.files.length) choose(event.clipboardData.files);
    });
    if (!root.hasAttribute("tabindex")) root.tabIndex = -1; // so that a click into it makes it the place to paste into
  }

  async function choose([chosen]) {
    if (!chosen) return;
    const mine = (latest += 1);
    const name = chosen.name || "The picture";
    try {
      if (chosen.size > LARGEST) throw new Error(`has ${Math.round(chosen.size / 1e6)} MB; use one of at most 100 MB`);
      const bitmap = await createImageBitmap(chosen).catch(() => {
        throw new Error("can't be read as a picture; use a JPEG, PNG, WebP or GIF file that is not damaged");
      });
      if (mine !== latest) return bitmap.close(); // another was chosen, or the explorer is gone
      const moves = /gif|webp|apng/.test(chosen.type) ? " (the first frame, if it is animated)" : "";
      given(bitmap, bitmap.width, bitmap.height, moves);
      bitmap.close();
    } catch (error) {
      say(`${name} ${error.message}.`);
    }
    file.value = "";
  }

  function given(source, width, height, more = "") {
    const { clear, cut, ...found } = picture(source, width, height, { most, least, square, colour });
    const [rows, columns] = found.shape;
    const size = `${width} × ${height}`;
    const sides =
      square && width !== height ? `the square in the middle of ${size}` : cut ? `the middle of ${size}` : size;
    const made = Math.min(width, height) === 1 && square ? "" : `, shown as ${columns} × ${rows}`;
    const wrong = take(found);
    if (wrong) say(`Your picture of ${size} can't be shown here: ${wrong}`);
    else say(`Your picture: ${sides}${made}${clear ? ", laid on white" : ""}${more}.`);
  }

  async function look() {
    if (stream) return stop();
    if (asked) return; // the browser is still asking the reader
    const mine = (asked = {});
    let found;
    try {
      if (!navigator.mediaDevices?.getUserMedia) throw new Error("this page has none");
      found = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (error) {
      asked = null;
      say(`The camera can't be used (${error.message}); choose a file instead.`);
      return;
    }
    if (mine !== asked) return end(found);
    stream = found;
    const video = h("video", { muted: true, playsinline: true, width: 160 });
    video.srcObject = stream;
    const shoot = button("Take the picture", () => {
      if (video.videoWidth) given(video, video.videoWidth, video.videoHeight);
      stop();
    });
    camera.replaceChildren(video, shoot, button("Close", stop));
    camera.hidden = false;
    seen.observe(camera);
    try {
      await video.play();
    } catch {
      // closed before the first frame came
    }
  }

  function stop() {
    seen.disconnect();
    if (stream) end(stream);
    asked = stream = null;
    camera.hidden = true;
    camera.replaceChildren();
    element.style.minHeight = ""; // which the frame keeps for drags: no hole stays where the camera was
  }

  return {
    element,
    update: watch,
    say: (text) => setText(words, text),
    destroy() {
      latest += 1;
      stop();
    },
  };
}

function end(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/**
 * What a drawable of `width` x `height` gives: `{ shape, data, clear, cut }`, `clear` where it was transparent,
 * `cut` where its ends were taken off.
 */
export function picture(source, width, height, { most, least = 1, square, colour }) {
  const shrunk = Math.min(1, WORKING / Math.max(width, height));
  const [wide, tall] = [width, height].map((n) => Math.max(1, Math.round(n * shrunk)));
  const canvas = h("canvas", { width: wide, height: tall });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, wide, tall);
  const { data: pixels } = context.getImageData(0, 0, wide, tall);
  const planes = new Float64Array(3 * wide * tall);
  let clear = false;
  for (let at = 0; at < wide * tall; at += 1) {
    const opaque = pixels[4 * at + 3] / 255;
    clear ||= opaque < 1;
    for (let c = 0; c < 3; c += 1) planes[c * wide * tall + at] = (pixels[4 * at + c] / 255) * opaque + (1 - opaque);
  }
  const longest = square ? 1 : Math.floor(most / least); // times the shorter side
  const shape = ends(tall, wide, longest);
  const made = fitted(middle(planes, tall, wide, shape), shape, most);
  const [rows, columns] = made.shape;
  const count = rows * columns;
  const values = new Float32Array(colour ? 3 * count : count);
  for (let at = 0; at < count; at += 1) {
    const [red, green, blue] = [0, 1, 2].map((c) => made.planes[c * count + at]);
    if (colour) values.set([red, green, blue], 3 * at);
    else values[at] = 0.299 * red + 0.587 * green + 0.114 * blue;
  }
  return {
    shape: colour ? [rows, columns, 3] : [rows, columns],
    data: new DataView(values.buffer),
    clear,
    cut: shape[0] < tall || shape[1] < wide,
  };
}

/** [height, width], the longer at most `times` the shorter. */
function ends(height, width, times) {
  const most = times * Math.min(height, width);
  return [Math.min(height, most), Math.min(width, most)];
}

function middle(planes, height, width, [rows, columns]) {
  if (rows === height && columns === width) return planes;
  const [top, left] = [(height - rows) >> 1, (width - columns) >> 1];
  const cut = new Float64Array(3 * rows * columns);
  for (let c = 0; c < 3; c += 1) {
    for (let r = 0; r < rows; r += 1) {
      const from = (c * height + top + r) * width + left;
      cut.set(planes.subarray(from, from + columns), (c * rows + r) * columns);
    }
  }
  return cut;
}

function fitted(planes, [height, width], most) {
  const longest = Math.max(height, width);
  if (longest <= most) return { planes, shape: [height, width] };
  const shape = [height, width].map((n) => Math.max(1, Math.round((n * most) / longest)));
  return { planes: areaResize(planes, 3, [height, width], shape), shape };
}
