// The video on the screen plays, the others pause; without a sound until one asks for it.

import { caption } from "./captions.js";

const wantsPosters = document.querySelector("[data-posters]") || navigator.connection?.saveData;
const moves = !wantsPosters && !matchMedia("(prefers-reduced-motion: reduce)").matches;
const CONTROLS = 96; // pixels
let isMuted = true;

const seen = new IntersectionObserver((entries) => {
  for (const { target, intersectionRatio } of entries) {
    if (intersectionRatio < 0.6) target.pause();
    else if (moves) target.play().catch(() => {});
  }
}, { threshold: [0, 0.6] });

const videos = () => [...document.querySelectorAll("[data-watch] video")];

function furnish(item) {
  const screen = item.querySelector(".screen");
  const video = screen.querySelector("video");
  const template = screen.querySelector("template");
  if (!template) return;
  screen.append(template.content);
  template.remove();
  video.muted = isMuted;
  if (moves) video.loop = true;
  caption(screen, video);
  screen.querySelector(".sound").addEventListener("click", () => hear(!isMuted));
  video.addEventListener("click", (event) => {
    // A tap on the picture gives sound; the lowest part has the player's own buttons.
    if (!isMuted || video.paused || event.offsetY > video.clientHeight - CONTROLS) return;
    event.preventDefault();
    hear(false);
  });
  // The player has a button of its own.
  video.addEventListener("volumechange", () => {
    if (video.muted !== isMuted) hear(video.muted);
  });
  seen.observe(video);
  show(item);
}

function hear(muted) {
  isMuted = muted;
  for (const video of videos()) video.muted = muted;
  document.querySelectorAll("[data-watch] > li").forEach(show);
}

function show(item) {
  item.querySelector(".sound").setAttribute("aria-pressed", String(!isMuted));
}

// Arrow keys go from screen to screen, but not while the controls of a video have them.

addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
  if (!step || event.target.closest?.("video, input, textarea, select, details")) return;
  const items = [...document.querySelectorAll("[data-watch] > li")];
  const current = items.findIndex((each) => each.getBoundingClientRect().bottom > innerHeight / 2);
  const next = items[current + step];
  if (!next) return;
  event.preventDefault();
  next.scrollIntoView();
});

const furnishAll = () => document.querySelectorAll("[data-watch] > li").forEach(furnish);
new MutationObserver(furnishAll).observe(document.querySelector("main"), { childList: true });
furnishAll();
