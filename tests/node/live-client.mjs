// A client of /ws with the behaviour of the specification's class (spec 06, 3.1.1), in Node's own WebSocket.
// `node live-client.mjs API_URL TOKEN SESSION_ID`: one JSON line for each thing it emits.

class LiveClient {
  #handlers = {};

  constructor(apiUrl, authToken) {
    this.address = `${apiUrl.replace('http', 'ws')}/ws?token=${authToken}`;
  }

  connect() {
    this.socket = new WebSocket(this.address);
    this.socket.onopen = (event) => this.emit('connected', event);
    this.socket.onclose = (event) => this.emit('disconnected', event);
    this.socket.onmessage = ({ data: text }) => {
      const { type, data } = JSON.parse(text);
      const names = {
        'recording.status_update': 'recordingStatusUpdate',
        'processing.progress': 'processingProgress',
        'transcription.completed': 'transcriptionCompleted',
      };
      if (type in names) this.emit(names[type], data);
    };
  }

  startRecording(sessionId, settings) {
    this.send('recording.start', { sessionId, settings });
  }

  send(type, data) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ type, data }));
  }

  on(name, handler) {
    (this.#handlers[name] ??= []).push(handler);
  }

  emit(name, data) {
    for (const handler of this.#handlers[name] ?? []) handler(data);
  }
}

const [apiUrl, token, sessionId] = process.argv.slice(2);
const client = new LiveClient(apiUrl, token);
const say = (name, data) => console.log(JSON.stringify({ name, data }));
client.on('connected', () => {
  say('connected', {});
  client.startRecording(sessionId, { frameRate: 30 });
});
client.on('disconnected', ({ code }) => say('disconnected', { code }));
for (const name of ['recordingStatusUpdate', 'processingProgress', 'transcriptionCompleted']) {
  client.on(name, (data) => say(name, data));
}
client.connect();
