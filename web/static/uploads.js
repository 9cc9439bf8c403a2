// Sending files: small ones at once, large ones in pieces (tus 1.0) that outlive broken connections,
// reloads and sessions.

const SMALL = 8 * 1024 * 1024;
const PIECE = 4 * 1024 * 1024;
const AGAIN = [500, 1000, 2000, 5000];

let whenSignedOut = () => {};

// Call back when the session is over; uploads wait for the next one.
export function paused(call) {
  whenSignedOut = call;
}

// Ask our server with the token of the form; a token of a session that is over is fetched anew.
export async function ask(form, path, options = {}) {
  const go = () => fetch(path, {
    ...options,
    headers: { Accept: "application/json, text/html;q=0.5", "X-CSRF-Token": form.elements.csrf.value, ...options.headers },
    redirect: "manual",
  });
  const withToken = (body) => {
    if (body instanceof URLSearchParams || body instanceof FormData) body.set("csrf", form.elements.csrf.value);
    return body;
  };
  withToken(options.body);
  let answer = await go();
  if (answer.status === 403 && options.method) {
    const fresh = await fetch("/compose/token", { headers: { Accept: "application/json, text/html;q=0.5" }, redirect: "manual" });
    if (fresh.ok) {
      form.elements.csrf.value = (await fresh.json()).token;
      withToken(options.body);
      answer = await go();
    } else {
      whenSignedOut();
      return new Response(null, { status: 401 });
    }
  }
  if (answer.type === "opaqueredirect") return new Response(null, { status: 401 });
  if (answer.status === 401) whenSignedOut();
  return answer;
}

// Upload a file and return its number; throws an error with a sentence when it is refused.
export function send(form, file, watch) {
  const go = file.size > SMALL ? inPieces(form, file, watch) : () => atOnce(form, file, watch);
  return persistently(go, file, watch);
}

async function persistently(go, file, watch) {
  for (let turn = 0; ; turn += 1) {
    const done = await go();
    if (done !== null) return done;
    // A file that was moved or changed meanwhile looks like a connection that broke.
    await file.slice(0, 1).arrayBuffer().catch(() => { throw new Error(watch.unreadable); });
    watch.wait(true);
    await new Promise((on) => setTimeout(on, AGAIN[Math.min(turn, AGAIN.length - 1)]));
    if (!watch.isWanted()) throw new Error();
    watch.wait(false);
  }
}

// One request with progress; null when it is worth another try.
async function atOnce(form, file, watch) {
  const body = new FormData();
  body.set("csrf", form.elements.csrf.value);
  body.set("file", file);
  const { status, said } = await request("POST", "/compose/media", body, {
    Accept: "application/json, text/html;q=0.5",
    "X-CSRF-Token": form.elements.csrf.value,
  }, watch.progress);
  if (status === 202) return said.id;
  if (status === 403) await ask(form, "/compose/media/0", { method: "POST", body: new URLSearchParams() }).catch(() => null);
  if (status === 401) whenSignedOut();
  if (status === 0 || status === 401 || status === 403 || status >= 500) return null;
  throw new Error(said?.error);
}

function inPieces(form, file, watch) {
  const key = `upload ${file.name} ${file.size} ${file.lastModified}`;
  let path = localStorage.getItem(key);
  return async () => {
    path ??= await announce(form, file);
    if (path === null) return null;
    localStorage.setItem(key, path);
    const made = await goOn(form, file, path, watch);
    if (made === "gone") path = null;
    if (made === null || made === "gone") return null;
    localStorage.removeItem(key);
    return made;
  };
}

async function announce(form, file) {
  const answer = await ask(form, "/uploads", {
    method: "POST",
    headers: { "Tus-Resumable": "1.0.0", "Upload-Length": String(file.size) },
  }).catch(() => null);
  if (answer?.status === 201) return answer.headers.get("Location");
  if (answer && [400, 413, 422].includes(answer.status)) throw new Error((await answer.json()).error);
  return null;
}

// Send from where the server stands to the end: a number, "gone", or null when the connection broke.
async function goOn(form, file, path, watch) {
  const head = await fetch(path, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" }, redirect: "manual" }).catch(() => null);
  if (head?.status === 404) return "gone";
  if (head?.status === 401) whenSignedOut();
  if (!head?.ok) return null;
  if (head.headers.get("Upload-Media")) return head.headers.get("Upload-Media");
  let offset = Number(head.headers.get("Upload-Offset"));
  do {
    const piece = file.slice(offset, offset + PIECE);
    const { status, said, header } = await request("PATCH", path, piece, {
      "Content-Type": "application/offset+octet-stream",
      "Tus-Resumable": "1.0.0",
      "Upload-Offset": String(offset),
      "X-CSRF-Token": form.elements.csrf.value,
    }, (share) => watch.progress((offset + share * piece.size) / file.size));
    if (status === 403) await ask(form, "/compose/media/0", { method: "POST", body: new URLSearchParams() }).catch(() => null);
    if (status === 401) whenSignedOut();
    if (status === 422 || status === 413) {
      localStorage.removeItem(`upload ${file.name} ${file.size} ${file.lastModified}`);
      throw new Error(said?.error);
    }
    if (status === 404) return "gone";
    if (status !== 204) return null;
    if (header("Upload-Media")) return header("Upload-Media");
    offset = Number(header("Upload-Offset"));
  } while (offset < file.size && watch.isWanted());
  return null;
}

// XMLHttpRequest, because only that tells how far a request is sent.
function request(method, path, body, headers, progress) {
  return new Promise((done) => {
    const asked = new XMLHttpRequest();
    asked.open(method, path);
    for (const [name, value] of Object.entries(headers)) asked.setRequestHeader(name, value);
    asked.upload.addEventListener("progress", (event) => progress(event.loaded / (event.total || 1)));
    asked.addEventListener("loadend", () => {
      let said = null;
      try { said = JSON.parse(asked.responseText); } catch { /* no sentence came along */ }
      done({ status: asked.status, said, header: (name) => asked.getResponseHeader(name) });
    });
    asked.send(body);
  });
}
