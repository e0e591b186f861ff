// Runs where the sound is made: gives 16-bit mono PCM of 20 ms at the wanted rate, whatever the sound card's rate is.

class Microphone extends AudioWorkletProcessor {
  constructor({ processorOptions: { rate } }) {
    super();
    this.step = sampleRate / rate;
    this.chunk = new Int16Array(rate / 50);
    this.filled = 0;
    this.sum = 0;     // of the samples that make the next one, weighted by how much of each belongs to it
    this.weight = 0;
  }

  process([[samples]]) {
    for (const sample of samples ?? []) {
      let left = 1;
      while (left > 0) {
        const part = Math.min(left, this.step - this.weight);
        this.sum += sample * part;
        this.weight += part;
        left -= part;
        if (this.step - this.weight < 1e-9) this.emit(this.sum / this.step);
      }
    }
    return true;
  }

  emit(value) {
    this.chunk[this.filled++] = Math.max(-1, Math.min(1, value)) * 32767;
    this.sum = this.weight = 0;
    if (this.filled === this.chunk.length) {
      this.port.postMessage(this.chunk.buffer.slice(0));
      this.filled = 0;
    }
  }
}

registerProcessor("microphone", Microphone);
