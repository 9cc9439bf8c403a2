// What masto is made for, done against a running server: node walk.mjs BASE
// It prints an address for each of two people, and reads the code they were shown from a line.
import assert from "node:assert/strict";
import { createInterface } from "node:readline/promises";
import { createECDH, randomBytes } from "node:crypto";
import {
  createOAuthAPIClient,
  createRestAPIClient,
  createStreamingAPIClient,
} from "masto";

const base = process.argv[2];
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const SCOPES = "read write follow push";
const OOB = "urn:ietf:wg:oauth:2.0:oob";
const ids = (found) => found.map((each) => each.id);

async function letIn() {
  const nobody = createRestAPIClient({ url: base });
  const app = await nobody.v1.apps.create({
    clientName: "A walk with masto",
    redirectUris: OOB,
    scopes: SCOPES,
  });
  const address = new URL("/oauth/authorize", base);
  address.search = new URLSearchParams({
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: OOB,
    scope: SCOPES,
  });
  console.log(address.href);
  const token = await createOAuthAPIClient({ url: base }).token.create({
    grantType: "authorization_code",
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    redirectUri: OOB,
    code: (await lines.next()).value,
    scope: SCOPES,
  });
  assert.equal(token.tokenType, "Bearer");
  const secret = token.accessToken;
  return { secret, app, api: createRestAPIClient({ url: base, accessToken: secret }) };
}

async function until(what, ask) {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await ask();
    if (found) return found;
    assert.ok(Date.now() < end, `never so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const picture = Buffer.from(process.argv[3], "base64");
const { api: mei, secret } = await letIn();
const { api: bo, app, secret: theirs } = await letIn();
const me = await mei.v1.accounts.verifyCredentials();
const them = await bo.v1.accounts.verifyCredentials();
assert.deepEqual([me.username, them.username], ["mei", "bo"]);
assert.ok(me.source.fields);

// the server
const instance = await mei.v2.instance.fetch();
assert.equal(new URL(base).host, instance.domain);
assert.equal((await mei.v1.instance.fetch()).uri, instance.domain);
assert.ok(Array.isArray(await mei.v1.customEmojis.list()));
assert.equal((await mei.v1.preferences.fetch())["posting:default:visibility"], "public");

// streaming: what comes is collected, and looked for below
const heard = [];
const streams = createStreamingAPIClient({
  streamingApiUrl: instance.configuration.urls.streaming,
  accessToken: secret,
});
const listening = (async () => {
  for await (const event of streams.user.subscribe()) heard.push(event);
})();

// follow
assert.ok((await mei.v1.accounts.$select(them.id).follow({ notify: true })).following);
await until("mei follows bo", async () =>
  ids(await bo.v1.accounts.$select(them.id).followers.list()).includes(me.id),
);
const [tie] = await mei.v1.accounts.relationships.fetch({ id: [them.id] });
assert.ok(tie.following && tie.notifying);

// post with media and poll
const media = await bo.v2.media.create({
  file: new Blob([picture], { type: "image/png" }),
  description: "a blue wall",
});
assert.ok(media.url);
const note = await bo.v1.statuses.create({
  status: "With a #picture, for @mei",
  mediaIds: [media.id],
  language: "en",
  sensitive: true,
  spoilerText: "A wall",
});
assert.equal(note.mediaAttachments[0].description, "a blue wall");
assert.equal(note.mentions[0].acct, "mei");
const asked = await bo.v1.statuses.create(
  { status: "Which one?", poll: { options: ["this", "that"], expiresIn: 3600 } },
  { requestInit: { headers: { "Idempotency-Key": "once" } } },
);
const again = await bo.v1.statuses.create(
  { status: "Which one?", poll: { options: ["this", "that"], expiresIn: 3600 } },
  { requestInit: { headers: { "Idempotency-Key": "once" } } },
);
assert.equal(again.id, asked.id);

// read
await until("both are at home", async () => {
  const home = ids(await mei.v1.timelines.home.list({ limit: 5 }));
  return home.includes(note.id) && home.includes(asked.id);
});
const pages = mei.v1.timelines.home.list({ limit: 1 }).values();
const first = (await pages.next()).value;
const second = (await pages.next()).value;
assert.notEqual(first[0].id, second[0].id);
assert.ok(ids(await mei.v1.timelines.tag.$select("picture").list()).includes(note.id));
assert.ok(ids(await mei.v1.timelines.public.list({ local: true })).includes(asked.id));
assert.equal((await mei.v1.accounts.lookup({ acct: "bo" })).id, them.id);

// favourite, boost, bookmark, vote, reply
const seen = mei.v1.statuses.$select(note.id);
assert.ok((await seen.favourite()).favourited);
assert.ok((await seen.bookmark()).bookmarked);
assert.equal((await seen.reblog()).reblog.id, note.id);
assert.deepEqual((await mei.v1.polls.$select(asked.poll.id).votes.create({ choices: [1] })).ownVotes, [1]);
const reply = await mei.v1.statuses.create({ status: "@bo Nice", inReplyToId: note.id });
assert.deepEqual(ids((await seen.context.fetch()).descendants), [reply.id]);
assert.deepEqual(ids(await mei.v1.favourites.list()), [note.id]);
assert.deepEqual(ids(await mei.v1.bookmarks.list()), [note.id]);
assert.deepEqual(ids(await seen.favouritedBy.list()), [me.id]);
assert.deepEqual(ids(await seen.rebloggedBy.list()), [me.id]);

// notifications, and what was streamed
const kinds = await until("bo is told of all of it", async () => {
  const told = (await bo.v1.notifications.list()).map((each) => each.type);
  return ["favourite", "reblog", "mention", "follow"].every((each) => told.includes(each)) && told;
});
assert.ok(kinds.length >= 4);
const groups = await bo.v2.notifications.list();
assert.ok(groups.notificationGroups.length >= 4);
assert.ok((await bo.v1.notifications.unreadCount.fetch()).count >= 4);
await until("the stream tells mei", () =>
  ["update", "notification"].every((name) => heard.some((each) => each.event === name)),
);
assert.ok(heard.some((each) => each.event === "update" && each.payload.id === note.id));
const read = await bo.v1.markers.create({ notifications: { lastReadId: "1" } });
assert.equal(read.notifications.lastReadId, "1");

// edit and delete
const edited = await bo.v1.statuses.$select(note.id).update({
  status: "With a #picture, better, for @mei",
  mediaIds: [media.id],
});
assert.ok(edited.editedAt);
assert.equal(edited.mediaAttachments[0].id, media.id);
assert.equal((await seen.history.list()).length, 2);
assert.match((await bo.v1.statuses.$select(note.id).source.fetch()).text, /better/);
assert.match((await mei.v1.statuses.$select(reply.id).remove()).text, /Nice/);
await assert.rejects(mei.v1.statuses.$select(reply.id).fetch(), { statusCode: 404 });
assert.equal((await seen.unbookmark()).bookmarked, false);
assert.equal((await seen.unreblog()).reblogged, false);

// lists
const list = await mei.v1.lists.create({ title: "Friends" });
await mei.v1.lists.$select(list.id).accounts.create({ accountIds: [them.id] });
assert.deepEqual(ids(await mei.v1.lists.$select(list.id).accounts.list()), [them.id]);
assert.ok(ids(await mei.v1.timelines.list.$select(list.id).list()).includes(asked.id));
await mei.v1.lists.$select(list.id).accounts.remove({ accountIds: [them.id] });
await mei.v1.lists.$select(list.id).remove();
assert.deepEqual(await mei.v1.lists.list(), []);

// filters
const filter = await mei.v2.filters.create({
  title: "Questions",
  context: ["home", "public"],
  filterAction: "warn",
  keywordsAttributes: [{ keyword: "which", wholeWord: true }],
});
const marked = await until("the filter marks", async () =>
  (await mei.v1.timelines.home.list()).find((each) => each.id === asked.id),
);
assert.equal(marked.filtered[0].filter.title, "Questions");
await mei.v2.filters.$select(filter.id).remove();

// search
assert.deepEqual(ids((await mei.v2.search.list({ q: "@bo", type: "accounts" })).accounts), [them.id]);
assert.ok((await mei.v2.search.list({ q: "pictu" })).hashtags.length);

// push
const pair = createECDH("prime256v1");
const subscribed = await mei.v1.push.subscription.create({
  subscription: {
    endpoint: "http://localhost:9/push",
    keys: {
      p256dh: pair.generateKeys("base64url"),
      auth: randomBytes(16).toString("base64url"),
    },
  },
  data: { alerts: { mention: true }, policy: "all" },
});
assert.equal(subscribed.serverKey, instance.configuration.vapid.publicKey);
assert.equal((await mei.v1.push.subscription.fetch()).alerts.mention, true);
await mei.v1.push.subscription.remove();
await assert.rejects(mei.v1.push.subscription.fetch(), { statusCode: 404 });

// mute, block, profile, report
const their = mei.v1.accounts.$select(them.id);
assert.ok((await their.mute({ duration: 60 })).muting);
assert.deepEqual(ids(await mei.v1.mutes.list()), [them.id]);
assert.equal((await their.unmute()).muting, false);
assert.equal((await their.note.create({ comment: "from the walk" })).note, "from the walk");
assert.ok((await their.block()).blocking);
assert.deepEqual(ids(await mei.v1.blocks.list()), [them.id]);
assert.equal((await their.unblock()).blocking, false);
const renamed = await mei.v1.accounts.updateCredentials({
  displayName: "Mei",
  fieldsAttributes: [{ name: "Tea", value: "green" }],
});
assert.equal(renamed.displayName, "Mei");
assert.equal(renamed.source.fields[0].value, "green");
assert.equal((await mei.v1.reports.create({ accountId: them.id, comment: "only a walk" })).comment, "only a walk");

// the end
await createOAuthAPIClient({ url: base }).revoke({
  clientId: app.clientId,
  clientSecret: app.clientSecret,
  token: theirs,
});
await assert.rejects(bo.v1.accounts.verifyCredentials(), { statusCode: 401 });
streams.close();
await listening;
lines.return?.();
console.log("walked");
process.exit(0);
