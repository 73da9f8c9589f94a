// What came in, and what Fedify's own verifiers say about it, apart from what its inbox does with it.
import { detachSignature, verifyObject, verifyRequestDetailed } from "@fedify/fedify";
import { Activity, Object as AnyObject } from "@fedify/vocab";

export class Record {
  constructor() {
    this.requests = [];
    this.waiting = [];
  }

  async note(request, context, answer) {
    const body = request.method === "POST" ? await readJson(request.clone()) : null;
    const entry = {
      method: request.method,
      path: new URL(request.url).pathname,
      headers: Object.fromEntries(request.headers),
      signature: await judgeSignature(request.clone(), context),
      body,
      proof: await judgeProof(Activity, body, context),
      object_proof: await judgeProof(AnyObject, nested(body), context),
    };
    const response = await answer();
    entry.status = response.status;
    this.requests.push(entry);
    this.wake();
    return response;
  }

  find({ type = null, method = "POST" }) {
    return this.requests.filter((one) => one.method === method && (type === null || one.body?.type === type));
  }

  // Resolves with the matching requests as soon as there are `count` of them, and with what there is after the timeout.
  async wait({ type, method, count = 1, timeout_ms = 20_000 }) {
    const isEnough = () => this.find({ type, method }).length >= count;
    if (!isEnough()) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, timeout_ms);
        this.waiting.push(() => isEnough() && (clearTimeout(timer), resolve(), true));
      });
    }
    return this.find({ type, method });
  }

  wake() {
    this.waiting = this.waiting.filter((isDone) => !isDone());
  }
}

async function judgeSignature(request, { documentLoader, contextLoader }) {
  const { headers } = request;
  if (!headers.has("signature")) return { scheme: null, verified: false, reason: "noSignature", key_id: null };
  const spec = headers.has("signature-input") ? "rfc9421" : "draft-cavage-http-signatures-12";
  const result = await verifyRequestDetailed(request, { spec, documentLoader, contextLoader });
  return {
    scheme: spec === "rfc9421" ? "rfc9421" : "cavage",
    verified: result.verified,
    reason: result.verified ? null : result.reason.type,
    key_id: result.verified ? result.key.id.href : (result.reason.keyId?.href ?? null),
  };
}

// true or false for a proof that is there, null where there is none.
async function judgeProof(kind, document, { documentLoader, contextLoader }) {
  if (document?.proof == null) return null;
  try {
    // A Linked Data signature is added after the proof, which therefore does not cover it.
    return (await verifyObject(kind, detachSignature(document), { documentLoader, contextLoader })) != null;
  } catch (error) {
    console.error(error);
    return false;
  }
}

// The object inside an activity, as the document of its own that its proof was made over.
function nested(body) {
  const inner = body?.object;
  if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return null;
  return "@context" in inner ? inner : { "@context": body["@context"], ...inner };
}

async function readJson(request) {
  try {
    return await request.json();
  } catch {
    return null;
  }
}
