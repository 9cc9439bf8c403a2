// Light, dark or as the device says: shown at once, then told to the server.

const form = document.querySelector("[data-look]");

form?.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (button?.name !== "theme") return;
  event.preventDefault();
  document.documentElement.dataset.theme = button.value;
  for (const each of form.elements.theme) {
    each.setAttribute("aria-pressed", String(each === button));
  }
  const body = new URLSearchParams(new FormData(form));
  body.set("theme", button.value);
  await fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
});

// A menu closes when something else is wanted.

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// After a form came back, start at what is wrong with it.

document.querySelector(".problem[role=alert]")?.focus();
