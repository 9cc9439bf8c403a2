// The composer works as a plain form; here come counts, drafts that save themselves, and uploads
// that begin at once, whose items are ordered, cut and described while they are on their way.

import { furnish } from "./cutting.js";
import { drop, isAble, keep, left, note } from "./kept.js";
import { ask, paused, send } from "./uploads.js";

const SAVE_EVERY = 5000;
const LOOK_EVERY = 1500;

for (const area of document.querySelectorAll("textarea[data-count]")) count(area);

const form = document.querySelector("[data-composer]");
const says = form ? JSON.parse(form.dataset.says) : {};
const list = form?.querySelector("[data-items]");

function count(area) {
  const most = Number(area.dataset.count);
  const said = document.createElement("p");
  said.className = "hint counted";
  area.after(said);
  const tell = () => {
    const left = most - [...area.value].length;
    said.textContent = left.toLocaleString(document.documentElement.lang);
    said.classList.toggle("near", left < 100);
    said.hidden = left === most;
  };
  area.addEventListener("input", tell);
  tell();
}

function narrow(group, field) {
  const select = field.querySelector("select");
  const fit = () => {
    let any = false;
    for (const each of select.querySelectorAll("optgroup")) {
      const isIt = each.dataset.group === group.value;
      each.hidden = each.disabled = !isIt;
      any ||= isIt;
      if (!isIt && each.querySelector("option:checked")) select.value = "";
    }
    field.hidden = !any;
  };
  group.addEventListener("change", fit);
  fit();
}

const flair = form?.querySelector("[data-flair]");
if (flair) narrow(form.querySelector("[name=group]"), flair);

function begin() {
  form.classList.add("scripted");
  for (const each of form.querySelectorAll(".plain-only")) {
    if (each.matches("button")) each.disabled = true;
    for (const field of each.querySelectorAll("button")) field.disabled = true;
  }
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=checkbox])")) event.preventDefault();
  });
  if (form.dataset.composer === "edit") return;
  for (const item of list.querySelectorAll("[data-item]")) take(item);
  arrange();
  for (const input of form.querySelectorAll("#files, #camera")) {
    input.addEventListener("change", () => {
      add([...input.files]);
      input.value = "";
    });
  }
  form.addEventListener("paste", (event) => given(event, event.clipboardData));
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => given(event, event.dataTransfer));
  form.addEventListener("submit", check);
  const zone = form.elements.zone;
  if (zone.value === "UTC") zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
  drafts();
  goOn();
}

// Drafts

let written = "";
let saving = Promise.resolve();
let isOver = false;

function drafts() {
  written = now();
  setInterval(() => { saving = saving.then(save); }, SAVE_EVERY);
  window.addEventListener("beforeunload", (event) => {
    if (!isOver && (now() !== written || form.querySelector("[data-state=uploading]"))) event.preventDefault();
  });
}

// What a draft keeps: everything but the files and the token.
function now() {
  const fields = new FormData(form);
  for (const name of ["csrf", "next", "draft"]) fields.delete(name);
  return new URLSearchParams([...fields].filter(([, value]) => typeof value === "string")).toString();
}

async function save() {
  const text = now();
  if (isOver || text === written) return;
  const body = new URLSearchParams(text);
  body.set("draft", form.elements.draft.value);
  const answer = await ask(form, "/drafts", { method: "POST", body }).catch(() => null);
  if (answer?.ok) {
    const { id } = await answer.json();
    form.elements.draft.value = id;
    written = text;
    remember(id, new URLSearchParams(text).getAll("media"));
    // Reloaded, the page shows this draft.
    history.replaceState(history.state, "", `/compose?draft=${id}`);
    tell(says.saved);
  } else if (answer?.status === 404) {
    isOver = true;
  } else {
    tell(answer?.status === 401 ? says.signedout : says.unsaved);
  }
}

// What the draft has now need not be kept here; of the rest its number and words are.
function remember(draft, saved) {
  items().forEach((item, place) => {
    if (!item.kept) return;
    if (saved.includes(item.kept.id)) {
      drop(item.kept);
      item.kept = null;
    } else {
      Object.assign(item.kept, { draft, place, alt: item.querySelector("textarea").value });
      note(item.kept);
    }
  });
}

function tell(sentence) {
  form.querySelector("[data-kept]").textContent = sentence;
}

// Publishing

function check(event) {
  const step = event.submitter?.value;
  // A draft is saved without them: what is on its way goes on when the draft is opened.
  if (list.querySelector("[data-state=uploading]") && !(isAble && step === "save")) {
    event.preventDefault();
    tell(says.busy);
    return;
  }
  if (step === "publish" && form.dataset.alt === "require" && missing()) {
    event.preventDefault();
    return;
  }
  if (!isOver) {
    // A draft that is being saved just now has its number first, or it would stay behind.
    event.preventDefault();
    isOver = true;
    // Not before this event is over: while it lasts, a form cannot be sent again.
    saving.then(() => setTimeout(() => form.requestSubmit(event.submitter)));
  }
}

function missing() {
  const bare = items().filter((item) => {
    const isBare = !item.querySelector("textarea").value.trim()
      && !item.querySelector("[name^=decorative]").checked;
    wrong(item, isBare ? says.needs : "");
    return isBare;
  });
  bare[0]?.querySelector("textarea").focus();
  return bare.length > 0;
}

function wrong(item, sentence) {
  const line = item.querySelector(".wrong");
  line.hidden = !sentence;
  line.querySelector("span").textContent = sentence;
  item.classList.toggle("is-wrong", Boolean(sentence));
}

// Items

let fresh = 0;

const items = () => [...list.querySelectorAll("[data-item]")];

function given(event, transfer) {
  const files = [...(transfer?.files ?? [])];
  if (!files.length) return;
  event.preventDefault();
  add(files);
}

function add(files) {
  const most = Number(form.dataset.most);
  for (const file of files) {
    const isVideo = file.type.startsWith("video/");
    const hasVideo = list.querySelector("[data-kind=video]");
    const limit = Number(isVideo ? form.dataset.mostVideo : form.dataset.mostImage);
    const there = items().length;
    if (there >= most) tell(says.full);
    else if (hasVideo || (isVideo && there)) tell(says.mixed);
    else if (file.size > limit * 1024 * 1024) tell(says.large);
    else upload(file, isVideo);
  }
  arrange();
}

function upload(file, isVideo) {
  const item = blank(isVideo);
  item.kept = {
    key: `${Date.now()} ${Math.random()}`, at: Date.now(), who: form.dataset.who,
    draft: form.elements.draft.value, place: items().length, alt: "", file, isVideo,
  };
  keep(item.kept);
  bring(item, file);
}

// Go on with what a page before this one had begun.
async function goOn() {
  for (const kept of await left(form.dataset.who, form.elements.draft.value)) {
    if (kept.id && (await ask(form, `/compose/media/${kept.id}`).catch(() => null))?.status === 404) drop(kept);
    else if (!list.querySelector(`[data-item="${kept.id}"]`)) resume(kept);
  }
  arrange();
}

function resume(kept) {
  const item = blank(kept.isVideo);
  item.kept = kept;
  item.querySelector("textarea").value = kept.alt;
  items()[kept.place]?.before(item);
  if (!kept.id) return bring(item, kept.file);
  name(item, kept.id);
  look(item);
}

async function bring(item, file) {
  const bar = item.querySelector("progress");
  if (item.dataset.kind === "image") draw(item, file);
  state(item, "uploading");
  try {
    const id = await send(form, file, {
      progress: (share) => { bar.value = 100 * share; },
      wait: (waits) => { item.querySelector(".item-state").textContent = waits ? says.paused : says.uploading; },
      isWanted: () => item.isConnected,
      unreadable: says.unreadable,
    });
    if (!item.isConnected) return;
    name(item, id);
    Object.assign(item.kept, { id, file: null });
    note(item.kept);
    look(item);
  } catch (error) {
    if (!item.isConnected) return;
    drop(item.kept);
    state(item, "failed");
    wrong(item, error.message || says.failed);
  }
}

function blank(isVideo) {
  const id = `new${(fresh += 1)}`;
  const holder = document.createElement("ol");
  holder.append(form.querySelector("[data-blank]").content.cloneNode(true));
  const item = holder.firstElementChild;
  item.dataset.item = "__id__";
  item.dataset.kind = isVideo ? "video" : "image";
  name(item, id);
  item.querySelector("[name=media]").disabled = true;
  for (const area of item.querySelectorAll("textarea")) count(area);
  take(item);
  list.append(item);
  return item;
}

// Fields are named after their upload; until it has a number, after a place.
function name(item, id) {
  const before = item.dataset.item;
  for (const each of item.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
    for (const attribute of ["name", "id", "for", "aria-describedby"]) {
      if (each.hasAttribute(attribute)) each.setAttribute(attribute, each.getAttribute(attribute).replace(before, id));
    }
  }
  const media = item.querySelector("[name=media]");
  media.value = id;
  media.disabled = false;
  item.dataset.item = id;
}

function state(item, word) {
  item.dataset.state = word;
  item.querySelector("progress").hidden = word === "ready" || word === "failed";
  item.querySelector(".item-state").textContent =
    { uploading: says.uploading, waiting: says.working, working: says.working, failed: says.failed }[word] ?? "";
}

// Ask how far the work is, until it is done.
async function look(item) {
  while (item.isConnected) {
    const answer = await ask(form, `/compose/media/${item.dataset.item}`).catch(() => null);
    if (answer?.status === 404) return;
    if (answer?.ok && show(item, await answer.json())) return;
    await new Promise((go) => setTimeout(go, LOOK_EVERY));
  }
}

function show(item, said) {
  state(item, said.state);
  item.querySelector("progress").value = said.progress;
  wrong(item, said.error);
  item.dataset.turn = said.turn;
  item.dataset.crop = said.crop;
  item.dataset.kind = said.kind === "image" ? "image" : "video";
  const player = item.querySelector(".choosing video");
  if (said.kind !== "image" && said.url && !player.src) player.src = said.url;
  const captions = item.querySelector(".captions-there");
  captions.hidden = !said.captions.length;
  captions.querySelector("span").textContent = said.captions.join(", ");
  if (said.state !== "ready" && said.state !== "failed") return false;
  if (said.preview && said.state === "ready") picture(item, said);
  return true;
}

function picture(item, said) {
  const image = new Image(said.width, said.height);
  image.src = said.preview;
  image.alt = "";
  item.querySelector(".cover").replaceChildren(image);
}

// A canvas, because our policy lets no picture in that has no address of ours.
async function draw(item, file) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return;
  const scale = Math.min(1, 480 / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width * scale;
  canvas.height = bitmap.height * scale;
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  if (!item.querySelector(".cover img")) item.querySelector(".cover").replaceChildren(canvas);
}

function take(item) {
  item.querySelector("[data-remove]").addEventListener("click", () => {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    if (item.kept) drop(item.kept);
    arrange();
    (next?.querySelector("[data-remove]") ?? form.querySelector("[name=files]")).focus();
  });
  for (const button of item.querySelectorAll("[data-move]")) {
    button.addEventListener("click", () => {
      const all = items();
      const to = all.indexOf(item) + Number(button.dataset.move);
      if (to < 0 || to >= all.length) return;
      if (button.dataset.move === "1") all[to].after(item);
      else all[to].before(item);
      arrange();
      button.focus();
    });
  }
  drag(item);
  const save = async (fields) => {
    const body = new FormData();
    body.set("csrf", form.elements.csrf.value);
    for (const each of item.querySelectorAll("[name]")) {
      if (each.type !== "file" && (each.checked || !/checkbox|radio/.test(each.type))) body.set(each.name, each.value);
    }
    for (const [key, value] of Object.entries(fields)) body.set(`${key}-${item.dataset.item}`, value);
    state(item, "working");
    const answer = await ask(form, `/compose/media/${item.dataset.item}`, { method: "POST", body }).catch(() => null);
    if (!answer?.ok) state(item, "ready");
    if (!answer?.ok) return wrong(item, (await answer?.json().catch(() => null))?.error ?? says.failed);
    if (!show(item, await answer.json())) await look(item);
  };
  furnish(item, save);
  item.querySelector("[data-captions]").addEventListener("change", async ({ target }) => {
    if (target.files.length) await save({ captions: target.files[0] });
    target.value = "";
  });
  const cover = item.querySelector("[name^=cover]");
  cover.addEventListener("change", () => save({}));
  item.querySelector("[data-cover]").addEventListener("click", () => {
    cover.value = item.querySelector(".choosing video").currentTime.toFixed(1);
    save({});
  });
  if (/waiting|working/.test(item.dataset.state)) look(item);
}

function drag(item) {
  const handle = item.querySelector(".item-look");
  handle.draggable = true;
  handle.addEventListener("dragstart", (event) => {
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", item.dataset.item);
    item.classList.add("is-dragged");
  });
  handle.addEventListener("dragend", () => item.classList.remove("is-dragged"));
  item.addEventListener("dragover", (event) => {
    const dragged = list.querySelector(".is-dragged");
    if (!dragged) return;
    event.preventDefault();
    if (dragged === item) return;
    const all = items();
    if (all.indexOf(dragged) < all.indexOf(item)) item.after(dragged);
    else item.before(dragged);
    arrange();
  });
}

// Number the items anew, and put the line after the fourth.
function arrange() {
  const all = items();
  all.forEach((item, place) => {
    item.querySelector("[name^=order]").value = place + 1;
    item.querySelector("[data-move='-1']").disabled = place === 0;
    item.querySelector("[data-move='1']").disabled = place === all.length - 1;
  });
  const line = list.querySelector(".four-line")
    ?? form.querySelector("[data-four]").content.firstElementChild.cloneNode(true);
  if (all.length > 4) all[3].after(line);
  else line.remove();
}

paused(() => tell(says.signedout));
if (form) begin();
