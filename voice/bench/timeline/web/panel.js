// The side panel: a turn with everything that was decided about it, or the call.
const fill = (parent, ...children) => parent.replaceChildren(...children.flat().filter((child) => child !== null && child !== ""));
const dot = (colour) => el("i", { style: `background: var(--${colour})` });
const chips = (entries) => entries.length ? el("div", { className: "chips" }, entries.map((entry) => el("span", null, entry))) : null;
const quoted = (text) => `“${text}”`;

function outcomePill(turn) {
  if (turn.turn === null) return el("span", { className: "pill dim" }, turn.answered ? "untraced" : "not taken up");
  const name = turn.source ?? "unanswered";
  const colour = turn.tier ? tierColour(turn.tier) : turn.source === "code" ? "caller" : "bad";
  return el("span", { className: "pill" }, dot(colour), name === "code" ? "rules" : name);
}

function showCall(panel) {
  const { summary } = timeline;
  const sources = Object.entries(summary.sources).map(([name, number]) => `${name === "code" ? "rules" : name} ${number}`);
  fill(panel,
    el("h2", null, "The call"),
    el("p", { className: "why" }, timeline.turns.length
      ? `${count(summary.turns, "turn")}, ${summary.answered} answered${sources.length ? ` (${sources.join(", ")})` : ""}. Choose a turn or a block to see how it was decided.`
      : "Nothing was said in this call."),
    timeline.ended ? null : el("p", { className: "why bad" }, "The trace breaks off: the call did not end in an orderly way."),
    el("dl", { className: "grid" },
      figure("tokens read", summary.tokens.prompt.toLocaleString("en")),
      figure("tokens written", summary.tokens.output.toLocaleString("en")),
      figure("cost", money(summary.cost)),
      figure("first sound", seconds(summary.first_audio_seconds.p50)),
      figure("first answer", seconds(summary.first_answer_sentence_seconds.p50)),
      figure("longest silence", seconds(summary.unmasked_silence_seconds.worst))),
    el("h3", null, "How to read it"),
    el("p", { className: "why", style: "margin-top: 0" },
      "The two waveforms are the recording. The measure between them runs from the end of the caller's speech to the first agent sound, and on to the first sentence of the answer; both are read off the recording. The lanes below tell what the agent did meanwhile, by its own trace."),
    el("h3", null, "Keys"),
    el("div", { className: "keys" },
      ...[["space", "play, pause"], ["← →", "one second back, on"], ["↑ ↓", "turn before, after"], ["+ − 0", "zoom, whole call"], ["esc", "back to the call"]]
        .flatMap(([key, what]) => [el("span", null, el("kbd", null, key)), el("span", null, what)])));
}

const figure = (name, value) => el("div", null, el("dt", null, name), el("dd", null, value));

function showTurn(panel, index, focus, actions) {
  const turn = timeline.turns[index];
  const differs = turn.text && words(turn.text).join(" ") !== words(turn.heard).join(" ");
  fill(panel,
    el("h2", null, turnName(turn) === "?" ? "A turn" : `Turn ${turnName(turn)}`, outcomePill(turn),
      turn.label ? el("span", { className: "pill dim" }, turn.label) : null, el("span", { className: "spring" }),
      el("button", { className: "quiet", title: "Play this turn", onclick: () => actions.play(index) }, "▸ play")),
    el("p", { className: "quote" }, turn.heard ? quoted(turn.heard) : el("span", { className: "dim" }, "nothing was understood")),
    differs ? el("p", { className: "really" }, "Really said: ", ...compared(turn.heard, turn.text)) : null,
    el("p", { className: "why" }, turn.why),
    el("dl", { className: "grid" },
      figure("first sound", seconds(turn.first_audio_seconds)),
      figure("first answer", seconds(turn.first_answer_sentence_seconds)),
      figure("longest silence", seconds(turn.unmasked_silence_seconds)),
      figure("model calls", String(drafts(turn).length)),
      figure("tokens", `${turn.tokens.prompt ?? 0} + ${turn.tokens.output ?? 0}`),
      figure("cost", money(turn.cost))),
    el("h3", null, "Step by step, in seconds from the end of the caller's speech"),
    log(turn, focus),
    el("details", null, el("summary", null, "Account of this turn as JSON"), el("pre", null, JSON.stringify(turn, null, 1))));
  panel.querySelector(".focus")?.scrollIntoView({ block: "center" });
  if (!focus) panel.scrollTop = 0;
}

const drafts = (turn) => timeline.spans.filter((span) => span.kind === "draft" && span.turn === turn.turn);
const words = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}\s']/gu, " ").split(/\s+/).filter(Boolean);

// The reference with what was heard otherwise marked: a longest common subsequence of words.
function compared(heard, said) {
  const left = words(heard), pieces = said.split(/\s+/).filter(Boolean);
  const right = pieces.map((piece) => words(piece).join(""));
  const table = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--)
      table[i][j] = left[i] === right[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  const marked = [];
  for (let i = 0, j = 0; j < right.length;) {
    if (i < left.length && left[i] === right[j]) { marked.push(`${pieces[j]} `); i++; j++; }
    else if (i < left.length && table[i + 1][j] >= table[i][j + 1]) i++;
    else { marked.push(el("ins", null, pieces[j]), " "); j++; }
  }
  return marked;
}

function log(turn, focus) {
  if (turn.turn === null) return el("p", { className: "why" }, "The trace has nothing about it.");
  const zero = turn.speech.length ? turn.speech.at(-1)[1] : (turn.committed ?? 0);
  const routed = Math.max(...timeline.events.filter((mark) => mark.kind === "route" && mark.turn === turn.turn).map((mark) => mark.at), -1);
  const entries = [
    ...timeline.spans.map((span, index) => ({ at: span.from, order: span.lane === "mouth" ? 2 : 1, span, index })).filter(({ span }) => span.turn === turn.turn && span.row !== "silence"),
    ...timeline.spans.map((span, index) => ({ at: span.detail.judged_at ?? span.from, order: 1, span, index })).filter(({ span }) => span.turn === turn.turn && span.row === "silence"),
    ...timeline.events.map((mark, index) => ({ at: mark.at, order: mark.kind === "turn" ? 3 : 0, mark, index })).filter(({ mark }) => mark.turn === turn.turn && !["checked", "answer", "filler"].includes(mark.kind)),
  ];
  if (turn.speech.length) entries.push({ at: zero, order: -1, zero: true });
  entries.sort((a, b) => a.at - b.at || a.order - b.order);
  return el("ol", { className: "log" }, entries.map((entry) => line(entry, zero, focus, routed)));
}

function line(entry, zero, focus, routed) {
  const time = el("time", null, `${entry.at - zero < 0 ? "−" : "+"}${Math.abs(entry.at - zero).toFixed(2)}`);
  if (entry.zero) return el("li", { className: "zero" }, el("time", null, "0.00"), dot("ink"), el("div", null, "the caller stops speaking"));
  const { span, mark } = entry;
  const focused = focus && (span ? focus.span === entry.index : focus.mark === entry.index);
  const early = ["deciding", "desk"].includes((span ?? mark).lane) && entry.at < routed - 0.0005;
  const stale = span?.detail.verdict === "cancelled" || span?.detail.stale;
  const classes = [focused && "focus", early && "early", stale && "stale"].filter(Boolean).join(" ");
  return el("li", { className: classes }, time, dot(span ? blockColour(span) : markColour(mark)), span ? blockLine(span) : markLine(mark));
}

function what(text, more) { return el("p", { className: "what" }, text, more ? el("span", null, ` ${more}`) : null); }

function blockLine(span) {
  const { detail } = span;
  const took = seconds(span.to - span.from);
  if (span.row === "heard") {
    const after = detail.transcribed_at ? `understood ${seconds(detail.transcribed_at - span.to)} after its end` : "";
    return el("div", null, what("heard", after), el("p", { className: "text" }, span.label ? quoted(span.label) : "nothing"));
  }
  if (span.row === "silence") {
    const sounds = detail.smart_turn === null || detail.smart_turn === undefined ? "" : `, sounds ${Math.round(100 * detail.smart_turn)}% complete`;
    return el("div", null, what(span.kind === "pause" ? "a pause within the turn" : "silence", took),
      detail.seconds ? el("p", { className: "text" }, `would wait ${seconds(detail.seconds)}: ${detail.reason}${sounds}`) : null);
  }
  if (span.lane === "deciding") {
    const verdicts = { accept: ["accepted", "good"], escalate: ["refused", "bad"], failed: ["failed", "bad"], cancelled: ["cancelled", "dim"], unfinished: ["never ended", "bad"] };
    const [verdict, colour] = verdicts[detail.verdict] ?? [detail.verdict, "dim"];
    return el("div", null,
      el("p", { className: "what" }, `${span.row} draft `, el("span", null, `${took} `), el("span", { className: colour }, verdict)),
      detail.error && detail.error !== "cancelled" ? el("p", { className: "text bad" }, detail.error) : null,
      ...(detail.actions ?? []).map(actionLine),
      detail.early ? el("p", { className: "text" }, "used before it was whole: ", el("b", null, detail.text)) : null,
      detail.voted ? el("p", { className: "text" }, "put to vote with the turn's other readings:") : null,
      ...(detail.voted ?? []).map(actionLine),
      scoreBars(detail.check),
      (detail.check?.problems ?? []).map((problem) => el("p", { className: "text" }, problem)),
      el("p", { className: "text" }, detail.prompt_tokens === undefined ? "" : `${detail.prompt_tokens} + ${detail.output_tokens} tokens${detail.estimated ? " (estimated)" : ""}, ${money(detail.cost)}`));
  }
  if (span.lane === "desk") {
    const wrote = detail.wrote?.length ? el("p", { className: "text" }, "wrote ", el("b", null, detail.wrote.join(", "))) : null;
    return el("div", null, what(`desk: ${detail.outcome ?? "unfinished"}`, took), ...(detail.actions ?? []).map(actionLine), wrote,
      detail.error ? el("p", { className: "text bad" }, detail.error) : null,
      detail.facts?.length ? chips(detail.facts) : null,
      detail.data?.length ? el("details", { style: "margin-top:4px;border:0;padding:0" }, el("summary", null, "what the desk found"), el("pre", null, JSON.stringify(detail.data, null, 1))) : null);
  }
  const spoken = { greeting: "greeting", filler: "filler", answer: "says" }[span.kind] ?? span.kind;
  return el("div", null, what(spoken, detail.heard === false ? "not found in the recording" : took), el("p", { className: "text" }, quoted(span.label)));
}

function actionLine(action) {
  const { name, parts } = actionText(action);
  return el("div", { className: "chips" }, el("span", null, el("b", null, name)), parts.map((part) => el("span", null, part)));
}

function scoreBars(check) {
  if (!check?.scores) return null;
  const thresholds = { ...thresholdsIn(check.failed ?? []), ...(check.thresholds ?? {}) };
  const named = ["completeness", "correctness", "confidence", ...(typeof check.scores.support === "number" ? ["support"] : [])];
  const rows = named.flatMap((name) => {
    const score = check.scores[name];
    if (score === null || score === undefined) return [el("span", null, name), el("span"), el("span", { className: "number dim" }, "–")];
    const least = thresholds[name];
    const failed = (check.failed ?? []).some((text) => text.startsWith(name));
    const bar = el("span", { className: "bar-of" }, el("i", { style: `width:${100 * score}%; background: var(--${failed ? "bad" : "good"})` }),
      least === undefined ? null : el("u", { style: `left:calc(${100 * least}% - 1px)`, title: `at least ${least}` }));
    return [el("span", null, name), bar, el("span", { className: "number" }, score.toFixed(2), least === undefined ? null : el("small", null, ` ${failed ? "<" : "≥"} ${least.toFixed(2)}`))];
  });
  const { agreement } = check.scores;
  return el("div", null, el("div", { className: "scores" }, rows),
    agreement === null || agreement === undefined ? null : el("p", { className: "text" }, agreement ? "equals the reading by rules" : "differs from the reading by rules"));
}

function thresholdsIn(failed) {
  const found = {};
  for (const text of failed) { const match = /^(\w+) [\d.]+ < ([\d.]+)$/.exec(text); if (match) found[match[1]] = Number(match[2]); }
  return found;
}

function markLine(mark) {
  const { detail } = mark;
  switch (mark.kind) {
    case "route":
      return el("div", null, what(`route: ${routeNames[detail.route] ?? detail.route}`, detail.speculative ? "while the caller may go on" : ""),
        el("p", { className: "text" }, detail.reason),
        chips([detail.legs ? count(detail.legs, "leg") : null, detail.requests > 1 ? `${detail.requests} requests` : null, detail.corrected ? "corrected" : null, ...(detail.entities ?? [])].filter(Boolean)),
        ...(detail.reading ?? []).map(actionLine));
    case "escalate":
      return el("div", null, what(`escalates to the ${detail.to} tier`), (detail.because ?? []).map((text) => el("p", { className: "text" }, text)));
    case "fall_back":
      return el("div", null, what("falls back"), el("p", { className: "text" }, detail.because));
    case "budget":
      return el("div", null, what("the budget refuses", detail.tier ?? ""), el("p", { className: "text" }, detail.refused));
    case "barge_in":
      return el("div", null, what("the caller interrupts", `during the ${detail.during}`), (detail.unsaid ?? []).map((text) => el("p", { className: "text" }, `unsaid: ${text}`)));
    case "silence kept":
      return el("div", null, what("no filler", `expects ${seconds(detail.expected_wait_seconds)} more`));
    case "turn":
      return el("div", null, what("takes the turn to be over"));
    default:
      return el("div", null, what(mark.label));
  }
}
