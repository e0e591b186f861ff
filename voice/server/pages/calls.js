// Trace lines into calls and their turns.

export const calls = new Map();
const KEPT = 50; // calls; of more, those that are over longest are dropped

// The pinned call is kept, whatever its age.
export function take(line, pinned) {
  let call = calls.get(line.call);
  if (!call) {
    call = { id: line.call, open: true, turns: new Map(), hearing: [], line: "", began: null, lasted: 0, spent: 0, greeting: [] };
    calls.set(line.call, call);
    forget(pinned);
  }
  call.lasted = Math.max(call.lasted, line.at);
  const known = HANDLERS[line.kind];
  if (known) known(call, line);
}

function forget(pinned) {
  for (const call of [...calls.values()].filter(each => !each.open && each.id !== pinned)) {
    if (calls.size <= KEPT) return;
    calls.delete(call.id);
  }
}

function turnOf(call, number) {
  if (!call.turns.has(number)) {
    call.turns.set(number, { number, drafts: [], checks: [], fillers: [], done: [], sounds: [], notes: [], wrote: [] });
  }
  return call.turns.get(number);
}

const tier = (turn, name) => {
  let draft = turn.drafts.find(each => each.tier === name && !each.settled);
  if (!draft) turn.drafts.push(draft = { tier: name });
  return draft;
};

const HANDLERS = {
  call(call, line) { call.line = line.line ?? ""; call.profile = line.profile; call.began = line.clock ?? null; },
  closed(call, line) { Object.assign(call, { open: false, hearing: [], passedOn: line.passed_on }); },
  ended(call, line) { call.spent = line.spent ?? call.spent; },
  transcript(call, line) { if (line.text.trim()) call.hearing.push(line.text.trim()); },
  turn(call, line) {
    call.hearing = [];
    Object.assign(turnOf(call, line.turn), { text: line.text, end: line.at - line.silence_seconds });
  },
  route(call, line) { turnOf(call, line.turn).route = line; },
  draft_started(call, line) { tier(turnOf(call, line.turn), line.tier).started = line.at; },
  drafted(call, line) {
    call.spent = line.spent ?? call.spent;
    if (line.stale) return;
    Object.assign(tier(turnOf(call, line.turn), line.tier), { settled: line.at, error: line.error, actions: line.actions });
  },
  checked(call, line) { turnOf(call, line.turn).checks.push(line); },
  escalate(call, line) { Object.assign(turnOf(call, line.turn), { escalated: line.to, because: line.because }); },
  fall_back(call, line) { turnOf(call, line.turn).notes.push(["bad", `no tier could answer: ${line.because}`]); },
  budget(call, line) { turnOf(call, line.turn).notes.push(["bad", `budget: ${line.refused}`]); },
  filler(call, line) { if (line.text) turnOf(call, line.turn).fillers.push(line.text); },
  perform(call, line) { Object.assign(turnOf(call, line.turn), { actions: line.actions, source: line.source }); },
  performed(call, line) {
    const turn = turnOf(call, line.turn);
    if (line.actions && !turn.actions) turn.actions = line.actions;
    Object.assign(turn, { outcome: line.outcome, say: line.say ?? [], error: line.error });
    turn.wrote.push(...(line.wrote ?? []));
  },
  answer(call, line) {
    Object.assign(turnOf(call, line.turn), { source: line.source, outcome: line.outcome, say: line.say, answered: true });
  },
  barge_in(call, line) { turnOf(call, line.turn).unsaid = line.unsaid; },
  sound(call, line) {
    if (line.speech === "greeting" || line.turn === 0) call.greeting.push(line.text);
    else turnOf(call, line.turn).sounds.push(line);
  },
};

export function latencies(turn) {
  if (turn.end === undefined) return {};
  const since = sound => sound ? Math.max(0, sound.at - turn.end) : null;
  const sounds = [...turn.sounds].sort((a, b) => a.at - b.at);
  return { audio: since(sounds[0]), answer: since(sounds.find(sound => sound.speech === "answer")) };
}
