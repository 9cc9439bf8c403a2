// Captions are drawn by the page: a player lays them out above and then moves them down, which makes
// the page jump. When it has the whole screen, it draws them itself.

export function caption(screen, video) {
  const button = screen.querySelector(".captions");
  if (!button) return;
  const tracks = [...video.textTracks];
  const strip = document.createElement("div");
  strip.className = "caption-strip";
  screen.append(strip);
  let chosen = tracks[0];
  let isOn = true;
  let isWhole = false;
  const draw = () => {
    const cues = isOn && !isWhole ? [...(chosen.activeCues ?? [])] : [];
    strip.lang = chosen.language;
    strip.replaceChildren(...cues.map((cue) => {
      const line = document.createElement("span");
      line.dir = "auto";
      line.textContent = cue.getCueAsHTML().textContent;
      return line;
    }));
  };
  const settle = () => {
    const mode = isWhole ? "showing" : "hidden";
    for (const track of tracks) track.mode = isOn && track === chosen ? mode : "disabled";
    button.setAttribute("aria-pressed", String(isOn));
    draw();
  };
  const whole = (is) => {
    isWhole = is;
    settle();
  };
  button.addEventListener("click", () => {
    isOn = !isOn;
    settle();
  });
  for (const track of tracks) track.addEventListener("cuechange", draw);
  video.textTracks.addEventListener("change", () => {
    // The player has a list of them to choose from.
    const picked = isWhole ? null : tracks.find((each) => each.mode === "showing");
    if (!picked) return;
    chosen = picked;
    isOn = true;
    settle();
  });
  video.addEventListener("fullscreenchange", () => whole(document.fullscreenElement === video));
  video.addEventListener("webkitbeginfullscreen", () => whole(true));
  video.addEventListener("webkitendfullscreen", () => whole(false));
  settle();
}
