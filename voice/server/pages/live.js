// The live view: every call and its turns as they happen.

import { calls, latencies, take } from "./calls.js";
import { called, length, money, seconds, turnCard } from "./cards.js";
import { h, unused, update, write } from "./elements.js";

const buttons = new Map(); // by call
let pinned = null; // the call that was clicked
let last = null; // the call that is shown: others may ring, it stays while it is open
let clock = null; // the server's clock minus this page's, in seconds
const page = id => document.getElementById(id);
const here = () => performance.now() / 1000;

function callTime(call) {
  return call.open && clock !== null && call.began !== null ? Math.max(call.lasted, here() + clock - call.began) : call.lasted;
}

function chosen() {
  const all = [...calls.values()], shown = calls.get(last);
  return calls.get(pinned) ?? (shown?.open ? shown : all.filter(call => call.open).at(-1) ?? shown ?? all.at(-1));
}

const ended = call => call.passedOn ? `passed on to ${call.passedOn}` : "hung up";

function median(values) {
  const sorted = values.filter(value => typeof value === "number").sort((a, b) => a - b);
  return sorted.length ? sorted[Math.floor((sorted.length - 1) / 2)] : null;
}

function buttonOf(call) {
  if (!buttons.has(call.id)) {
    buttons.set(call.id, h("button", { onclick: () => { pinned = call.id; draw(); } },
      h("span", { class: "dot" }), h("span", {}), h("span", { "data-time": call.id }), h("small", {})));
  }
  return buttons.get(call.id);
}

function listCalls(all, shown) {
  const list = page("calls");
  for (const [id, button] of buttons) {
    if (calls.has(id)) continue;
    button.remove();
    buttons.delete(id);
  }
  for (const [place, call] of all.toReversed().entries()) {
    const button = buttonOf(call);
    const [, line, time, newest] = button.children;
    button.className = call.open ? "open" : "";
    button.setAttribute("aria-current", call === shown);
    write(line, call.line || "call");
    write(time, length(callTime(call)));
    write(newest, call.hearing.at(-1) ?? [...call.turns.values()].at(-1)?.text ?? call.id);
    if (list.children[place] !== button) list.insertBefore(button, list.children[place] ?? null);
  }
}

function draw() {
  const all = [...calls.values()];
  const turns = all.flatMap(call => [...call.turns.values()]).filter(turn => turn.text !== undefined);
  const times = turns.map(latencies);
  const by = name => turns.filter(turn => turn.source === name).length;
  const sources = [...new Set(turns.map(turn => turn.source).filter(Boolean))].sort();
  const share = turns.length ? `${Math.round(100 * turns.filter(turn => turn.escalated || turn.route?.route === "larger").length / turns.length)}%` : "–";
  const totals = [
    ["on the line", all.filter(call => call.open).length], ["turns", turns.length],
    ...sources.map(name => [called(name), by(name)]), ["to the larger tier", share],
    ["first audio", seconds(median(times.map(time => time.audio)))], ["first answer", seconds(median(times.map(time => time.answer)))],
    ["spent", money(all.reduce((sum, call) => sum + call.spent, 0))],
  ];
  update(page("totals"), totals.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value)))));

  const call = chosen();
  last = call?.id ?? last;
  listCalls(all, call);

  const main = page("call");
  const pane = main.scrollHeight > main.clientHeight ? main : document.scrollingElement;
  const follow = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 200;
  if (!call) {
    update(main, [h("p", { class: "empty" }, "No calls yet. They appear here as they ring. ", h("a", { href: "./" }, "Talk to the agent"))]);
    return;
  }
  const cards = [...call.turns.values()].filter(turn => turn.text !== undefined || turn.route || turn.say).map(turnCard);
  update(main, [
    ...call.greeting.map(text => h("p", { class: "said" }, text)),
    ...cards,
    ...call.open && !cards.length && !call.hearing.length ? [h("p", { class: "why" }, "listening…")] : [],
    ...call.hearing.length ? [h("article", { class: "hearing" }, h("p", { class: "heard" }, call.hearing.join(" ")))] : [],
    ...call.open ? [] : [h("p", { class: "why" }, `${ended(call)} after ${length(call.lasted)} · ${call.id}`)],
  ]);
  if (follow) main.lastElementChild?.scrollIntoView({ block: "end" });
}

// ---- the stream

let waiting = false;
function soon() {
  if (waiting) return;
  waiting = true;
  setTimeout(() => { waiting = false; draw(); }, 50);
}

const stream = new EventSource("live/lines");
stream.addEventListener("now", event => { calls.clear(); clock = Number(event.data) - here(); soon(); });
stream.onopen = () => { page("state").textContent = "as they happen"; document.body.classList.remove("lost"); };
stream.onerror = () => { page("state").textContent = "the server does not answer; trying again"; document.body.classList.add("lost"); };
stream.onmessage = event => { take(JSON.parse(event.data), pinned); soon(); };
write(page("notice"), unused({}));
setInterval(() => {
  for (const element of document.querySelectorAll("[data-time]")) {
    write(element, length(callTime(calls.get(element.dataset.time) ?? { lasted: 0 })));
  }
}, 1000);
draw();
