// Plays the recording.
class Player {
  constructor(source) {
    this.audio = null;
    this.moved = () => {};
    this.rates = [1, 1.5, 2, 0.5];
    this.position = 0;
    if (!source.trim()) return;
    const sound = new Blob([bytes(source.trim())], { type: "audio/flac" });
    this.audio = new Audio(URL.createObjectURL(sound));
    this.audio.preload = "auto";
    for (const name of ["play", "pause", "ended", "seeked"]) this.audio.addEventListener(name, () => this.tick());
  }
  get playing() { return Boolean(this.audio && !this.audio.paused && !this.audio.ended); }
  get time() { return this.audio && this.audio.readyState > 0 ? this.audio.currentTime : this.position; }
  toggle() { if (this.audio) this.playing ? this.audio.pause() : this.audio.play(); }
  seek(time) {
    this.position = Math.min(Math.max(0, time), timeline.seconds);
    if (this.audio) this.audio.currentTime = this.position;
    this.moved();
  }
  faster() {
    this.rates.push(this.rates.shift());
    if (this.audio) this.audio.playbackRate = this.rates[0];
    return this.rates[0];
  }
  tick() {
    cancelAnimationFrame(this.frame);
    this.moved();
    if (this.playing) this.frame = requestAnimationFrame(() => this.tick());
  }
}
