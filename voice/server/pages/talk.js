// The page's logic: one call at a time, over WebRTC where it gets through, else over a WebSocket.
// What is said is put in as text, never as markup.

import { unused } from "./elements.js";
import { openWebRtc } from "./webrtc.js";
import { openSocket } from "./socket.js";

const page = id => document.getElementById(id);
const HEARING = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
let line = null; // the open line: {close()}
let microphone = null;
let began = 0;
let passedOn = false; // to a person

const PASSED_ON = "The call was passed to a person. On this page nobody takes over.";

function say(text, bad = false) {
  page("state").textContent = text;
  page("state").className = bad ? "bad" : "";
}

function showClock(text) {
  if (page("clock").textContent !== text) page("clock").textContent = text;
}

// ---- the conversation, told by RTVI messages

const spoken = new Map();

function add(who, text) {
  const item = document.createElement("li");
  item.className = who;
  item.textContent = text;
  page("words").append(item);
  say(passedOn ? `${PASSED_ON} The agent says no more.` : "");
  item.scrollIntoView({ block: "end", behavior: "smooth" });
  return item;
}

function told(message) {
  const data = message.data ?? {};
  if (message.type === "user-transcription" && data.final && data.text.trim()) add("caller", data.text);
  if (message.type === "bot-output") {
    if (!spoken.has(data.segment_id)) {
      spoken.set(data.segment_id, add("agent", data.text));
      spoken.get(data.segment_id).classList.add("unsaid");
    }
    if (data.spoken) spoken.get(data.segment_id).classList.remove("unsaid");
  }
  if (message.type === "signalling" && message.message?.type === "peerLeft") {
    hangUp(passedOn ? `${PASSED_ON} The agent hung up.` : "The agent hung up.");
  }
  if (message.type === "server-message" && data.type === "handed-off") {
    passedOn = true;
    say(`${PASSED_ON} The agent says no more.`);
  }
}

// ---- the call

async function listen() {
  if (!navigator.mediaDevices) {
    throw new Error("The browser gives a microphone to https pages and to this machine only: open this page as http://127.0.0.1, or serve it behind https.");
  }
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: HEARING });
  } catch (error) {
    throw new Error(`No microphone: ${error.message}. Allow it for this page, and try again.`);
  }
}

async function dial() {
  page("call").disabled = true;
  say("Calling…");
  try {
    microphone = await listen();
    page("words").replaceChildren();
    spoken.clear();
    passedOn = false;
    const ended = why => hangUp(why ?? "The line broke.");
    // "?line=socket" keeps to the WebSocket.
    const only = new URLSearchParams(location.search).get("line");
    if (only !== "socket") line = await openWebRtc(microphone, told, ended);
    line ??= await openSocket(microphone, told, ended);
  } catch (error) {
    hangUp();
    say(error.message, true);
    return;
  } finally {
    page("call").disabled = false;
  }
  began = performance.now();
  document.body.classList.add("talking");
  document.body.dataset.line = line.kind;
  page("call").textContent = "Hang up";
  say(page("words").children.length ? "" : "Listening. Say what you need.");
  watchLevel(line.context, [line.context.createMediaStreamSource(microphone), line.sound].filter(Boolean));
}

function hangUp(why = "Press, and speak when you are ready.") {
  line?.close();
  microphone?.getTracks().forEach(track => track.stop());
  line = microphone = null;
  document.body.classList.remove("talking");
  page("call").textContent = "Talk";
  page("call").style.removeProperty("--level");
  showClock("");
  say(why);
}

function watchLevel(context, sources) {
  const meter = context.createAnalyser();
  meter.fftSize = 512;
  sources.forEach(source => source.connect(meter));
  const wave = new Float32Array(meter.fftSize);
  const ours = line;
  const draw = () => {
    if (line !== ours) return;
    meter.getFloatTimeDomainData(wave);
    const level = Math.min(1, 4 * Math.sqrt(wave.reduce((sum, value) => sum + value * value, 0) / wave.length));
    page("call").style.setProperty("--level", level.toFixed(3));
    const passed = Math.floor((performance.now() - began) / 1000);
    showClock(`${Math.floor(passed / 60)}:${String(passed % 60).padStart(2, "0")}`);
    requestAnimationFrame(draw);
  };
  draw();
}

page("call").addEventListener("click", () => line ? hangUp() : dial());
addEventListener("pagehide", () => line?.close());
fetch("health").then(answer => answer.json()).then(health => {
  page("profile").textContent = health.profile;
  page("live").hidden = !health.live;
}).catch(() => say("The server does not answer. Is it running?", true));
page("notice").textContent = unused({ line: ["socket"] });
