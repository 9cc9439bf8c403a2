// The desk by keyboard: j and k go from one to the next, Enter opens.
// Everything is a link or a form, and works without.

const firstOf = (item) => item.querySelector("header a[href]") ?? item.querySelector("a[href], button");
const items = () => [...document.querySelectorAll("[data-keys] > li")].filter(firstOf);
const TYPES = "input, textarea, select, [contenteditable]";

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPES)) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const all = items();
  const here = all.findIndex((each) => each.contains(document.activeElement));
  const next = all[here === -1 ? (step > 0 ? 0 : all.length - 1) : here + step];
  if (!next) return;
  event.preventDefault();
  // Enter opens what has the focus, as it does everywhere.
  firstOf(next).focus();
  next.scrollIntoView({ block: "nearest" });
});

for (const hint of document.querySelectorAll("[data-keys-hint]")) hint.hidden = items().length === 0;
