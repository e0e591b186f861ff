// A turn as a card: what was heard, decided, done and said, and how long it took.

import { latencies } from "./calls.js";
import { h } from "./elements.js";

export const seconds = value => value === null || value === undefined ? "–" : `${value.toFixed(2)} s`;
export const money = value => value ? value.toFixed(value < 0.01 ? 6 : 3) : "0";
export const length = value => `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, "0")}`;
const shown = value => Array.isArray(value) ? value.map(shown).join(" | ")
  : value && typeof value === "object" ? `(${Object.entries(value).map(([key, each]) => `${key} ${shown(each)}`).join(", ")})`
  : String(value);
// What answers a turn, as people call it: the trace says "code" of what the rules do alone.
export const called = name => (name === "code" ? "rules" : name);

const colour = name => ({ code: "code", fallback: "bad", fast: "fast" })[name] ?? "strong";

function action(each) {
  const { action: name, ...args } = each;
  const inside = Object.entries(args).map(([key, value]) => `${key}: ${shown(value)}`).join(", ");
  return h("span", { class: "tag do" }, inside ? `${name}(${inside})` : name);
}

function meter(turn) {
  const { audio, answer } = latencies(turn);
  if (audio === null || audio === undefined) return null;
  const whole = Math.max(4, (answer ?? audio) * 1.2);
  const piece = (kind, from, to) => h("i", { class: kind, style: { left: `${100 * from / whole}%`, width: `${100 * (to - from) / whole}%` } });
  return h("div", { class: "meter" },
    h("div", { class: "bar", role: "img", "aria-label": `first audio after ${seconds(audio)}, first answer after ${seconds(answer)}` },
      piece("silent", 0, audio),
      answer === null ? piece("filling", audio, whole) : [piece("filling", audio, answer), piece("answering", answer, whole)]),
    h("span", {}, `first audio ${seconds(audio)} · first answer ${seconds(answer)}`));
}

export function turnCard(turn) {
  const source = turn.source ?? turn.drafts.at(-1)?.tier;
  const tags = [];
  if (source) tags.push(h("span", { class: `tag ${colour(source)}` }, h("b", {}, called(source))));
  if (turn.escalated) tags.push(h("span", { class: "tag strong" }, `escalated to ${turn.escalated}`));
  if (turn.route) tags.push(h("span", { class: "tag" }, `route: ${called(turn.route.route)}`));
  if (turn.outcome) tags.push(h("span", { class: `tag ${{ answer: "good", failed: "bad" }[turn.outcome] ?? "wait"}` }, turn.outcome));
  for (const locator of turn.wrote) tags.push(h("span", { class: "tag good" }, h("b", {}, `wrote ${locator}`)));
  const told = new Set(turn.checks.flatMap(check => check.problems ?? []));
  const why = [turn.route?.reason, ...(turn.because ?? []).filter(each => !told.has(each))].filter(Boolean).join(" · ");
  const checks = turn.checks.map(check => h("p", { class: "why" },
    `${check.tier}: ${Object.entries(check.scores ?? {}).filter(([, value]) => typeof value === "number")
      .map(([name, value]) => `${name} ${value.toFixed(2)}`).join(", ")} → `,
    h("span", { class: check.verdict === "accept" ? "good" : "wait" }, check.verdict),
    check.problems?.length ? ` (${check.problems.join("; ")})` : ""));
  const drafts = turn.drafts.filter(draft => draft.error && draft.error !== "cancelled")
    .map(draft => h("p", { class: "why bad" }, `${draft.tier}: ${draft.error}`));
  const unsaid = new Set(turn.unsaid ?? []);
  return h("article", {},
    turn.text !== undefined ? h("p", { class: "heard" }, turn.text) : null,
    h("div", { class: "facts" }, tags, (turn.actions ?? []).map(action)),
    why ? h("p", { class: "why" }, why) : null,
    checks, drafts,
    turn.notes.map(([kind, text]) => h("p", { class: `why ${kind}` }, text)),
    turn.error ? h("p", { class: "why bad" }, turn.error) : null,
    turn.fillers.map(text => h("p", { class: `said filler ${unsaid.has(text) ? "unsaid" : ""}` }, text)),
    turn.answered || turn.outcome ? (turn.say ?? []).map(text => h("p", { class: `said ${unsaid.has(text) ? "unsaid" : ""}` }, text)) : null,
    meter(turn));
}
