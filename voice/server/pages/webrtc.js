// A line over WebRTC. No server elsewhere is asked for addresses, so it reaches this machine and its own network.

const PATIENCE_MS = 6000; // for the sound's way to stand; then the WebSocket is tried

// Gives null where WebRTC does not get through. Throws an Error that is meant for the caller.
export async function openWebRtc(microphone, tell, ended) {
  const peer = new RTCPeerConnection();
  const context = new AudioContext();
  const player = new Audio();
  const close = () => {
    peer.onconnectionstatechange = null;
    peer.close();
    player.srcObject = null;
    context.close();
  };
  peer.addTransceiver(microphone.getAudioTracks()[0], { direction: "sendrecv", streams: [microphone] });
  const messages = peer.createDataChannel("messages", { ordered: true });
  messages.onopen = () => messages.send(JSON.stringify(clientReady()));
  messages.onmessage = event => tell(JSON.parse(event.data));
  const sounding = new Promise(resolve => { peer.ontrack = event => resolve(new MediaStream([event.track])); });

  await peer.setLocalDescription(await peer.createOffer());
  await until(peer, "icegatheringstatechange", () => peer.iceGatheringState === "complete", 1500);
  const { sdp, type } = peer.localDescription;
  if (!sdp.includes("a=candidate:")) { // a machine without any network
    close();
    return null;
  }
  const answer = await fetch("api/offer", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ sdp, type }),
  }).catch(error => { close(); throw error; });
  if (!answer.ok) {
    close();
    throw new Error((await answer.json().catch(() => ({}))).detail ?? `The server answered ${answer.status}.`);
  }
  const { pc_id, ...description } = await answer.json();
  await peer.setRemoteDescription(description);
  await until(peer, "connectionstatechange", () => ["connected", "failed"].includes(peer.connectionState), PATIENCE_MS);
  if (peer.connectionState !== "connected") {
    close();
    // The server gives its line back, which may be the only one that the WebSocket can have.
    await fetch(`api/offer?pc_id=${encodeURIComponent(pc_id)}`, { method: "DELETE" }).catch(() => {});
    return null;
  }
  peer.onconnectionstatechange = () => {
    if (["failed", "closed"].includes(peer.connectionState)) ended();
  };
  const stream = await sounding;
  player.srcObject = stream;
  player.play();
  return { kind: "webrtc", close, context, sound: context.createMediaStreamSource(stream) };
}

export function clientReady() {
  const about = { library: "voice" };
  return { label: "rtvi-ai", type: "client-ready", id: "1", data: { version: "2.0.0", about } };
}

function until(target, event, reached, patience) {
  return new Promise(resolve => {
    const timer = setTimeout(done, patience);
    function check() { if (reached()) done(); }
    function done() {
      clearTimeout(timer);
      target.removeEventListener(event, check);
      resolve();
    }
    target.addEventListener(event, check);
    check();
  });
}
