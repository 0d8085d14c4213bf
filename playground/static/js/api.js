// The control API and the line of live events.

export async function get(path, query = {}) {
  return read(await fetch(`/control/${path}?${new URLSearchParams(query)}`));
}

export async function post(path, order) {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify(order);
  return read(await fetch(`/control/${path}`, { method: "POST", headers, body }));
}

async function read(response) {
  const answer = await response.json();
  if (!answer.ok) throw new Error(answer.description.replace(/^[\w ]+: /, ""));
  return answer.result;
}

// Follows events for as long as the page is open; the browser reconnects by itself.
export function follow(handlers, onConnection) {
  const source = new EventSource("/control/events");
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
  source.addEventListener("hello", () => onConnection(true));
  source.addEventListener("error", () => {
    onConnection(false);
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => follow(handlers, onConnection), 1000);
    }
  });
}
