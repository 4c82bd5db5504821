// The HTTP API, with the token of the person who is signed in. The token lies in the browser's own store until it expires.

const STORE = 'video-to-mp3';
const RETRY = 2000; // ms until a stream of events that broke is opened again

/** What an answer says that is no success; `status` is 0 if there was no answer. */
export class Problem extends Error {
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }

  static of(status, text) {
    try {
      const { title, detail } = JSON.parse(text);
      return new Problem(status, title, detail);
    } catch {
      return new Problem(status, '', '');
    }
  }
}

let session = null;

/** The address of who is signed in, null for nobody. */
export function signedIn() {
  session = JSON.parse(localStorage.getItem(STORE));
  if (session && new Date(session.expires) <= new Date()) {
    signOut();
  }
  return session && session.email;
}

export function signOut() {
  session = null;
  localStorage.removeItem(STORE);
}

export async function signIn(email, password) {
  const { token, expires_at: expires } = await (await basic('login', email, password)).json();
  session = { email, token, expires };
  localStorage.setItem(STORE, JSON.stringify(session));
}

export async function register(email, password) {
  await basic('register', email, password);
}

/** Credentials are left to this script: a browser would show a window of its own for a 401. */
async function basic(path, email, password) {
  const bytes = new TextEncoder().encode(`${email}:${password}`);
  return call(path, {
    method: 'POST',
    headers: { Accept: 'application/json', Authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` },
  });
}

const bearer = () => ({ Authorization: `Bearer ${session ? session.token : ''}` });

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(path, { credentials: 'omit', cache: 'no-store', ...options });
  } catch {
    throw new Problem(0, '', '');
  }
  if (!answer.ok) {
    throw Problem.of(answer.status, await answer.text());
  }
  return answer;
}

export async function get(path) {
  return (await call(path, { headers: bearer() })).json();
}

/** Changes even if the page is left meanwhile. */
export const put = (path, what) => send('PUT', path, what);

export const make = (path, what) => send('POST', path, what);

async function send(method, path, what) {
  const headers = { ...bearer(), 'Content-Type': 'application/json' };
  return (await call(path, { method, headers, body: JSON.stringify(what), keepalive: true })).json();
}

/** Deletes even if the page is left meanwhile. */
export async function remove(path) {
  await call(path, { method: 'DELETE', headers: bearer(), keepalive: true });
}

/**
 * Hears what becomes of the jobs, over and over again if the connection breaks.
 *
 * @param hear what to call: begun (again), job and deleted with their data, broken, and over with the problem for which there
 * will be no more events
 * @returns a way to stop
 */
export function listen(hear) {
  const stopped = new AbortController();
  follow(hear, stopped.signal);
  return () => stopped.abort();
}

async function follow(hear, signal) {
  let last;
  while (!signal.aborted) {
    try {
      const { body } = await call('jobs/events', { headers: { ...bearer(), ...(last && { 'Last-Event-ID': last }) }, signal });
      hear.begun();
      for await (const { id, event, data } of eventsOf(body)) {
        last = id ?? last;
        hear[event]?.(JSON.parse(data));
      }
    } catch (problem) {
      if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
        hear.over(problem);
        return;
      }
    }
    if (!signal.aborted) {
      hear.broken();
      await new Promise((resolve) => { setTimeout(resolve, RETRY); });
    }
  }
}

/** Server-sent events, of which each has its data in one line; EventSource can send no token. */
async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const events = (text + part.value).split('\n\n');
    text = events.pop();
    for (const event of events) {
      const fields = Object.fromEntries(event.split('\n').map((line) => line.split(/: (.*)/s, 2)));
      if (fields.event) {
        yield fields;
      }
    }
  }
}

/**
 * Uploads a file with form fields before it, under a key with which it can be sent again.
 *
 * @param progress called with the bytes that have been sent
 * @returns the job's promise, and a way to break off
 */
export function upload(file, fields, key, progress) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  Object.entries(fields).forEach(([name, value]) => form.append(name, value));
  form.append('file', file, file.name);
  const job = new Promise((resolve, reject) => {
    request.upload.onprogress = (event) => progress(Math.min(event.loaded, file.size));
    request.onload = () => (request.status === 202
      ? resolve(JSON.parse(request.responseText))
      : reject(Problem.of(request.status, request.responseText)));
    request.onerror = () => reject(new Problem(0, '', ''));
    request.onabort = () => reject(new Problem(0, 'cancelled', ''));
  });
  request.open('POST', 'upload');
  request.setRequestHeader('Authorization', bearer().Authorization);
  request.setRequestHeader('Idempotency-Key', key);
  request.send(form);
  return { job, cancel: () => request.abort() };
}
