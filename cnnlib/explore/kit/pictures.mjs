import { unpack } from "./pixels.mjs";

/**
 * Photographs by name, unpacked when they are first asked for: `of(name)` gives the picture, or null until it is there,
 * when `ready()` is called. `given(image)` is the same of an array from Python, `{ shape, data }`. `make` unpacks
 * what is packed otherwise.
 */
export function pictures(packed, ready, make = unpack) {
  const unpacked = new Map();
  const arrays = new WeakMap();
  return {
    of(name) {
      if (!unpacked.has(name)) {
        unpacked.set(name, null);
        make(packed[name]).then((picture) => (unpacked.set(name, picture), ready()));
      }
      return unpacked.get(name);
    },
    given(image) {
      if (!arrays.has(image)) {
        const { buffer, byteOffset, byteLength } = image.data;
        const values = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
        arrays.set(image, { height: image.shape[0], width: image.shape[1], values });
      }
      return arrays.get(image);
    },
  };
}

/** The line that stands while a photograph is unpacked. */
export const WAITING = { status: "Unpacking the photograph …", numbers: () => "" };
