// Files on their way, kept in the browser until a draft has them: a reload, or a session that ends,
// loses none. Each belongs to one person, and to one page at a time.

const DAY = 24 * 3600 * 1000; // as long as our server keeps the pieces
const PATIENCE = 3000; // a page that was left lets go of its files within a moment

// Without locks two pages would send the same file.
export const isAble = "locks" in navigator && "indexedDB" in window;

let base;

function open() {
  base ??= new Promise((done, fail) => {
    const asked = indexedDB.open("uploads", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("files", { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  return base;
}

async function files(mode, wanted) {
  const changing = (await open()).transaction("files", mode);
  const asked = wanted(changing.objectStore("files"));
  return new Promise((done, fail) => {
    changing.oncomplete = () => done(asked.result);
    changing.onabort = () => fail(changing.error);
  });
}

// Take a file for this page, for as long as the page lasts; false while another page has it.
function claim(key) {
  return new Promise((done) => {
    const signal = AbortSignal.timeout(PATIENCE);
    const held = () => new Promise(() => done(true));
    navigator.locks.request(`upload ${key}`, { signal }, held).catch(() => done(false));
  });
}

// Keep a file, and what is known of it: who sends it, for which draft. Where there is no room for
// it, it is sent all the same.
export async function keep(kept) {
  if (isAble && await claim(kept.key)) await note(kept);
}

// Write down what changed of a file that is kept.
export async function note(kept) {
  if (isAble && !kept.isDropped) await files("readwrite", (all) => all.put(kept)).catch(() => null);
}

export async function drop(kept) {
  kept.isDropped = true;
  if (isAble) await files("readwrite", (all) => all.delete(kept.key)).catch(() => null);
}

// Return what somebody left behind, of this draft or of none; it is this page's from now on.
export async function left(who, draft) {
  const found = isAble ? await files("readonly", (all) => all.getAll()).catch(() => []) : [];
  const taken = [];
  for (const kept of found.sort((one, other) => one.place - other.place)) {
    if (kept.at < Date.now() - DAY) await drop(kept);
    else if (kept.who === who && (!kept.draft || kept.draft === draft) && await claim(kept.key)) taken.push(kept);
  }
  return taken;
}
