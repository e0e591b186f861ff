// The list of turns with what each one waited for.
function turnList(section, choose) {
  const longest = Math.max(1, ...timeline.turns.map((turn) => turn.first_answer_sentence_seconds ?? turn.first_audio_seconds ?? 0));
  if (!timeline.turns.length) { section.replaceChildren(); return []; }
  const rows = timeline.turns.map((turn, index) => el("tr", { tabindex: 0, onclick: () => choose(index), onkeydown: (event) => { if (event.key === "Enter") choose(index); } },
    el("td", null, turnName(turn)),
    el("td", { className: "said" },
      el("p", { className: "clamp" }, turn.heard || (turn.text ? `(${turn.text})` : "–")),
      el("p", { className: "why" }, turn.why)),
    el("td", null, outcomePill(turn)),
    el("td", null, waitBar(turn, longest)),
    number(turn.first_audio_seconds, "no sound"),
    number(turn.first_answer_sentence_seconds, "no answer"),
    number(turn.unmasked_silence_seconds, "–"),
    el("td", { className: "number" }, turn.cost ? money(turn.cost) : el("span", { className: "dim" }, "0"))));
  section.replaceChildren(el("table", null,
    el("thead", null, el("tr", null, ...["", "Heard, and why it went there", "Answered by", "The wait"].map((name) => el("th", null, name)),
      ...["First sound", "First answer", "Silence", "Cost"].map((name) => el("th", { className: "number" }, name)))),
    el("tbody", null, rows)));
  return rows;
}

function number(value, missing) {
  return value === null ? el("td", { className: missing === "–" ? "number dim" : "number none" }, missing)
    : el("td", { className: "number" }, seconds(value));
}

// From the end of speech to the answer: silence as a line, filler as a bar, the answer as a tick.
function waitBar(turn, longest) {
  const bar = el("span", { className: "waitbar" });
  if (!turn.speech.length) return bar;
  const zero = turn.speech.at(-1)[1];
  const last = turn.first_answer_sentence_seconds ?? turn.first_audio_seconds;
  if (last === null) return bar;
  const at = (time) => (100 * Math.max(0, Math.min(time, longest))) / longest;
  bar.append(el("i", { className: "line", style: `left:0;width:${at(last)}%` }));
  for (const span of timeline.spans) {
    if (span.lane !== "mouth" || span.kind !== "filler" || span.turn !== turn.turn || span.to <= span.from) continue;
    bar.append(el("i", { style: `left:${at(span.from - zero)}%;width:${at(span.to - zero) - at(span.from - zero)}%;background:var(--filler)`, title: span.label }));
  }
  if (turn.first_answer_sentence_seconds !== null)
    bar.append(el("i", { className: "end", style: `left:calc(${at(last)}% - 1px);background:var(--answer)` }));
  return bar;
}
