// The composer works as a plain form; here come a live count, thumbnails, pasting and dropping.

for (const area of document.querySelectorAll("textarea[data-count]")) count(area);

const composer = document.querySelector("[data-composer]");
if (composer) {
  composer.classList.add("scripted");
  const inputs = [...composer.querySelectorAll("input[type=file]")];
  inputs.forEach((input) => input.addEventListener("change", () => preview(input)));
  composer.addEventListener("paste", (event) => take(event, event.clipboardData, inputs));
  composer.addEventListener("dragover", (event) => event.preventDefault());
  composer.addEventListener("drop", (event) => take(event, event.dataTransfer, inputs));
  composer.addEventListener("submit", () => guard(false));
  composer.addEventListener("input", () => guard(true), { once: true });
}

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

// A canvas, because our policy lets no picture in that has no address of ours.
async function preview(input) {
  const picker = input.closest(".picker");
  picker.querySelector("canvas")?.remove();
  const [file] = input.files;
  if (!file) return;
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return;
  const scale = Math.min(1, 480 / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = picture.width * scale;
  canvas.height = picture.height * scale;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  input.before(canvas);
}

// Pictures that are pasted or dropped go into the places that are still free.
function take(event, transfer, inputs) {
  const files = [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  if (!files.length) return;
  event.preventDefault();
  for (const input of inputs.filter((each) => !each.files.length)) {
    const file = files.shift();
    if (!file) break;
    const list = new DataTransfer();
    list.items.add(file);
    input.files = list.files;
    preview(input);
  }
}

// The browser asks before words that were not sent are lost.
function guard(isOn) {
  window.onbeforeunload = isOn ? (event) => event.preventDefault() : null;
}
