/**
 * The assets of an explorer's class from its kernel: `asset(name)` asks for the bytes once and promises an ArrayBuffer.
 * On the built site, where there is no kernel, the page's own `asset` takes this one's place.
 */
export function kernelAsset(model) {
  const asked = new Map();
  const waiting = new Map();
  let listening = false;
  function listen() {
    listening = true;
    model.on("msg:custom", (message, buffers) => {
      const bytes = buffers?.[0];
      if (!waiting.has(message?.asset) || !bytes) return;
      const { buffer, byteOffset = 0, byteLength } = bytes;
      waiting.get(message.asset)(buffer ? buffer.slice(byteOffset, byteOffset + byteLength) : bytes);
    });
  }
  return (name) => {
    if (!listening) listen();
    if (!asked.has(name)) {
      asked.set(name, new Promise((done) => waiting.set(name, done)));
      try {
        model.send({ asset: name });
      } catch {
        asked.delete(name);
        return Promise.reject(new Error("there is no kernel that could send it"));
      }
    }
    return asked.get(name);
  };
}
