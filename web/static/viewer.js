// A picture in the whole window: wheel, pinch, keys and a double click make it larger; a swipe goes
// to the next one.

const dialog = document.querySelector("#viewer");
const picture = dialog.querySelector("img");
const words = dialog.querySelector("p");
const stage = dialog.querySelector(".view-stage");
const [back, on] = dialog.querySelectorAll("[data-step]");
const LARGEST = 8;
const SWIPED = 48; // pixels
const fingers = new Map();
let swipe = null;
let links = [];
let current = 0;
let scale = 1;
let x = 0;
let y = 0;

function show(index) {
  current = index;
  const small = links[index].querySelector("img");
  picture.src = links[index].href;
  picture.alt = words.textContent = small.alt;
  words.hidden = !small.alt;
  picture.width = small.width;
  picture.height = small.height;
  back.disabled = index === 0;
  on.disabled = index === links.length - 1;
  place(1, 0, 0);
}

function place(wanted, left, top) {
  scale = Math.min(LARGEST, Math.max(1, wanted));
  const most = (side) => (side * (scale - 1)) / 2;
  const within = (value, side) => Math.min(most(side), Math.max(-most(side), value));
  x = within(left, stage.clientWidth);
  y = within(top, stage.clientHeight);
  picture.style.transform = scale === 1 ? "" : `translate(${x}px, ${y}px) scale(${scale})`;
}

// What is under the point stays under it.
function zoom(factor, at) {
  const box = stage.getBoundingClientRect();
  const [px, py] = at
    ? [at.x - box.x - box.width / 2, at.y - box.y - box.height / 2]
    : [0, 0];
  const wanted = Math.min(LARGEST, Math.max(1, scale * factor));
  const part = wanted / scale;
  place(wanted, px - (px - x) * part, py - (py - y) * part);
}

const step = (by) => links[current + by] && show(current + by);

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-view]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  links = [...link.closest(".strip").querySelectorAll("[data-view]")];
  dialog.showModal();
  show(links.indexOf(link));
});

dialog.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.step) step(Number(button.dataset.step));
  else if (button?.dataset.zoom) zoom(Number(button.dataset.zoom));
  else if (button) dialog.close();
});
dialog.addEventListener("close", () => {
  picture.removeAttribute("src");
  links[current]?.focus();
});
dialog.addEventListener("keydown", (event) => {
  const sign = getComputedStyle(dialog).direction === "rtl" ? -1 : 1;
  const moves = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const move = moves[event.key];
  if (["+", "="].includes(event.key)) zoom(1.5);
  else if (event.key === "-") zoom(1 / 1.5);
  else if (event.key === "0") place(1, 0, 0);
  else if (move && scale > 1) place(scale, x + move[0] * 60, y + move[1] * 60);
  else if (move?.[0]) step(-move[0] * sign);
  else return;
  event.preventDefault();
});

stage.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom(Math.exp(-event.deltaY / 400), event);
}, { passive: false });
stage.addEventListener("dblclick", (event) => (scale > 1 ? place(1, 0, 0) : zoom(2.5, event)));
stage.addEventListener("pointerdown", (event) => {
  fingers.set(event.pointerId, event);
  swipe = scale === 1 && fingers.size === 1 ? { x: event.x, y: event.y } : null;
  if (fingers.size > 1) place(scale, x, y);
  stage.setPointerCapture(event.pointerId);
});
stage.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const other = [...fingers.values()].find((each) => each.pointerId !== event.pointerId);
  fingers.set(event.pointerId, event);
  if (swipe) {
    picture.style.transform = `translate(${event.x - swipe.x}px)`;
    return;
  }
  if (!other) {
    place(scale, x + event.x - before.x, y + event.y - before.y);
    return;
  }
  const apart = (each) => Math.hypot(each.x - other.x, each.y - other.y) || 1;
  zoom(apart(event) / apart(before), { x: (event.x + other.x) / 2, y: (event.y + other.y) / 2 });
});
for (const end of ["pointerup", "pointercancel"]) {
  stage.addEventListener(end, (event) => {
    fingers.delete(event.pointerId);
    if (swipe) swiped(end === "pointerup" ? event.x - swipe.x : 0, event.y - swipe.y);
    swipe = null;
  });
}

function swiped(across, down) {
  place(1, 0, 0);
  if (Math.abs(across) < SWIPED || Math.abs(across) < Math.abs(down)) return;
  const sign = getComputedStyle(dialog).direction === "rtl" ? -1 : 1;
  step(across < 0 ? sign : -sign);
}
