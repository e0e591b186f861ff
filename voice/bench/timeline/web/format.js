// Words and elements.
const data = JSON.parse(document.getElementById("data").textContent);
const { timeline, layout, waves } = data;
const tiers = [...new Set(timeline.spans.filter((span) => span.kind === "draft").map((span) => span.row))];

function el(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name === "style") element.style.cssText = value;
    else if (name.startsWith("on") || name === "className" || name === "title") element[name] = value;
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const seconds = (value, digits = 2) =>
  value === null || value === undefined ? "–" : `${value.toFixed(digits)} s`;

function clock(value, digits = 1) {
  const minutes = Math.floor(value / 60);
  const rest = (value - 60 * minutes).toFixed(digits);
  return `${minutes}:${rest.padStart(digits ? 3 + digits : 2, "0")}`;
}

function money(value) {
  if (!value) return "0";
  return value >= 1 ? `$${value.toFixed(2)}` : `$${value.toFixed(Math.min(7, 1 - Math.floor(Math.log10(value))))}`;
}

const turnName = (turn) => String(turn.turn ?? turn.recorded ?? "?");

const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

// The colour variable for who made an answer, for a block and for a mark.
function tierColour(name) {
  const index = tiers.indexOf(name);
  return index < 0 ? "caller" : `tier-${Math.min(3, tiers.length === 1 ? 2 : index + 1)}`;
}

function blockColour(block) {
  if (block.lane === "deciding") return tierColour(block.row);
  if (block.lane === "mouth") return ["greeting", "filler"].includes(block.kind) ? block.kind : "answer";
  return block.lane === "desk" ? "desk" : "caller";
}

function markColour(mark) {
  if (["barge_in", "escalate", "fall_back", "budget"].includes(mark.kind)) return "bad";
  return "muted";
}

const routeNames = { code: "rules", ask: "ask again", draft: "small tier first", larger: "straight to the larger tier" };

// A turn's actions, short: "search Boston → Denver, next Friday".
function actionText(action) {
  const { action: name, legs, ...rest } = action;
  const places = (legs ?? []).map((leg) =>
    [[leg.from, leg.to].filter(Boolean).join(" → "), leg.date, leg.time, leg.who].filter(Boolean).join(", "));
  const others = Object.entries(rest).map(([key, value]) => `${key.replaceAll("_", " ")} ${plain(value)}`);
  return { name, parts: [...places, ...others] };
}

function plain(value) {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (value && typeof value === "object") return Object.entries(value).map(([k, v]) => `${k} ${plain(v)}`).join(", ");
  return String(value);
}
