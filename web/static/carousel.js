// A strip of pictures scrolls by itself; here come buttons, arrow keys, the current dot and captions.

import { caption } from "./captions.js";

const SWIPED = 32; // pixels

for (const carousel of document.querySelectorAll("[data-carousel]")) {
  const strip = carousel.querySelector(".strip");
  if (strip.children.length > 1) furnish(carousel, strip);
  for (const video of strip.querySelectorAll("video")) say(video);
}

function say(video) {
  const figure = video.parentElement;
  const template = figure.querySelector("template");
  if (template) figure.append(template.content);
  caption(figure, video);
}

function furnish(carousel, strip) {
  const slides = [...strip.children];
  const dots = [...carousel.querySelectorAll(".dots a")];
  carousel.querySelector(".stage").append(carousel.querySelector(":scope > template").content);
  const nth = carousel.querySelector(".nth");
  const [back, on] = carousel.querySelectorAll(".turn");
  const sign = getComputedStyle(strip).direction === "rtl" ? -1 : 1;
  let current = 0;

  const go = (index) => {
    const wanted = Math.max(0, Math.min(slides.length - 1, index));
    strip.scrollTo({ left: sign * wanted * strip.clientWidth });
  };
  const show = (index) => {
    current = index;
    back.disabled = index === 0;
    on.disabled = index === slides.length - 1;
    nth.textContent = dots[index].textContent;
    dots.forEach((dot, each) => {
      if (each === index) dot.setAttribute("aria-current", "true");
      else dot.removeAttribute("aria-current");
    });
  };

  back.addEventListener("click", () => go(current - 1));
  on.addEventListener("click", () => go(current + 1));
  // A finger that lands on a button may swipe as well.
  for (const button of [back, on]) {
    let begun = 0;
    button.addEventListener("pointerdown", (event) => { begun = event.x; });
    button.addEventListener("pointerup", (event) => {
      const across = event.x - begun;
      if (Math.abs(across) > SWIPED) go(current + (across < 0 ? sign : -sign));
    });
  }
  dots.forEach((dot, index) => dot.addEventListener("click", (event) => {
    event.preventDefault();
    go(index);
  }));
  strip.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -sign, ArrowRight: sign }[event.key];
    if (step === undefined || event.target !== strip) return;
    event.preventDefault();
    go(current + step);
  });
  strip.addEventListener("scroll", () => {
    const index = Math.round(Math.abs(strip.scrollLeft) / strip.clientWidth);
    if (index !== current) show(index);
  }, { passive: true });
  show(0);
}
