import { listed } from "../kit/format.mjs";
import { GROUNDS, KINDS, NAMES } from "./schema.mjs";
import { onSheep } from "./model.mjs";

export const percent = (share) => `${Math.round(100 * share)}%`;
export const averaged = (shares) => shares.reduce((sum, share) => sum + share, 0) / shares.length;

const LAYER = { all: "three layers", first: "first layer", second: "second layer", third: "third layer" };

/** What stands over the picture, the table and the strip. */
export const captions = ({ layer, offsets, height }, { weights }, all) => ({
  seen:
    `${NAMES[offsets]}, ${LAYER[layer]}: ${weights.length} points, ● on the sheep, ○ off it` +
    (offsets === "elsewhere" ? ", ┄ the other position" : ""),
  table: "share of the points, by weight, that lie on the sheep",
  strip:
    `the same at all ${all.positions.length} positions on the sheep of ${height} px: ▮ ${NAMES[offsets]}` +
    (offsets === "rigid" ? "" : ", ┄ rigid grid"),
});

/** What is shown, in words; all four shares are always there. */
export function texts(state, scene, found, all) {
  const { place, layer, offsets } = state;
  const { kinds, weights, other, part } = found;
  const { rigid, learned } = kinds;
  const shares = KINDS.map((kind) => `${NAMES[kind]} ${percent(kinds[kind].share)}`).join(", ");
  const which = layer === "all" ? "effective dilation of the third layer" : "effective dilation";
  const means = KINDS.map((kind) => averaged(all[kind]));
  const on = onSheep(scene, kinds[offsets].points);
  return {
    status:
      `At row ${place[0]}, column ${place[1]}, ${GROUNDS[part]}: ${shares} of ` +
      `${weights.length} weighted points on the sheep.` +
      (offsets === "elsewhere" ? ` The other position is row ${other[0]}, column ${other[1]}.` : ""),
    formula:
      `all ${all.positions.length} positions: ` +
      KINDS.map((kind, k) => `${NAMES[kind]} ${percent(means[k])}`).join(", ") +
      `\nspread ${learned.spread.toFixed(1)} px (rigid ${rigid.spread.toFixed(1)}), ${which} ` +
      `${learned.dilation.toFixed(2)} cells (rigid ${rigid.dilation.toFixed(2)})`,
    torch: "points = layer.sampling_points(x)  # (N, 9, rows, columns, 2); where it reads, not what it uses",
    numbers: () =>
      listed({
        shares: [KINDS.map((kind) => kinds[kind].share)],
        means: [means],
        spreads: [KINDS.map((kind) => kinds[kind].spread)],
        dilations: [KINDS.map((kind) => kinds[kind].dilation)],
        other: [other],
        everywhere: KINDS.map((kind) => all[kind]),
        points: on.map((is, k) => [...kinds[offsets].points.slice(2 * k, 2 * k + 2), weights[k], Number(is)]),
      }),
  };
}
