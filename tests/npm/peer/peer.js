// The person `dan`: a Fedify federation with everything in memory.
import { createFederation, generateCryptoKeyPair, InProcessMessageQueue, MemoryKvStore } from "@fedify/fedify";
import * as vocab from "@fedify/vocab";
import { Record } from "./record.js";

const { Accept, Activity, Endpoints, Follow, Person, Undo } = vocab;
const SERVED = ["Announce", "Block", "Create", "Delete", "Flag", "Follow", "Like", "Note", "Undo", "Update"];
const ME = { identifier: "dan" };

export class Peer {
  static async create(origin) {
    const keys = [await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), await generateCryptoKeyPair("Ed25519")];
    return new Peer(origin, keys);
  }

  constructor(origin, keys) {
    this.origin = origin;
    this.keys = keys;
    this.reset();
  }

  // Dan is the same person with the same keys; what he did, saw and was set to is gone.
  reset() {
    this.documents = new Map();
    this.followers = new Map();
    this.record = new Record();
    this.settings = { first_knock: "rfc9421", only_scheme: null, signed_gets: false, accept_follows: true };
    this.apply({});
  }

  // The settings hold from now on; what was remembered about other servers (their keys and schemes) is forgotten.
  apply(changes) {
    Object.assign(this.settings, changes);
    const { first_knock } = this.settings;
    this.federation = createFederation({
      kv: new MemoryKvStore(),
      queue: { inbox: new InProcessMessageQueue() },
      origin: this.origin,
      allowPrivateAddress: true,
      firstKnock: first_knock === "cavage" ? "draft-cavage-http-signatures-12" : "rfc9421",
    });
    this.describeActor();
    this.describeCollections();
    this.describeDocuments();
    this.describeInbox();
  }

  get context() {
    return this.federation.createContext(new URL(this.origin), undefined);
  }

  async fetch(request) {
    const { context } = this;
    // A key is fetched under dan's signature only for a POST: two peers that answer each other's signed GETs with
    // signed GETs would never come to an end.
    const documentLoader = request.method === "POST" ? await context.getDocumentLoader(ME) : context.documentLoader;
    const loaders = { documentLoader, contextLoader: context.contextLoader };
    const answer = () => this.refusal(request) ?? this.federation.fetch(request, { contextData: undefined });
    return await this.record.note(request, loaders, answer);
  }

  // Fedify verifies both schemes; older and newer servers know one, and this is what they answer to the other.
  refusal(request) {
    const { only_scheme } = this.settings;
    if (only_scheme === null || !request.headers.has("signature")) return null;
    const scheme = request.headers.has("signature-input") ? "rfc9421" : "cavage";
    return scheme === only_scheme ? null : new Response(`only ${only_scheme} here`, { status: 401 });
  }

  mayRead = async (context) => !this.settings.signed_gets || (await context.getSignedKeyOwner()) != null;

  describeActor() {
    this.federation
      .setActorDispatcher("/users/{identifier}", async (context, identifier) => {
        if (identifier !== ME.identifier) return null;
        const pairs = await context.getActorKeyPairs(identifier);
        return new Person({
          id: context.getActorUri(identifier),
          preferredUsername: identifier,
          name: "Dan",
          url: new URL(`/@${identifier}`, this.origin),
          inbox: context.getInboxUri(identifier),
          outbox: context.getOutboxUri(identifier),
          followers: context.getFollowersUri(identifier),
          endpoints: new Endpoints({ sharedInbox: context.getInboxUri() }),
          publicKey: pairs[0].cryptographicKey,
          assertionMethods: pairs.map((pair) => pair.multikey),
        });
      })
      .setKeyPairsDispatcher(() => this.keys)
      .authorize(this.mayRead);
  }

  describeCollections() {
    const notes = () => [...this.documents.values()].filter((one) => one instanceof vocab.Create);
    this.federation.setOutboxDispatcher("/users/{identifier}/outbox", () => ({ items: notes() }));
    this.federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({
      items: [...this.followers.values()],
    }));
  }

  describeDocuments() {
    for (const name of SERVED) {
      const path = `/users/{identifier}/${name.toLowerCase()}/{number}`;
      this.federation
        .setObjectDispatcher(vocab[name], path, (context, values) => {
          return this.documents.get(context.getObjectUri(vocab[name], values).href) ?? null;
        })
        .authorize(this.mayRead);
    }
  }

  describeInbox() {
    this.federation
      .setInboxListeners("/users/{identifier}/inbox", "/inbox")
      .setSharedKeyDispatcher(() => ME)
      .on(Follow, (context, follow) => this.answerFollow(context, follow))
      .on(Undo, async (context, undo) => {
        const undone = await undo.getObject(context);
        if (undone instanceof Follow) this.followers.delete(undo.actorId.href);
      })
      .on(Activity, () => {});
  }

  async answerFollow(context, follow) {
    if (!this.settings.accept_follows) return;
    const follower = await follow.getActor(context);
    this.followers.set(follower.id.href, follower);
    const id = new URL(`/users/dan#accept-${crypto.randomUUID()}`, this.origin);
    const accept = new Accept({ id, actor: context.getActorUri(ME.identifier), object: follow });
    await context.sendActivity(ME, follower, accept, { immediate: true });
  }
}
