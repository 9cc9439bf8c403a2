// Cutting a picture by hand: a box that is dragged, or moved by keys, over the picture as it is now.

const SHAPES = { "3:4": 3 / 4, "1:1": 1, "4:3": 4 / 3 };
const LEAST = 0.05;
const STEP = 0.02;

// Let an item's turn and cut be chosen; `save` is called with the fields that changed.
export function furnish(item, save) {
  const turn = item.querySelector("[name^=turn]");
  const shape = item.querySelector("[name^=shape]");
  const panel = item.querySelector(".cutting");
  if (!turn || !panel) return;
  turn.addEventListener("change", () => {
    panel.hidden = true;
    shape.value = "";
    save({ turn: turn.value, shape: "" });
  });
  const cut = cutter(item, panel, shape);
  shape.addEventListener("change", () => {
    if (shape.value === "" || shape.value === "kept") {
      panel.hidden = true;
      save({ shape: shape.value });
    } else {
      cut.begin();
    }
  });
  panel.querySelector("[data-cut]").addEventListener("click", async () => {
    panel.hidden = true;
    const crop = cut.read();
    item.querySelector("[name^=crop]").value = crop;
    shape.value = "free";
    await save({ shape: "free", crop });
    keepShape(shape);
  });
  for (const cell of item.querySelectorAll("[name^=focus]")) cell.addEventListener("change", () => save({}));
}

// What was cut stays cut when the form is sent.
function keepShape(shape) {
  if (!shape.querySelector("[value=kept]")) shape.prepend(new Option("✓", "kept"));
  shape.value = "kept";
}

function cutter(item, panel, shape) {
  const area = panel.querySelector(".cut-area");
  const box = panel.querySelector(".cut-box");
  let part = { left: 0, top: 0, width: 1, height: 1 };
  let size = { width: 1, height: 1 };

  const place = () => {
    for (const [side, value] of Object.entries(part)) box.style[side] = `${100 * value}%`;
  };
  const put = (left, top, width, height) => {
    const ratio = SHAPES[shape.value];
    const most = { width: 1, height: 1 };
    if (ratio) {
      most.width = Math.min(1, (ratio * size.height) / size.width);
      most.height = (most.width * size.width) / ratio / size.height;
      height = (width * size.width) / ratio / size.height;
    }
    if (width > most.width || height > most.height) [width, height] = ratio ? [most.width, most.height] : [Math.min(1, width), Math.min(1, height)];
    if (width < LEAST || height < LEAST) return;
    part = {
      left: Math.max(0, Math.min(1 - width, left)),
      top: Math.max(0, Math.min(1 - height, top)),
      width,
      height,
    };
    place();
  };

  const begin = () => {
    const shown = item.querySelector(".cover img, .cover canvas");
    if (!shown) return;
    area.querySelector("img, canvas")?.remove();
    const whole = shown.cloneNode();
    if (shown.matches("canvas")) whole.getContext("2d").drawImage(shown, 0, 0);
    area.prepend(whole);
    size = { width: shown.naturalWidth || shown.width, height: shown.naturalHeight || shown.height };
    panel.hidden = false;
    put(0, 0, 1, 1);
    put((1 - part.width) / 2, (1 - part.height) / 2, part.width, part.height);
    box.focus();
  };

  box.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    box.setPointerCapture(event.pointerId);
    box.focus();
    const from = { x: event.clientX, y: event.clientY, ...part };
    const isGrip = event.target !== box;
    const move = (to) => {
      const x = (to.clientX - from.x) / area.clientWidth;
      const y = (to.clientY - from.y) / area.clientHeight;
      if (isGrip) put(from.left, from.top, Math.min(1 - from.left, from.width + x), Math.min(1 - from.top, from.height + y));
      else put(from.left + x, from.top + y, from.width, from.height);
    };
    box.addEventListener("pointermove", move);
    box.addEventListener("pointerup", () => box.removeEventListener("pointermove", move), { once: true });
  });
  box.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [-STEP, 0, 0], ArrowRight: [STEP, 0, 0], ArrowUp: [0, -STEP, 0], ArrowDown: [0, STEP, 0], "+": [-STEP / 2, -STEP / 2, STEP], "-": [STEP / 2, STEP / 2, -STEP] };
    const [x, y, more] = moves[event.key] ?? [];
    if (x === undefined) return;
    event.preventDefault();
    put(part.left + x, part.top + y, part.width + more, part.height + more);
  });

  // As fractions of the whole: of what is shown, which may itself be a part of it.
  const read = () => {
    const [left, top, width, height] = (item.dataset.crop || "0,0,1,1").split(",").map(Number);
    return [left + part.left * width, top + part.top * height, part.width * width, part.height * height]
      .map((each) => each.toFixed(4)).join(",");
  };
  return { begin, read };
}
