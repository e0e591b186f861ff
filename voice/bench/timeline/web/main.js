// Puts it together.
const $ = (id) => document.getElementById(id);
const wanted = new URLSearchParams(location.search).get("theme");
if (wanted === "dark" || wanted === "light") document.documentElement.dataset.theme = wanted;

const view = new View(timeline.seconds);
const picture = new Picture($("picture"), view);
const overview = new Overview($("overview"), view, picture);
const player = new Player($("sound").textContent);
const rows = turnList($("turns"), (index) => choose(index));

function header() {
  const { summary } = timeline;
  document.querySelector(".name h1").textContent = timeline.call || "A call";
  document.querySelector(".name p").textContent = [timeline.profile, clock(timeline.seconds, 0), count(summary.turns, "turn")].filter(Boolean).join(" · ");
  const figures = [
    ["First sound, median", seconds(summary.first_audio_seconds.p50)],
    ["worst", seconds(summary.first_audio_seconds.worst)],
    ["First answer, median", seconds(summary.first_answer_sentence_seconds.p50)],
    ["worst", seconds(summary.first_answer_sentence_seconds.worst)],
    ["Longest silence", seconds(summary.unmasked_silence_seconds.worst)],
    ["Escalated", `${summary.escalated} of ${summary.turns}${summary.escalated_in_vain ? `, ${summary.escalated_in_vain} in vain` : ""}`],
    ["Cost", money(summary.cost)],
  ];
  $("figures").replaceChildren(...figures.map(([name, value]) => figure(name, value)));
  const legend = [["caller", "caller"], ...tiers.map((name) => [tierColour(name), `${name} tier`]), ["desk", "desk"], ["filler", "filler"], ["answer", "answer"]];
  $("legend").replaceChildren(...legend.map(([colour, name]) => el("span", null, dot(colour), name)));
}

function choose(index, focus = null, move = true) {
  picture.chosen = index;
  picture.focus = focus;
  rows.forEach((row, number) => row.classList.toggle("chosen", number === index));
  if (index === null) showCall($("panel"));
  else {
    showTurn($("panel"), index, focus, { play: playTurn });
    const band = layout.bands.find((one) => one.index === index);
    if (band && move) view.reveal(band.start, band.end);
    if (move) rows[index].scrollIntoView({ block: "nearest" });
  }
  picture.draw();
}

function playTurn(index) {
  const band = layout.bands.find((one) => one.index === index);
  player.seek(Math.max(0, (band?.start ?? 0) - 0.3));
  if (!player.playing) player.toggle();
}

const indexOfTurn = (number) => timeline.turns.findIndex((turn) => turn.turn === number && number !== null);

function chooseTarget(target) {
  if (target.turn !== undefined) return choose(target.turn);
  const item = target.span !== undefined ? timeline.spans[target.span] : timeline.events[target.mark];
  const index = indexOfTurn(item.turn);
  if (index >= 0) choose(index, target, false);
}

function moveCursor() {
  const time = player.time;
  if (player.playing && (time > view.end || time < view.start)) view.set(time - 0.05 * view.span, time + 0.95 * view.span);
  const x = view.x(time);
  $("cursor").style.transform = `translateX(${x.toFixed(1)}px)`;
  $("cursor").style.visibility = x < GUTTER - 1 || x > view.width - MARGIN + 8 ? "hidden" : "visible";
  $("clock").replaceChildren(clock(time), el("span", null, ` / ${clock(timeline.seconds)}`));
  const playing = layout.bands.find((band) => band.start <= time && time <= band.end);
  rows.forEach((row, number) => row.classList.toggle("playing", number === playing?.index));
  if (moveCursor.shown !== player.playing) {
    moveCursor.shown = player.playing;
    const shape = player.playing ? "M1 0h3.5v12H1zM7.5 0H11v12H7.5z" : "M2 0l10 6-10 6z";
    $("play").innerHTML = `<svg viewBox="0 0 12 12"><path d="${shape}"/></svg>`;
    $("play").setAttribute("aria-label", player.playing ? "Pause" : "Play");
  }
}

function tip(event, target) {
  const box = $("tip");
  if (!target || target.turn !== undefined) { box.style.display = "none"; return; }
  const item = target.span !== undefined ? timeline.spans[target.span] : timeline.events[target.mark];
  const when = item.from === undefined ? clock(item.at, 2) : `${clock(item.from, 2)} · ${seconds(item.to - item.from)}`;
  const content = target.span !== undefined ? blockLine(item) : markLine(item);
  content.querySelectorAll("details").forEach((details) => details.remove());
  box.replaceChildren(content, el("p", { className: "dim" }, when));
  box.style.display = "block";
  const plot = $("plot").getBoundingClientRect();
  const x = event.clientX - plot.left, y = event.clientY - plot.top;
  const below = event.clientY + box.offsetHeight + 26 < window.innerHeight;
  box.style.left = `${Math.max(8, Math.min(x + 12, plot.width - box.offsetWidth - 12))}px`;
  box.style.top = `${below ? y + 18 : y - box.offsetHeight - 12}px`;
}

function pointer() {
  const plot = $("plot");
  let drag = null;
  plot.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    drag = { x: event.clientX, start: view.start, end: view.end, moved: false };
    plot.setPointerCapture(event.pointerId);
  });
  plot.addEventListener("pointermove", (event) => {
    const at = plot.getBoundingClientRect();
    if (drag) {
      const by = event.clientX - drag.x;
      if (Math.abs(by) > 3) drag.moved = true;
      if (drag.moved) {
        plot.classList.add("dragging");
        tip(event, null);
        const seconds = by / view.pixelsPerSecond();
        view.set(drag.start - seconds, drag.end - seconds);
      }
      return;
    }
    const target = picture.hit(event.clientX - at.left, event.clientY - at.top);
    plot.classList.toggle("pointing", Boolean(target));
    if (target?.span !== picture.hover?.span || target?.mark !== picture.hover?.mark) { picture.hover = target; picture.draw(); }
    tip(event, target);
  });
  plot.addEventListener("pointerup", (event) => {
    const wasDrag = drag?.moved;
    drag = null;
    plot.classList.remove("dragging");
    if (wasDrag || event.button) return;
    const at = plot.getBoundingClientRect();
    const x = event.clientX - at.left, target = picture.hit(x, event.clientY - at.top);
    if (target) chooseTarget(target);
    else if (x >= GUTTER - 6) player.seek(view.time(x));
  });
  plot.addEventListener("pointerleave", (event) => { picture.hover = null; picture.draw(); tip(event, null); });
  plot.addEventListener("wheel", (event) => {
    event.preventDefault();
    const at = plot.getBoundingClientRect();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) view.pan((event.deltaX || event.deltaY) / view.pixelsPerSecond());
    else view.zoom(Math.exp(-event.deltaY * 0.0022), view.time(event.clientX - at.left));
  }, { passive: false });
  const strip = $("overview");
  const jump = (event) => {
    const at = strip.getBoundingClientRect();
    const time = ((event.clientX - at.left) / at.width) * view.total;
    if (view.span < view.total - 0.01) view.set(time - view.span / 2, time + view.span / 2);
    else player.seek(time);
  };
  strip.addEventListener("pointerdown", (event) => { strip.setPointerCapture(event.pointerId); jump(event); });
  strip.addEventListener("pointermove", (event) => { if (event.buttons) jump(event); });
}

function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = timeline.turns.length - 1;
    const actions = {
      " ": () => player.toggle(),
      ArrowLeft: () => player.seek(player.time - (event.shiftKey ? 5 : 1)),
      ArrowRight: () => player.seek(player.time + (event.shiftKey ? 5 : 1)),
      ArrowDown: () => last >= 0 && choose(Math.min(last, (picture.chosen ?? -1) + 1)),
      ArrowUp: () => last >= 0 && choose(Math.max(0, (picture.chosen ?? last + 1) - 1)),
      "+": () => view.zoom(1.5, player.time > view.start && player.time < view.end ? player.time : undefined),
      "=": () => view.zoom(1.5),
      "-": () => view.zoom(1 / 1.5),
      0: () => view.glide(0, view.total),
      Escape: () => { choose(null); view.glide(0, view.total); },
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  $("play").onclick = () => { player.toggle(); $("play").blur(); };
  $("play").disabled = !player.audio;
  $("rate").onclick = () => { $("rate").textContent = `${player.faster()}×`; };
  document.querySelectorAll("[data-zoom]").forEach((button) => {
    button.onclick = () => ({ in: () => view.zoom(1.5), out: () => view.zoom(1 / 1.5), fit: () => view.glide(0, view.total) })[button.dataset.zoom]();
  });
  const repaint = () => { picture.refresh(); picture.draw(); overview.draw(); };
  $("theme").onclick = () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    repaint();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
}

view.changed = () => { picture.draw(); overview.draw(); moveCursor(); };
player.moved = moveCursor;
header();
pointer();
keys();
new ResizeObserver(() => {
  picture.resize($("plot").clientWidth);
  overview.resize($("strip").clientWidth - GUTTER - MARGIN);
  moveCursor();
}).observe($("plot"));
// #turn=3 opens a turn; #at=12.5 puts the cursor there.
const place = new URLSearchParams(location.hash.slice(1));
if (place.has("at")) player.seek(Number(place.get("at")));
const opened = indexOfTurn(Number(place.get("turn")));
if (place.has("turn") && opened >= 0) {
  const band = layout.bands.find((one) => one.index === opened);
  if (band) view.set(band.start - 0.6, band.end + 0.6);
  choose(opened, null, false);
} else choose(null);
