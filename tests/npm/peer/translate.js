// Between Node's requests and responses and those of the Fetch standard, which Fedify speaks.
import { Buffer } from "node:buffer";

export async function toRequest(incoming, origin) {
  const headers = new Headers();
  for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i], incoming.rawHeaders[i + 1]);
  }
  const parts = [];
  for await (const part of incoming) parts.push(part);
  const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
  return new Request(new URL(incoming.url, origin), {
    method: incoming.method,
    headers,
    body: hasBody ? Buffer.concat(parts) : undefined,
  });
}

export async function writeResponse(answer, outgoing) {
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
  outgoing.end(Buffer.from(await answer.arrayBuffer()));
}
