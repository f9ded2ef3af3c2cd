import { fullSize, layout, outputs, sidesOf, turns } from "./model.mjs";
import { SIZE } from "./schema.mjs";

const python = (numbers) => `(${numbers.join(", ")})`;
const list = (numbers) => `[${numbers.join(", ")}]`;
const both = ([a, b]) => (a === b ? String(a) : python([a, b]));

/** Keyword arguments that differ from the default. */
const options = (given) =>
  given
    .filter(([, value]) => value)
    .map(([name, value]) => `, ${name}=${value}`)
    .join("");

/** Rows and columns that are left of `size` pixels when the sides are cut off, as a slice. */
const slice = ([top, bottom, left, right], [rows, columns]) => `${top}:${rows - bottom}, ${left}:${columns - right}`;

/** The lines that bring `x` and `w` from one dialect's layout into another's. */
function conversion(state, target) {
  const { dialect, layer, channels, filters } = state;
  const lines = [];
  const [from, to] = [dialect === "keras", target === "keras"];
  const shape = layout(state, "torch").shape;
  if (from && !to) lines.push("x = x.transpose(0, 3, 1, 2)  # NHWC -> NCHW");
  if (to && !from) lines.push("x = x.transpose(0, 2, 3, 1)  # NCHW -> NHWC");
  if (from && !to)
    lines.push(
      layer === "depthwise"
        ? `w = w.transpose(2, 3, 0, 1).reshape${python(shape)}  # HWCM -> (C*M)1HW`
        : `w = w.transpose(3, 2, 0, 1)  # ${layer === "transposed" ? "HWOI -> IOHW" : "HWIO -> OIHW"}`,
    );
  if (turns(state, dialect) !== turns(state, target))
    lines.push("w = w[..., ::-1, ::-1].copy()  # SciPy convolves, the others correlate");
  if (to && !from)
    lines.push(
      layer === "depthwise"
        ? `w = w.reshape${python([channels, filters, ...shape.slice(2)])}.transpose(2, 3, 0, 1)  # (C*M)1HW -> HWCM`
        : `w = w.transpose(2, 3, 1, 0)  # ${layer === "transposed" ? "IOHW -> HWOI" : "OIHW -> HWIO"}`,
    );
  return lines;
}

const CALLS = {
  torch(state, { sides, extra }) {
    const { layer, stride, dilation, channels } = state;
    const [top, bottom, left, right] = sides;
    const even = top === bottom && left === right;
    const window = [["stride", stride > 1 && stride]];
    const rest = [["dilation", dilation > 1 && dilation]];
    const tensors = "x, w = torch.tensor(x), torch.tensor(w)";
    if (layer === "transposed") {
      const padding = even && Math.max(...sides) ? both([top, left]) : "";
      const some = even && Math.max(...extra) ? both(extra) : "";
      const call = options([...window, ["padding", padding], ["output_padding", some], ...rest]);
      const padded = even || !Math.max(...extra) ? "" : `y = F.pad(y, (0, ${extra[1]}, 0, ${extra[0]}))`;
      const cut = even ? "" : `y = y[..., ${slice(sides, fullSize(state, extra))}]`;
      return [tensors, `y = F.conv_transpose2d(x, w${call})`, padded, cut];
    }
    const same = state.dialect === "torch" && state.padding === "same" ? '"same"' : "";
    const padding = even && Math.max(...sides) ? both([top, left]) : "";
    const x = even || same ? "x" : `F.pad(x, ${python([left, right, top, bottom])})`;
    const groups = layer === "depthwise" && channels > 1 && channels;
    const call = options([...window, ["padding", same || padding], ...rest, ["groups", groups]]);
    return [tensors, `y = F.conv2d(${x}, w${call})`];
  },
  keras(state, { sides, extra }) {
    const { layer, stride, dilation, padding, dialect } = state;
    const [top, bottom, left, right] = sides;
    const same = dialect === "keras" && padding === "same";
    const window = [
      ["strides", stride > 1 && stride],
      ["padding", same && '"same"'],
    ];
    const rest = [["dilation_rate", dilation > 1 && dilation]];
    if (layer === "transposed") {
      const full = fullSize(state, extra);
      const some = !same && Math.max(...extra) ? both(extra) : "";
      // without a word on it Keras makes n * stride of a kernel smaller than the stride
      const call = options([...window, ["output_padding", some], ...rest]);
      const cut = same || !(Math.max(...sides) || smaller(state)) ? "" : `y = y[:, ${slice(sides, full)}]`;
      return [`y = keras.ops.conv_transpose(x, w${stride > 1 ? "" : ", strides=1"}${call})`, cut];
    }
    const frame = `((0, 0), (${top}, ${bottom}), (${left}, ${right}), (0, 0))`;
    const padded = same || !Math.max(...sides) ? "" : `x = np.pad(x, ${frame})`;
    const name = layer === "depthwise" ? "depthwise_conv" : "conv";
    return [padded, `y = keras.ops.${name}(x, w${options([...window, ...rest])})`];
  },
  onnx(state, { sides, extra }) {
    const { layer, stride, dilation, channels, padding, dialect } = state;
    const [top, bottom, left, right] = sides;
    const same = dialect === "onnx" && padding === "same";
    const given = [
      ["strides", list([stride, stride])],
      ["auto_pad", same && '"SAME_UPPER"'],
      ["pads", !same && Math.max(...sides) > 0 && list([top, left, bottom, right])],
      ["output_padding", Math.max(...extra) > 0 && list(extra)],
      ["dilations", dilation > 1 && list([dilation, dilation])],
      ["group", layer === "depthwise" && channels > 1 && channels],
    ];
    const name = layer === "transposed" ? "ConvTranspose" : "Conv";
    return [
      `node = make_node("${name}", ["x", "w"], ["y"]${options(given)})`,
      'y = ReferenceEvaluator(node).run(None, {"x": x, "w": w})[0]',
    ];
  },
  scipy(state, { sides, extra }) {
    const { layer, stride, dilation, channels, filters, kernel_size, padding, dialect } = state;
    const [top, bottom, left, right] = sides;
    const lines = [];
    if (dilation > 1) {
      const wide = kernel_size.map((k) => dilation * (k - 1) + 1);
      lines.push(`holes = np.zeros((*w.shape[:2], ${wide.join(", ")}))`);
      lines.push(`holes[..., ::${dilation}, ::${dilation}] = w`, "w = holes");
    }
    if (layer === "transposed") {
      const size = SIZE.map((n, axis) => (n - 1) * stride + 1 + extra[axis]);
      lines.push(`wide = np.zeros((${channels}, ${size.join(", ")}))  # zeros between the pixels`);
      const [rows, columns] = SIZE.map((n) => (n - 1) * stride + 1);
      lines.push(`wide[:, :${rows}:${stride}, :${columns}:${stride}] = x[0]`);
      const sum = `sum(convolve2d(wide[c], w[c, o]) for c in range(${channels}))`;
      return [...lines, `y = [${sum}[${slice(sides, fullSize(state, extra))}] for o in range(${outputs(state)})]`];
    }
    const same = dialect === "scipy" && padding === "same";
    const frame = `((0, 0), (${top}, ${bottom}), (${left}, ${right}))`;
    lines.push(same || !Math.max(...sides) ? "x = x[0]" : `x = np.pad(x[0], ${frame})`);
    const steps = stride > 1 ? `[::${stride}, ::${stride}]` : "";
    const mode = same ? '"same"' : '"valid"';
    if (layer === "depthwise") {
      const one = `convolve2d(x[o // ${filters}], w[o, 0], ${mode})${steps}`;
      return [...lines, `y = [${one} for o in range(${outputs(state)})]`];
    }
    const sum = `sum(convolve2d(x[c], w[o, c], ${mode}) for c in range(${channels}))${steps}`;
    return [...lines, `y = [${sum} for o in range(${filters})]`];
  },
  cnnlib(state, { sides, extra }) {
    const { layer, stride, dilation, channels } = state;
    const transposed = layer === "transposed";
    const same = state.dialect === "cnnlib" && state.padding === "same";
    const most = Math.max(...sides) ? python(sides) : "";
    const given = [
      ["stride", stride > 1 && stride],
      ["padding", same ? '"same"' : most],
      ["output_padding", Math.max(...extra) > 0 && both(extra)],
      ["dilation", dilation > 1 && dilation],
      ["groups", layer === "depthwise" && channels > 1 && channels],
    ];
    return [`y = ops.${transposed ? "conv_transpose2d" : "conv2d"}(x, w${options(given)})`];
  },
  exam(state, { sides }) {
    const { stride: s, dilation: d, kernel_size, layer } = state;
    const [f, p] = [d * (kernel_size[0] - 1) + 1, sides[0]];
    if (layer === "transposed") return SIZE.map((n) => `(${n} - 1) * ${s} + ${f}  # = ${(n - 1) * s + f}`);
    return SIZE.map((n) => {
      const exact = (n - f + 2 * p) / s + 1;
      const whole = Number.isInteger(exact) ? "" : `, rounded down to ${Math.floor(exact)}; it asks for an integer`;
      return `(${n} - ${f} + 2 * ${p}) / ${s} + 1  # = ${Number(exact.toPrecision(4))}${whole}`;
    });
  },
};

/** Whether a kernel is smaller than the stride, along either axis. */
const smaller = ({ kernel_size, stride, dilation }) => kernel_size.some((k) => dilation * (k - 1) + 1 < stride);

/** The lines of Python that run the layer in the target's words, from `x` and `w` in the dialect's own. */
export function recipe(state, target) {
  const padding = sidesOf(state);
  const brought = target === "exam" ? [] : conversion(state, target);
  return [...brought, ...CALLS[target](state, padding).filter(Boolean)];
}

/** The one line of the recipe that is the layer itself. */
export const call = (state, target) =>
  recipe(state, target)
    .find((line) => /^(y = (F|keras|ops|\[)|node = |\()/.test(line))
    .replace(/^(y|node) = /, "");
