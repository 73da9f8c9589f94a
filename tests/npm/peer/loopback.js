// Keeps every fetch of this process on this machine, and lets WebFinger work without TLS.

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

// From here on fetch throws for any other machine. Fedify asks https for the host of a handle; the servers of a test
// speak plain http on localhost, so for them the scheme is changed.
export function keepToLoopback() {
  const outside = globalThis.fetch;
  globalThis.fetch = async (input, options) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!LOOPBACK.has(url.hostname)) throw new TypeError(`${url.host} is not on this machine`);
    if (url.protocol !== "https:") return await outside(input, options);
    url.protocol = "http:";
    return await outside(input instanceof Request ? new Request(url, input) : url, options);
  };
}
