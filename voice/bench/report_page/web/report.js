const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const form = document.getElementById("filters");
const rows = all(".turn").map((row) => ({
  row, wrong: row.dataset.wrong.split(" "), words: row.querySelector("summary").textContent.toLowerCase(),
}));

function filter() {
  const chosen = all("[name=agent]:checked", form).map((box) => box.value);
  const { complexity, verdict, text } = Object.fromEntries(new FormData(form));
  for (const part of all("[data-agent]")) part.toggleAttribute("hidden", Boolean(part.closest("#turns, svg.ecdf")) && !chosen.includes(part.dataset.agent));
  for (const curve of all(".ecdf [data-agent]")) curve.style.display = chosen.includes(curve.dataset.agent) ? "" : "none";
  document.body.style.setProperty("--agents", Math.max(1, chosen.length));
  let shown = 0;
  for (const { row, wrong, words } of rows) {
    const isWrong = chosen.some((agent) => wrong.includes(agent));
    const fits = (!complexity || row.dataset.complexity === complexity)
      && (!verdict || isWrong === (verdict === "wrong")) && words.includes(text.toLowerCase());
    row.hidden = !fits;
    shown += fits;
  }
  form.querySelector("output").textContent = `${shown} of ${rows.length} turns`;
}
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());

// One sound plays at a time; a line follows it through the picture.
const sound = new Audio();
const urls = new Map();
let playing = null;

function url(key) {
  if (!urls.has(key)) {
    const source = all("script[data-sound]").find((script) => script.dataset.sound === key);
    if (!source) return null;
    const bytes = Uint8Array.from(atob(source.textContent), (letter) => letter.charCodeAt(0));
    urls.set(key, URL.createObjectURL(new Blob([bytes], { type: source.dataset.format })));
  }
  return urls.get(key);
}

function stop() {
  sound.pause();
  if (!playing) return;
  playing.textContent = "▶";
  playing.closest("article").querySelector(".cursor")?.setAttribute("visibility", "hidden");
  playing = null;
}

async function play(button) {
  const again = playing === button, from = url(button.dataset.sound);
  stop();
  if (again || !from) return;
  playing = button;
  button.textContent = "■";
  if (sound.src !== from) {
    sound.src = from;
    await new Promise((ready) => sound.addEventListener("loadedmetadata", ready, { once: true }));
  }
  sound.currentTime = Number(button.dataset.from);
  await sound.play();
  follow();
}

function follow() {
  if (!playing) return;
  if (sound.ended || sound.currentTime >= Number(playing.dataset.to)) return stop();
  const svg = playing.closest("article").querySelector(".strip"), cursor = svg?.querySelector(".cursor");
  if (cursor) {
    const { start, end, zero, left, right } = svg.dataset;
    const share = (sound.currentTime - zero - start) / (end - start);
    cursor.setAttribute("visibility", share >= 0 && share <= 1 ? "visible" : "hidden");
    const x = Number(left) + share * (right - left);
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
  }
  requestAnimationFrame(follow);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button.play");
  if (button) play(button);
});
for (const button of all("button.play")) button.hidden = !all("script[data-sound]").length;

const root = document.documentElement;
const wanted = new URLSearchParams(location.search).get("theme");
if (wanted) root.dataset.theme = wanted;
document.getElementById("theme").onclick = () => {
  root.dataset.theme = getComputedStyle(root).colorScheme === "dark" ? "light" : "dark";
};
// #turn=demo-3 opens a turn.
const opened = new URLSearchParams(location.hash.slice(1)).get("turn");
const target = opened && all(".turn").find((row) => row.dataset.name === opened);
if (target) { target.open = true; target.scrollIntoView(); }
filter();
