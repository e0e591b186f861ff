// What part of the call is shown, and where a time is on the screen.
const GUTTER = 138;
const MARGIN = 16;

class View {
  constructor(total) {
    this.total = Math.max(total, 0.5);
    this.start = 0;
    this.end = this.total;
    this.width = 100;
    this.changed = () => {};
  }
  get span() { return this.end - this.start; }
  get plotWidth() { return Math.max(10, this.width - GUTTER - MARGIN); }
  x(time) { return GUTTER + ((time - this.start) / this.span) * this.plotWidth; }
  time(x) { return this.start + ((x - GUTTER) / this.plotWidth) * this.span; }
  pixelsPerSecond() { return this.plotWidth / this.span; }
  set(start, end) {
    const span = Math.min(this.total, Math.max(0.8, end - start));
    this.start = Math.min(Math.max(0, start), this.total - span);
    this.end = this.start + span;
    this.changed();
  }
  zoom(factor, at = (this.start + this.end) / 2) {
    const span = Math.min(this.total, Math.max(0.8, this.span / factor));
    const share = (at - this.start) / this.span;
    this.set(at - share * span, at - share * span + span);
  }
  pan(by) { this.set(this.start + by, this.end + by); }
  glide(start, end) {
    cancelAnimationFrame(this.gliding);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.set(start, end);
    const from = [this.start, this.end];
    const began = performance.now();
    const frame = (now) => {
      const share = Math.min(1, (now - began) / 260);
      const eased = 1 - (1 - share) ** 3;
      this.set(from[0] + (start - from[0]) * eased, from[1] + (end - from[1]) * eased);
      if (share < 1) this.gliding = requestAnimationFrame(frame);
    };
    this.gliding = requestAnimationFrame(frame);
  }
  reveal(start, end) {
    const room = Math.max(0.6, 0.08 * (end - start));
    this.glide(start - room, end + room);
  }
}
