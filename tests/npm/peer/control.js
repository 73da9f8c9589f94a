// The JSON interface of the tests: POST /_control/<verb>; 200 with a value, or 502 with a sentence.
import { signRequest } from "@fedify/fedify";
import * as act from "./act.js";

const VERBS = {
  settings: async (peer, changes) => {
    peer.apply(changes);
    return peer.settings;
  },
  received: async (peer, wanted) => peer.record.find(wanted),
  wait: async (peer, wanted) => await peer.record.wait(wanted),
  reset: async (peer) => peer.reset(),
  forget: async (peer) => {
    peer.record.requests = [];
    return null;
  },
  followers: async (peer) => [...peer.followers.keys()],
  lookup: async (peer, { what }) => await (await act.find(peer, what)).toJsonLd({ contextLoader: peer.context.contextLoader }),
  webfinger: async (peer, { resource }) => await peer.context.lookupWebFinger(resource, { allowPrivateAddress: true }),
  get: async (peer, { url, signed = true }) => await get(peer, url, signed),
  send: async (peer, { inbox, activity, scheme = "cavage" }) => await sendRaw(peer, inbox, activity, scheme),
  follow: act.follow,
  block: act.block,
  like: act.like,
  announce: act.announce,
  flag: act.flag,
  undo: act.undo,
  reply: act.reply,
  post: act.post,
  vote: act.vote,
  edit: act.edit,
  remove: act.remove,
};

export async function control(peer, verb, request) {
  if (!Object.hasOwn(VERBS, verb)) return Response.json({ error: `no verb ${verb}` }, { status: 404 });
  try {
    return Response.json((await VERBS[verb](peer, await request.json())) ?? null);
  } catch (error) {
    return Response.json({ error: `${verb}: ${error.message ?? error}` }, { status: 502 });
  }
}

async function get(peer, url, signed) {
  const plain = new Request(url, { headers: { accept: "application/activity+json" } });
  const answer = await fetch(signed ? await sign(peer, plain, "cavage") : plain, { redirect: "manual" });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
}

// Any bytes at all under dan's signature; `scheme` null sends them unsigned.
async function sendRaw(peer, inbox, activity, scheme) {
  const plain = new Request(inbox, {
    method: "POST",
    headers: { "content-type": "application/activity+json" },
    body: typeof activity === "string" ? activity : JSON.stringify(activity),
  });
  const answer = await fetch(scheme === null ? plain : await sign(peer, plain, scheme));
  return { status: answer.status, text: await answer.text() };
}

async function sign(peer, request, scheme) {
  const [pair] = await peer.context.getActorKeyPairs("dan");
  const spec = scheme === "cavage" ? "draft-cavage-http-signatures-12" : "rfc9421";
  return await signRequest(request, pair.privateKey, pair.keyId, { spec });
}
