// Passkeys: the device makes or asks a key, the server says what for and whether it fits.

const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));

async function tell(path, form, more = {}) {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  const answer = await fetch(path, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.headers.get("Content-Type")?.includes("json")) throw new Error("");
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error ?? "");
  return said;
}

const named = (list = []) => list.map((each) => ({ ...each, id: decode(each.id) }));

async function make(form) {
  const asked = await tell("/passkeys/ask-new", form);
  const key = await navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: decode(asked.challenge),
      user: { ...asked.user, id: decode(asked.user.id) },
      excludeCredentials: named(asked.excludeCredentials),
    },
  });
  const credential = said(key, {
    attestationObject: encode(key.response.attestationObject),
    transports: key.response.getTransports?.() ?? [],
  });
  const { codes } = await tell("/passkeys/keep-new", form, { credential });
  if (!codes.length) return location.reload();
  show(form, codes);
}

function show(form, codes) {
  const place = form.querySelector("[data-codes]");
  for (const code of codes) {
    const line = document.createElement("li");
    line.append(Object.assign(document.createElement("code"), { textContent: code }));
    place.querySelector("ul").append(line);
  }
  place.hidden = false;
  place.scrollIntoView();
}

async function use(form) {
  const asked = await tell("/passkeys/ask", form);
  const key = await navigator.credentials.get({
    publicKey: {
      ...asked,
      challenge: decode(asked.challenge),
      allowCredentials: named(asked.allowCredentials),
    },
  });
  const { response } = key;
  const credential = said(key, {
    authenticatorData: encode(response.authenticatorData),
    signature: encode(response.signature),
    userHandle: response.userHandle ? encode(response.userHandle) : null,
  });
  const { next } = await tell("/passkeys/answer", form, { credential });
  // What was asked about waits in the form beside this one, or on the page we came from.
  const waiting = document.querySelector("form[data-carries]");
  if (form.dataset.passkey === "prove" && waiting) HTMLFormElement.prototype.submit.call(waiting);
  else location.assign(next);
}

const said = (key, response) =>
  JSON.stringify({
    id: key.id,
    rawId: encode(key.rawId),
    type: key.type,
    clientExtensionResults: key.getClientExtensionResults(),
    response: { clientDataJSON: encode(key.response.clientDataJSON), ...response },
  });

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = form.querySelector("[role=alert]");
    const button = form.querySelector("button");
    wrong.hidden = true;
    button.disabled = true;
    try {
      await (form.dataset.passkey === "new" ? make(form) : use(form));
    } catch (error) {
      wrong.textContent = error.message;
      wrong.hidden = !error.message;
    }
    button.disabled = false;
  });
}
