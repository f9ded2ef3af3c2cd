import { capital, grouped } from "../kit/format.mjs";
import { activationsOf, field, macsOf, measured, parametersOf, rounded, sizeAfter, steps, total } from "./model.mjs";
import { kernelAt, readChannels, readInputs } from "./picture.mjs";
import { PERIOD, VARIANTS } from "./schema.mjs";

const outputs = ({ variant, in_channels, out_channels, multiplier }) =>
  variant === "depthwise" ? in_channels * multiplier : out_channels;

/** What is true of a variant: which shifts it follows, whether it mixes channels, and what becomes of the size. */
export function properties(state) {
  const { variant, stride, groups, size } = state;
  const times = (n) => (n === 1 ? "every shift" : `shifts by multiples of ${n}`);
  const shifts =
    {
      unshared: "follows no shift",
      tiled: `follows ${times(PERIOD)}`,
      strided: `follows ${times(stride)}`,
      transposed: `follows every shift, ${stride} × as far`,
      pointwise: "follows every shift, and any other rearrangement of the pixels",
      deformable: "follows every shift, and its samples move with it",
      modulated: "follows every shift, and its samples move with it",
    }[variant] ?? "follows every shift";
  const mixes =
    {
      depthwise: "mixes no channels",
      grouped: groups === 1 ? "mixes all channels" : `mixes channels within ${groups} groups`,
      depthwise_separable: "mixes channels in its second step",
    }[variant] ?? "mixes all channels";
  const after = sizeAfter(state, variant);
  const other = variant === "unshared" ? "works on this size only" : "works on any size";
  const reads = field(state, variant) === 1 ? "reads no neighbours" : "reads neighbours";
  return capital(`${shifts}; ${mixes}; ${reads}; ${size} × ${size} becomes ${after} × ${after}; ${other}.`);
}

function formula(step) {
  const { ins, groups, outs, kernel, positions, kernels, learned, bias, name } = step;
  const macs = `${kernel.join("·")}·${ins / groups} · ${outs} · ${positions}·${positions} = ${grouped(macsOf(step))}`;
  if (!positions) return `${name}: no multiply-adds`;
  const own = `${kernels > 1 ? `, ${kernels}·${kernels} kernels` : ""}${bias ? ", with biases" : ""}`;
  return `${name}: ${macs}; ${learned ? `${grouped(parametersOf(step))} parameters${own}` : "no parameters"}`;
}

/** The line of torch; `cnnlib` where torch has no such layer. */
function torch(state) {
  const { variant, in_channels: ins, out_channels: outs, kernel_size: k, size, groups, multiplier, reduction } = state;
  const { stride, dilation } = state;
  const half = (k - 1) / 2;
  const conv = (before, after, kernel, more = {}) => {
    const options = Object.entries(more).filter(([, value]) => value);
    return `nn.Conv2d(${[before, after, kernel, ...options.map(([n, v]) => `${n}=${v}`)].join(", ")}, bias=False)`;
  };
  const wide = { padding: half };
  const row = (...layers) => `nn.Sequential(\n    ${layers.join(",\n    ")},\n)`;
  const middle = ins / reduction;
  const depth = conv(ins, ins * multiplier, k, { ...wide, groups: ins });
  const each = outs / 4;
  const deform = `layers.DeformConv2d(${ins}, ${outs}, ${k}, padding=${half}, bias=False`;
  return {
    unshared: `layers.LocalConv2d(${ins}, ${outs}, ${k}, padding=${half}, input_size=${size}, bias=False)`,
    tiled:
      `ops.tiled_conv2d(x, w, padding=${half})` +
      `  # w of shape (${outs}, ${ins}, ${k}, ${k}, ${PERIOD}, ${PERIOD}); torch has no such layer`,
    dilated: conv(ins, outs, k, { padding: half * dilation, dilation }),
    strided: conv(ins, outs, k, { stride, ...wide }),
    transposed:
      `nn.ConvTranspose2d(${ins}, ${outs}, ${k}, stride=${stride}, padding=${half}, ` +
      `output_padding=${stride - 1}, bias=False)`,
    grouped: conv(ins, outs, k, { ...wide, groups }),
    depthwise: depth,
    depthwise_separable: row(depth, conv(ins * multiplier, outs, 1)),
    spatially_separable: row(
      conv(ins, outs, `(${k}, 1)`, { padding: `(${half}, 0)` }),
      conv(outs, outs, `(1, ${k})`, { padding: `(0, ${half})` }),
    ),
    pointwise: conv(ins, outs, 1),
    bottleneck: row(conv(ins, middle, 1), conv(middle, middle, k, wide), conv(middle, outs, 1)),
    inception: `branches = nn.ModuleList([\n    ${[
      conv(ins, each, 1),
      `nn.Sequential(${conv(ins, middle, 1)}, ${conv(middle, each, k, wide)})`,
      `nn.Sequential(${conv(ins, middle, 1)}, ${conv(middle, each, k + 2, { padding: half + 1 })})`,
      `nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), ${conv(ins, each, 1)})`,
    ].join(",\n    ")},\n])  # torch.cat([branch(x) for branch in branches], dim=1)`,
    deformable: `${deform})`,
    modulated: `${deform}, modulated=True)`,
    full: conv(ins, outs, k, wide),
  }[variant];
}

/** What the small picture shows of the chosen output, in words. */
export function captions(state) {
  const { variant, in_channels: ins, groups, position } = state;
  const channels = { depthwise: 1, grouped: ins / groups }[variant] ?? ins;
  const found = readInputs(state).size;
  const moves = variant === "deformable" || variant === "modulated";
  const kernel = kernelAt(state, ...position);
  return {
    reads:
      `One output reads ${found} pixel${found === 1 ? "" : "s"} in ${grouped(channels)} of ${grouped(ins)} channels` +
      (moves ? "; where depends on the image" : "") +
      (readChannels(state) < 4 || ins > 4 ? " (4 drawn)" : ""),
    shares:
      {
        unshared: `Kernel ${kernel}, which makes no other output`,
        tiled: `Kernel ${kernel} of ${PERIOD * PERIOD}, repeated in tiles`,
        transposed: `Weights of phase ${kernel} of ${state.stride ** 2}, all from one kernel`,
      }[variant] ?? "One kernel makes every output",
  };
}

export function texts(state, cost) {
  const { variant, in_channels, size } = state;
  const found = steps(state);
  const macs = total(found, macsOf);
  const ratio = rounded(macs / total(steps(state, "full"), macsOf));
  const times = measured(state)[variant]?.map(rounded);
  return {
    status:
      `${capital(VARIANTS[variant])}, ${in_channels} to ${outputs(state)} channels on ${size} × ${size}: ` +
      `${grouped(total(found, parametersOf))} parameters, ${grouped(macs)} multiply-adds, ` +
      `${ratio} × the full convolution's.` +
      (times ? ` Measured time: ${times[0]} × in torch, ${times[1]} × in NumPy.` : ""),
    formula: `${found.map(formula).join("\n")}\n${properties(state)}`,
    torch: torch(state),
    numbers: () =>
      [
        ...Object.entries(cost).map(([name, value]) => `${name} = ${value}`),
        `parameters = ${total(found, parametersOf)}`,
        `multiply_adds = ${total(found, macsOf)}`,
        `activations = ${total(found, activationsOf)}`,
        `reads = [${[...readInputs(state)].map((input) => `[${input}]`).join(", ")}]`,
        `kernel = ${kernelAt(state, ...state.position)}`,
      ].join("\n"),
  };
}
