// Draws the call on a canvas and finds what is under the pointer.
const FONT = '"Inter", system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, sans-serif';
const LANES = { ears: "Ears", deciding: "Deciding", desk: "Desk", mouth: "Mouth" };
const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const tracks = waves && {
  caller: { peak: bytes(waves.caller.peak), rms: bytes(waves.caller.rms) },
  agent: { peak: bytes(waves.agent.peak), rms: bytes(waves.agent.rms) },
};

class Picture {
  constructor(canvas, view) {
    this.canvas = canvas;
    this.view = view;
    this.context = canvas.getContext("2d");
    this.chosen = null;
    this.focus = null;
    this.hover = null;
    this.refresh();
  }

  refresh() {
    const style = getComputedStyle(document.documentElement);
    this.colour = new Proxy({}, { get: (known, name) => (known[name] ??= style.getPropertyValue(`--${name}`).trim()) });
  }

  resize(width) {
    const ratio = window.devicePixelRatio || 1;
    this.view.width = width;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(layout.height * ratio);
    this.canvas.style.height = `${layout.height}px`;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.draw();
  }

  draw() {
    const { context: c, view } = this;
    c.clearRect(0, 0, view.width, layout.height);
    this.targets = [];
    this.bands();
    this.axis();
    c.save();
    c.beginPath();
    c.rect(GUTTER, 0, view.width - GUTTER - MARGIN + 8, layout.height);
    c.clip();
    this.wave("caller");
    this.wave("agent");
    this.waits();
    this.blocks();
    this.marks();
    c.restore();
    this.gutter();
  }

  text(text, x, y, colour, { size = 11, weight = 400, align = "left" } = {}) {
    const c = this.context;
    c.font = `${weight} ${size}px ${FONT}`;
    c.fillStyle = this.colour[colour];
    c.textAlign = align;
    c.textBaseline = "middle";
    c.fillText(text, x, y);
    return c.measureText(text).width;
  }

  fitted(text, room, size = 11, weight = 400) {
    const c = this.context;
    c.font = `${weight} ${size}px ${FONT}`;
    if (c.measureText(text).width <= room) return text;
    let low = 0, high = text.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (c.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
      else high = middle - 1;
    }
    return low < 2 ? "" : `${text.slice(0, low).trimEnd()}…`;
  }

  rule(x1, y1, x2, y2, colour) {
    const c = this.context;
    c.strokeStyle = this.colour[colour];
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
    c.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
    c.stroke();
  }

  box(x, y, width, height, radius = 3) {
    this.context.beginPath();
    this.context.roundRect(x, y, width, height, Math.min(radius, width / 2));
  }

  bands() {
    const { context: c, view } = this;
    let free = 0;
    for (const band of layout.bands) {
      const x = Math.max(GUTTER, view.x(band.start)), end = Math.min(view.width - MARGIN + 8, view.x(band.end));
      if (end <= GUTTER || x >= view.width) continue;
      c.fillStyle = this.colour[band.index === this.chosen ? "chosen" : "band"];
      this.box(x, 20, Math.max(2, end - x), layout.height - 26, 5);
      c.fill();
      if (view.x(band.start) < GUTTER - 2) continue;
      const turn = timeline.turns[band.index];
      if (x < free) continue;
      free = x + 20;
      this.text(turnName(turn), x + 7, 11, band.index === this.chosen ? "ink" : "muted",
        { weight: band.index === this.chosen ? 600 : 500 });
      this.targets.push({ x: x - 2, y: 0, width: Math.max(20, end - x), height: 20, turn: band.index });
    }
  }

  axis() {
    const { view } = this;
    const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300];
    const step = steps.find((size) => size * view.pixelsPerSecond() >= 64) ?? 600;
    for (let index = Math.ceil(view.start / step - 1e-6); index * step <= view.end + 1e-6; index++) {
      const time = index * step, x = view.x(time);
      this.rule(x, layout.caller.y, x, layout.height - 8, "hair");
      this.text(clock(time, step < 1 ? 1 : 0), x < GUTTER + 16 ? x + 7 : x, 27, "faint", { size: 10, align: x < GUTTER + 16 ? "left" : "center" });
    }
  }

  wave(name) {
    const { context: c, view } = this;
    const row = layout[name], middle = Math.round(row.y + row.height / 2) + 0.5;
    this.rule(GUTTER, middle - 0.5, view.width - MARGIN + 8, middle - 0.5, "hair");
    if (!tracks) return;
    const { peak, rms } = tracks[name];
    const loudest = this[`${name}Loudest`] ??= Math.max(24, ...quantile(peak, 0.998));
    const scale = (row.height / 2 - 3) / loudest;
    const left = GUTTER, right = view.width - MARGIN + 8;
    const voices = name === "agent" ? timeline.spans.filter((span) => span.lane === "mouth") : [];
    let voice = 0;
    for (let x = left; x < right; x++) {
      const from = Math.max(0, Math.floor(view.time(x) * waves.per_second));
      const to = Math.min(peak.length, Math.max(from + 1, Math.floor(view.time(x + 1) * waves.per_second)));
      let top = 0, body = 0;
      for (let index = from; index < to; index++) {
        if (peak[index] > top) top = peak[index];
        if (rms[index] > body) body = rms[index];
      }
      if (top * scale < 0.4) continue;
      let colour = "caller";
      if (name === "agent") {
        const time = view.time(x + 0.5);
        while (voice + 1 < voices.length && voices[voice + 1].from <= time) voice++;
        colour = voices.length ? blockColour(voices[voice]) : "answer";
      }
      c.fillStyle = this.colour[colour];
      c.globalAlpha = 0.32;
      const high = Math.min(top * scale, row.height / 2 - 1), core = Math.min(body * scale, high);
      c.fillRect(x, middle - high, 1, 2 * high);
      c.globalAlpha = 1;
      c.fillRect(x, middle - core, 1, 2 * core);
    }
    if (name === "caller") {
      for (const [start, end] of timeline.caller) {
        const x = view.x(start);
        this.rule(x, row.y + row.height - 1, Math.max(x + 1, view.x(end)), row.y + row.height - 1, "caller");
      }
    }
  }

  // The measure between the waveforms: how long until the first sound, and until the answer.
  waits() {
    const { context: c, view } = this;
    const y = layout.wait.y + layout.wait.height / 2;
    for (const wait of layout.waits) {
      const turn = timeline.turns[wait.index];
      const x = view.x(wait.start);
      const room = view.x(wait.until) - x;
      if (x > view.width || view.x(Math.max(wait.answer ?? wait.start, wait.until)) < GUTTER) continue;
      this.rule(x, layout.caller.y + layout.caller.height - 4, x, y + 5, "ink");
      if (wait.sound === null) {
        this.text(this.fitted("no sound", room - 10), x + 6, y, "bad", { weight: 500 });
        continue;
      }
      const sound = view.x(wait.sound), answer = wait.answer === null ? null : view.x(wait.answer);
      this.rule(x, y, sound, y, "ink");
      this.rule(sound, y - 4, sound, layout.agent.y + 4, "ink");
      const first = turn.first_audio_seconds.toFixed(2);
      const later = answer !== null && answer - sound > 1 ? turn.first_answer_sentence_seconds.toFixed(2) : null;
      if (later) {
        c.setLineDash([1.5, 2.5]);
        this.rule(sound, y, answer, y, "muted");
        c.setLineDash([]);
        this.rule(answer, y - 4, answer, layout.agent.y + 4, "answer");
      }
      const inside = later && answer - sound > 92 && sound - x > 34;
      if (inside) {
        this.label(first, (x + sound) / 2, y, "ink", 600);
        this.label(`answer ${later} s`, (sound + answer) / 2, y, "muted", 400);
        continue;
      }
      const after = (answer !== null ? Math.max(sound, answer) : sound) + 7;
      const fits = view.x(wait.until) - after;
      if (fits < 26) continue;
      const width = this.text(first, after, y, "ink", { weight: 600 });
      const more = later ? `→ ${later} s` : answer === null ? "no answer" : "s";
      if (fits > width + 48) this.text(more, after + width + (more === "s" ? 2 : 5), y, answer === null ? "bad" : "muted");
    }
  }

  label(text, x, y, colour, weight) {
    const c = this.context;
    c.font = `${weight} 11px ${FONT}`;
    const width = c.measureText(text).width + 8;
    c.fillStyle = this.colour[this.bandAt(this.view.time(x))];
    c.fillRect(x - width / 2, y - 7, width, 14);
    this.text(text, x, y, colour, { weight, align: "center" });
  }

  bandAt(time) {
    const band = layout.bands.find((one) => one.start <= time && time <= one.end);
    return !band ? "paper" : band.index === this.chosen ? "chosen" : "band";
  }

  blocks() {
    const { context: c, view } = this;
    for (const place of layout.blocks) {
      const block = timeline.spans[place.index];
      if (block.to < view.start || block.from > view.end || (block.lane === "mouth" && block.to <= block.from)) continue;
      const x = view.x(block.from), width = Math.max(2, view.x(block.to) - x - 0.5);
      const y = place.y + 3, height = place.height - 6;
      const colour = this.colour[blockColour(block)];
      const verdict = block.detail.verdict;
      const gone = verdict === "cancelled" || verdict === "unfinished" || block.kind === "unfinished";
      const active = this.focus?.span === place.index || this.hover?.span === place.index;
      c.fillStyle = colour;
      c.strokeStyle = colour;
      if (block.row === "silence") {
        c.globalAlpha = block.kind === "pause" ? 0.5 : 0.9;
        const middle = y + height / 2;
        c.setLineDash(block.kind === "pause" ? [2, 2] : []);
        c.beginPath(); c.moveTo(x, middle); c.lineTo(x + width, middle); c.stroke();
        c.setLineDash([]);
        if (block.kind !== "pause") { c.fillRect(x + width - 1, middle - 4, 1.5, 8); }
        c.globalAlpha = 1;
        const label = this.fitted(block.label, width - 12, 10);
        if (label) { this.label(label, x + width / 2, middle, "muted", 400); }
      } else {
        this.box(x, y, width, height);
        c.globalAlpha = gone ? 0 : width < 6 ? 0.9 : active ? 0.34 : 0.2;
        c.fill();
        c.globalAlpha = gone ? 0.7 : 1;
        if (gone) { c.setLineDash([2, 2]); c.lineWidth = 1; this.box(x + 0.5, y + 0.5, Math.max(1, width - 1), height - 1); c.stroke(); c.setLineDash([]); }
        else { this.box(x, y, Math.min(width, 2.5), height, 1.5); c.fill(); }
        c.globalAlpha = 1;
        const sign = verdict === "accept" ? "good" : verdict === "escalate" || verdict === "failed" ? "bad" : null;
        const ends = sign ? 14 : 0;
        const left = Math.max(x, GUTTER);
        const label = this.fitted(block.label, x + width - left - 10 - ends);
        if (label) this.text(label, left + 6.5, y + height / 2 + 0.5, gone ? "faint" : "ink");
        if (sign) this.sign(sign, x + width + (width > 26 ? -8 : 6), y + height / 2);
        if (block.detail.wrote?.length) { c.fillStyle = colour; c.beginPath(); c.arc(x + width + 5, y + height / 2, 2.5, 0, 7); c.fill(); }
      }
      if (active && block.row !== "silence") { c.strokeStyle = colour; c.lineWidth = 1; this.box(x - 0.5, y - 0.5, width + 1, height + 1, 3.5); c.stroke(); }
      this.targets.push({ x: x - 2, y: place.y, width: width + 4, height: place.height, span: place.index });
    }
  }

  sign(name, x, y) {
    const c = this.context;
    c.strokeStyle = this.colour[name];
    c.lineWidth = 1.6;
    c.lineCap = "round";
    c.beginPath();
    if (name === "good") { c.moveTo(x - 3.2, y + 0.2); c.lineTo(x - 0.9, y + 2.6); c.lineTo(x + 3.4, y - 2.8); }
    else { c.moveTo(x - 2.6, y - 2.6); c.lineTo(x + 2.6, y + 2.6); c.moveTo(x + 2.6, y - 2.6); c.lineTo(x - 2.6, y + 2.6); }
    c.stroke();
    c.lineCap = "butt";
  }

  marks() {
    const { context: c, view } = this;
    const places = layout.marks.filter((place) => timeline.events[place.index].row === "route");
    for (const place of layout.marks) {
      const mark = timeline.events[place.index];
      const x = view.x(mark.at), y = place.y + place.height / 2;
      if (x < GUTTER - 6 || x > view.width + 40) continue;
      if (mark.kind === "barge_in") {
        this.rule(x, layout.agent.y, x, place.y + place.height, "bad");
        c.fillStyle = this.colour.bad;
        c.beginPath(); c.moveTo(x - 3.5, layout.agent.y - 1); c.lineTo(x + 4.5, layout.agent.y - 1); c.lineTo(x + 0.5, layout.agent.y + 5); c.fill();
        this.targets.push({ x: x - 5, y: layout.agent.y - 4, width: 10, height: place.y + place.height - layout.agent.y, mark: place.index });
        continue;
      }
      if (mark.kind === "turn") {
        c.fillStyle = this.colour.caller;
        c.fillRect(Math.round(x), place.y + 3, 1.5, 2 * place.height - 6);
        continue;
      }
      const following = places[places.indexOf(place) + 1];
      const room = (following ? view.x(timeline.events[following.index].at) : view.width) - x - 16;
      const early = mark.detail.speculative && timeline.events.some((other) =>
        other.kind === "route" && other.turn === mark.turn && other.at > mark.at);
      const colour = this.colour[early ? "faint" : markColour(mark)];
      c.beginPath();
      c.arc(x, y, 3, 0, 7);
      if (early) { c.strokeStyle = colour; c.lineWidth = 1.2; c.stroke(); } else { c.fillStyle = colour; c.fill(); }
      const complexity = mark.kind === "route" ? ` ${mark.detail.complexity.toFixed(2)}` : "";
      const label = this.fitted(mark.label + complexity, Math.min(room, 220));
      const width = label ? this.text(label, x + 7, y + 0.5, early ? "faint" : mark.kind === "route" ? "ink" : "bad") : 0;
      this.targets.push({ x: x - 5, y: place.y, width: 12 + width, height: place.height, mark: place.index });
    }
  }

  gutter() {
    const { context: c, view } = this;
    c.fillStyle = this.colour.paper;
    c.fillRect(0, 0, GUTTER - 6, layout.height);
    this.text("Caller", 24, layout.caller.y + layout.caller.height / 2, "ink", { size: 12, weight: 500 });
    this.text("the wait", 24, layout.wait.y + layout.wait.height / 2, "muted");
    this.text("Agent", 24, layout.agent.y + layout.agent.height / 2, "ink", { size: 12, weight: 500 });
    let lane = null;
    for (const row of layout.rows) {
      if (row.lane !== lane) {
        this.rule(24, row.y - 5, view.width - MARGIN + 8, row.y - 5, "hair");
        this.text(LANES[row.lane], 24, row.y + 11, "ink", { size: 12, weight: 500 });
        lane = row.lane;
      }
      if (row.title) this.text(row.title, GUTTER - 14, row.y + 11, "muted", { size: 10.5, align: "right" });
    }
  }

  hit(x, y) {
    if (x < GUTTER - 4) return null;
    for (let index = this.targets.length - 1; index >= 0; index--) {
      const target = this.targets[index];
      if (x >= target.x && x <= target.x + target.width && y >= target.y && y <= target.y + target.height) return target;
    }
    return null;
  }
}

function quantile(values, share) {
  const counts = new Uint32Array(256);
  for (const value of values) counts[value]++;
  let left = values.length * share;
  for (let value = 0; value < 256; value++) if ((left -= counts[value]) <= 0) return [value];
  return [255];
}

// The whole call in a strip, with the part that is shown.
class Overview {
  constructor(canvas, view, picture) { Object.assign(this, { canvas, view, picture }); }
  resize(width) {
    const ratio = window.devicePixelRatio || 1;
    this.width = Math.max(10, width);
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(36 * ratio);
    this.canvas.style.height = "36px";
    this.context = this.canvas.getContext("2d");
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.draw();
  }
  draw() {
    const { context: c, view, picture, width } = this;
    if (!c) return;
    const x = (time) => (time / view.total) * width;
    c.clearRect(0, 0, width, 36);
    c.fillStyle = picture.colour.band;
    c.beginPath(); c.roundRect(0, 4, width, 28, 4); c.fill();
    const whole = view.span >= view.total - 0.01;
    if (!whole) {
      c.fillStyle = picture.colour.paper;
      c.strokeStyle = picture.colour.faint;
      c.beginPath(); c.roundRect(x(view.start) + 0.5, 4.5, Math.max(6, x(view.end) - x(view.start) - 1), 27, 4); c.fill(); c.stroke();
    }
    c.fillStyle = picture.colour.caller;
    for (const [start, end] of timeline.caller) c.fillRect(x(start), 11, Math.max(1, x(end) - x(start)), 4);
    for (const span of timeline.spans) {
      if (span.lane !== "mouth" || span.to <= span.from) continue;
      c.fillStyle = picture.colour[blockColour(span)];
      c.fillRect(x(span.from), 21, Math.max(1, x(span.to) - x(span.from) - 0.5), 4);
    }
  }
}
