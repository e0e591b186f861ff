// A line over a WebSocket: pipecat's protobuf frames, 16 kHz. It gets through wherever the page does.

import { clientReady } from "./webrtc.js";

const RATE = 16000;

export async function openSocket(microphone, tell, ended) {
  const context = new AudioContext();
  await context.audioWorklet.addModule(new URL("microphone.js", import.meta.url));
  const socket = new WebSocket(new URL("ws?rtvi=true", document.baseURI.replace(/^http/, "ws")));
  socket.binaryType = "arraybuffer";
  const speaker = context.createGain();
  speaker.connect(context.destination);
  let playing = [];
  let until = 0; // when the last piece of sound that was handed over ends

  function play(pcm, rate) {
    const samples = new Int16Array(pcm.slice().buffer);
    if (!samples.length) return;
    const buffer = context.createBuffer(1, samples.length, rate);
    buffer.getChannelData(0).set(Float32Array.from(samples, value => value / 32768));
    const piece = context.createBufferSource();
    piece.buffer = buffer;
    piece.connect(speaker);
    until = Math.max(until, context.currentTime + 0.04);
    piece.start(until);
    until += buffer.duration;
    playing.push(piece);
    piece.onended = () => { playing = playing.filter(other => other !== piece); };
  }

  function stop() {
    playing.forEach(piece => piece.stop());
    playing = [];
    until = 0;
  }

  socket.onmessage = ({ data }) => {
    const [[number, frame] = []] = fields(new Uint8Array(data));
    if (number === 2) {
      const audio = new Map(fields(frame));
      play(audio.get(3) ?? new Uint8Array(), audio.get(4) ?? RATE);
    } else if (number === 4) {
      tell(JSON.parse(new TextDecoder().decode(new Map(fields(frame)).get(1))));
    } else if (number === 5) {
      stop();
    }
  };

  const close = () => {
    socket.onclose = null;
    socket.close();
    context.close();
  };
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onclose = event => { context.close(); reject(new Error(event.reason || "The server does not answer.")); };
  });
  // The server opens the socket also to say why it refuses: a reason that comes with the close is for the caller.
  socket.onclose = event => ended(event.reason || undefined);
  const message = new TextEncoder().encode(JSON.stringify(clientReady()));
  socket.send(field(4, field(1, message)));
  const capture = new AudioWorkletNode(context, "microphone", { numberOfOutputs: 0, processorOptions: { rate: RATE } });
  capture.port.onmessage = ({ data }) => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(field(2, join(field(3, new Uint8Array(data)), number(4, RATE), number(5, 1))));
  };
  context.createMediaStreamSource(microphone).connect(capture);
  return { kind: "socket", close, context, sound: speaker };
}

// ---- the little of protobuf that is needed: bytes and numbers

function join(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function varint(value) {
  const bytes = [];
  while (value > 127) {
    bytes.push((value & 127) | 128);
    value >>>= 7;
  }
  return Uint8Array.from([...bytes, value]);
}

const field = (key, bytes) => join(varint((key << 3) | 2), varint(bytes.length), bytes);
const number = (key, value) => join(varint(key << 3), varint(value));

function fields(bytes) {
  const found = [];
  let at = 0;
  const read = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = read();
    if ((key & 7) === 0) {
      found.push([key >>> 3, read()]);
    } else {
      const length = read();
      found.push([key >>> 3, bytes.subarray(at, at += length)]);
    }
  }
  return found;
}
