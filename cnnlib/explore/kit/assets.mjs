/**
 * The assets of an explorer's class from its kernel: `asset(name)` asks for the bytes once and promises an ArrayBuffer;
 * what the kernel can't give is refused with its reason and may be asked for again. `asset.off()` stops listening.
 * On the built site, where there is no kernel, the page's own `asset` takes this one's place.
 */
export function kernelAsset(model) {
  const asked = new Map(); // name to { promise, done, failed }
  let listening = false;

  function hear(message, buffers) {
    const bytes = buffers?.[0];
    if (!asked.has(message?.asset)) return;
    const { done, failed } = asked.get(message.asset);
    if (bytes) {
      const { buffer, byteOffset = 0, byteLength } = bytes;
      done(buffer ? buffer.slice(byteOffset, byteOffset + byteLength) : bytes);
    } else if (message.error) {
      asked.delete(message.asset);
      failed(new Error(message.error));
    }
  }

  function asset(name) {
    if (!listening) model.on("msg:custom", hear);
    listening = true;
    if (!asked.has(name)) {
      const entry = {};
      entry.promise = new Promise((done, failed) => Object.assign(entry, { done, failed }));
      asked.set(name, entry);
      try {
        model.send({ asset: name });
      } catch {
        asked.delete(name);
        return Promise.reject(new Error("there is no kernel that could send it"));
      }
    }
    return asked.get(name).promise;
  }
  asset.off = () => listening && model.off("msg:custom", hear);
  return asset;
}
