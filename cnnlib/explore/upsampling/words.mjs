import { asPython, listed, percent, rowsOf, short } from "../kit/format.mjs";
import { FLAT } from "./schema.mjs";

export const KINDS = {
  transposed: "transposed conv.",
  "sub-pixel": "sub-pixel conv.",
  "nearest + conv": "nearest, then conv.",
  "bilinear + conv": "bilinear, then conv.",
};

/** A share in per cent, three digits, as the Python half writes it. */
const shareText = (share) => (share > 0 && share < 1e-5 ? "less than 0.001%" : percent(share));

/** A constant through the layer, phase by phase, and why. */
function evenness({ kind, kernel_size: k, weights }, gains) {
  const all = gains.flat();
  if (Math.max(...all) - Math.min(...all) < FLAT) {
    if (kind.endsWith("conv")) return "one kernel after the resize: every phase gets the same weights";
    return "the weights of the four phases have the same sum";
  }
  if (kind === "sub-pixel") return "the four kernels, one for each phase, have different sums";
  const overlap = k % 2 ? `stride 2 does not divide kernel ${k}: overlap is uneven` : "overlap is even";
  return weights === "ones" ? overlap : `${overlap}, and each phase has its own weights`;
}

function torchLine({ kind, kernel_size: k }) {
  const padding = k > 1 ? `, padding=${k >> 1}` : "";
  if (kind === "transposed") {
    const given = [(k - 1) >> 1 && `padding=${(k - 1) >> 1}`, k % 2 && "output_padding=1"].filter(Boolean);
    return `nn.ConvTranspose2d(${[1, 1, k, "stride=2", ...given, "bias=False"].join(", ")})`;
  }
  if (kind === "sub-pixel") return `nn.Sequential(nn.Conv2d(1, 4, ${k}${padding}, bias=False), nn.PixelShuffle(2))`;
  const mode = kind === "nearest + conv" ? "nearest" : "bilinear";
  return `nn.Sequential(nn.Upsample(scale_factor=2, mode="${mode}"), ` + `nn.Conv2d(1, 1, ${k}${padding}, bias=False))`;
}

/**
 * What is shown, in words: captions, the line that is announced, what a constant becomes, the line of torch, the
 * numbers.
 */
export function texts(state, { kernels, piece, result, means, gains }) {
  const { photo, kind, kernel_size: k, position } = state;
  const flat = result.high - result.low < FLAT;
  const line = means.flat().map((mean) => short(mean));
  const own = shareText(piece.share);
  const shares = `${shareText(result.share)} of the result's energy is checkerboard, ${own} of the piece's`;
  const alone = `The result is a constant and a checkerboard, nothing else: ${shareText(result.share)} in this measure`;
  const said = flat ? "The result is constant: no checkerboard at all" : photo === "constant" ? alone : shares;
  const four = kernels.length > 1;
  return {
    captions: {
      photograph: photo === "constant" ? "a constant" : `piece at (${position.join(", ")})`,
      weights: four
        ? `4 kernels ${k} × ${k}, one per phase A to D`
        : `kernel ${k} × ${k}${kind === "transposed" ? ", by phase A to D" : ""}`,
      output: "32 × 32 pixels become 64 × 64",
      means: "mean of each phase",
      spectrum: "its spectrum; rings: checkerboard",
    },
    status: `${said}. Phase means ${line.join(", ")}.`,
    formula:
      `a constant 1 becomes ${gains
        .flat()
        .map((gain) => short(gain))
        .join(", ")} at the four phases:\n` + `${evenness(state, gains)}`,
    torch: torchLine(state),
    numbers: () =>
      [
        `share = ${Number(result.share.toPrecision(9))}`,
        `own_share = ${Number(piece.share.toPrecision(9))}`,
        listed({ phase_means: means, gains }),
        ...kernels.map((kernel, n) => `kernel_${n} = ${asPython(rowsOf(kernel, k))}`),
      ].join("\n"),
  };
}
