// An independent ActivityPub server for the tests: one Person, `dan`, on Fedify, over plain TCP on loopback.
// Prints one JSON line with its port, then serves until its standard input closes (so it never outlives its test).
// Everything under /_control/ drives it: see control.js.
import { createServer } from "node:http";
import { control } from "./control.js";
import { keepToLoopback } from "./loopback.js";
import { Peer } from "./peer.js";
import { toRequest, writeResponse } from "./translate.js";

keepToLoopback();

const server = createServer(async (incoming, outgoing) => {
  try {
    const request = await toRequest(incoming, peer.origin);
    const path = new URL(request.url).pathname;
    const answer = path.startsWith("/_control/") ? await control(peer, path.slice(10), request) : await peer.fetch(request);
    await writeResponse(answer, outgoing);
  } catch (error) {
    console.error(error);
    outgoing.writeHead(500).end(String(error));
  }
});

await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const peer = await Peer.create(`http://localhost:${server.address().port}`);
console.log(JSON.stringify({ port: server.address().port, node: process.version }));

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
