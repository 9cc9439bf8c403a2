// "Load more" brings the next page below this one; without scripts it is a link like any other.

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".pages a[rel=next]");
  const isPlain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.button);
  if (!link || !isPlain) return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  append(link).catch(() => location.assign(link.href));
});

async function append(link) {
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const here = link.closest(".pages");
  const end = page.querySelector("main .end");
  const there = page.querySelector("main .pages");
  const list = (there ?? end)?.previousElementSibling;
  if (!list || list.className !== here.previousElementSibling?.className) throw new Error("list");
  here.before(list);
  there?.querySelector("[rel=prev]")?.remove();
  if (there?.children.length) here.replaceWith(there);
  else here.remove();
  if (end && !document.querySelector("main .end")) list.parentElement.append(end);
  list.querySelector("a")?.focus();
}
