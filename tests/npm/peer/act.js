// What dan does: each function sends one activity and gives its id. Sending is immediate: a refusal is an error here.
import { Temporal } from "@js-temporal/polyfill";
import * as vocab from "@fedify/vocab";

const { Announce, Block, Create, Delete, Flag, Follow, Like, Note, Tombstone, Undo, Update } = vocab;
const ME = { identifier: "dan" };
const PUBLIC = vocab.PUBLIC_COLLECTION;

export async function follow(peer, { actor }) {
  const object = await find(peer, actor);
  return await send(peer, Follow, { object: object.id, to: object.id }, object);
}

export async function block(peer, { actor }) {
  const object = await find(peer, actor);
  return await send(peer, Block, { object: object.id, to: object.id }, object);
}

export async function like(peer, { object }) {
  const { document, author } = await findWithAuthor(peer, object);
  return await send(peer, Like, { object: document.id, to: author.id }, author);
}

// A report: the actor and what it wrote, delivered to its own inbox.
export async function flag(peer, { objects, content }) {
  const actor = await find(peer, objects[0]);
  return await send(peer, Flag, { objects: objects.map((uri) => new URL(uri)), content }, actor);
}

export async function announce(peer, { object }) {
  const { document, author } = await findWithAuthor(peer, object);
  const values = { object: document.id, to: PUBLIC, ccs: [author.id, peer.context.getFollowersUri("dan")] };
  return await send(peer, Announce, values, author);
}

// Takes back any earlier activity of dan's, by its id.
export async function undo(peer, { activity, to }) {
  const object = peer.documents.get(activity);
  if (object == null) throw new Error(`dan never sent ${activity}`);
  const recipient = await find(peer, to);
  return await send(peer, Undo, { object, to: recipient.id }, recipient);
}

export async function reply(peer, { object, content }) {
  const { document, author } = await findWithAuthor(peer, object);
  const note = makeNote(peer, { content, replyTarget: document.id, to: PUBLIC, cc: author.id });
  return await sendNote(peer, Create, note, author);
}

export async function post(peer, { content, to, is_public = true }) {
  const recipient = await find(peer, to);
  const note = makeNote(peer, is_public ? { content, to: PUBLIC, cc: recipient.id } : { content, to: recipient.id });
  return await sendNote(peer, Create, note, recipient);
}

// An answer to a poll, as Mastodon gives it: a Note with a name and no content, for the author alone.
export async function vote(peer, { question, name }) {
  const { document, author } = await findWithAuthor(peer, question);
  const note = makeNote(peer, { name, replyTarget: document.id, to: author.id });
  return await sendNote(peer, Create, note, author);
}

export async function edit(peer, { note, content, to }) {
  const changed = peer.documents.get(note).clone({ content, updated: now() });
  peer.documents.set(note, changed);
  return await sendNote(peer, Update, changed, await find(peer, to));
}

export async function remove(peer, { note, to }) {
  const id = peer.documents.get(note).id;
  peer.documents.delete(note);
  const recipient = await find(peer, to);
  const values = { object: new Tombstone({ id }), to: PUBLIC, cc: recipient.id };
  return await send(peer, Delete, values, recipient);
}

function makeNote(peer, values) {
  const id = mint(peer, Note);
  const note = new Note({ id, attribution: peer.context.getActorUri("dan"), published: now(), url: id, ...values });
  peer.documents.set(id.href, note);
  return note;
}

async function sendNote(peer, kind, note, recipient) {
  const values = { object: note, tos: note.toIds, ccs: note.ccIds };
  return { ...(await send(peer, kind, values, recipient)), object: note.id.href };
}

async function send(peer, kind, values, recipient) {
  const id = mint(peer, kind);
  const activity = new kind({ id, actor: peer.context.getActorUri("dan"), ...values });
  peer.documents.set(id.href, activity);
  await peer.context.sendActivity(ME, recipient, activity, { immediate: true });
  return { id: id.href };
}

function mint(peer, kind) {
  return peer.context.getObjectUri(kind, { identifier: "dan", number: crypto.randomUUID() });
}

function now() {
  return Temporal.Now.instant();
}

export async function find(peer, uri) {
  const documentLoader = await peer.context.getDocumentLoader(ME);
  const found = await peer.context.lookupObject(uri, { documentLoader });
  if (found == null) throw new Error(`nothing found at ${uri}`);
  return found;
}

async function findWithAuthor(peer, uri) {
  const document = await find(peer, uri);
  if (document.attributionId == null) throw new Error(`${uri} has no author`);
  return { document, author: await find(peer, document.attributionId.href) };
}
