// The page: who is signed in, what is being uploaded, and what became of it.

import * as api from './api.js';
import { Item, arrange } from './jobs.js';
import * as keys from './keys.js';
import * as options from './options.js';
import { bytes, language, say, speak, translate } from './texts.js';

const AT_ONCE = 2; // uploads; more of them would only share the same line
const UNDO = 6000; // ms until a deletion is final
const SOON = 1000; // ms between two looks at jobs that move, where nobody tells about them
const LATER = 15000; // ms if none does
const SELDOM = 600000; // ms between two looks where each change is told

const $ = (id) => document.getElementById(id);

let uploads = []; // items that are no job yet, the newest first
let jobs = new Map(); // items by the job's id
let looking; // the timer of the next look
let told = false; // whether each change of a job is told
let stopListening = () => {};

const actions = {
  play(item) {
    item.audio.hidden = false;
    if (!item.audio.src) {
      item.audio.src = item.job.links.signed;
      item.audio.setAttribute('aria-label', item.name);
    }
    item.audio.play();
    item.audio.focus();
  },
  retry(item) {
    item.showWaiting();
    startUploads();
  },
  cancel(item) {
    if (item.running) {
      item.running.cancel();
    } else {
      forget(item);
    }
  },
  delete(item) {
    if (!item.job) {
      forget(item);
      return;
    }
    item.showDeleted();
    item.part('undo').focus();
    announce(say('deletedNow', { name: item.name }));
    item.deletion = setTimeout(() => erase(item), UNDO);
  },
  undo(item) {
    clearTimeout(item.deletion);
    item.deletion = null;
    item.state = null;
    item.showJob(item.job);
    item.part('delete').focus();
  },
};

function announce(text) {
  $('announcement').textContent = text;
}

function words(problem) {
  if (problem.status === 0) {
    return say(problem.title === 'cancelled' ? 'cancelled' : 'unreachable');
  }
  return translate(problem.message) || say('failedWith', { status: problem.status });
}

/** A token that is no longer good sends its owner back to the door. */
function handle(problem, element) {
  if (problem.status === 401) {
    leave();
    $('sign-in-problem').textContent = say('expired');
  } else {
    element.textContent = words(problem);
  }
}

// --- uploads

function take(files) {
  const fields = options.chosen();
  for (const file of files) {
    const item = new Item(file.name, actions);
    item.file = file;
    item.fields = fields;
    item.key = newKey();
    item.showWaiting();
    uploads.unshift(item);
  }
  draw();
  startUploads();
}

/** So that trying again makes no second job of an upload whose answer got lost. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function startUploads() {
  const free = AT_ONCE - uploads.filter((item) => item.running).length;
  const waiting = uploads.filter((item) => item.state === 'waiting').reverse(); // the first that was chosen goes first
  waiting.slice(0, free).forEach(send);
}

async function send(item) {
  const began = performance.now();
  item.showUpload(0, item.file.size, 0);
  item.running = api.upload(item.file, item.fields, item.key, (sent) => {
    const seconds = (performance.now() - began) / 1000;
    item.showUpload(sent, item.file.size, seconds > 0.5 ? sent / seconds : 0);
  });
  try {
    const job = await item.running.job;
    uploads = uploads.filter((other) => other !== item);
    const faster = jobs.get(job.id)?.job;
    jobs.set(job.id, item);
    item.showJob(faster ?? job);
    announce(say('uploaded', { name: item.name }));
    if (told) {
      draw();
    } else {
      look();
    }
  } catch (problem) {
    item.showStopped(words(problem));
    announce(`${item.name}: ${words(problem)}`);
    if (problem.status === 401) {
      handle(problem, $('jobs-problem'));
    }
  } finally {
    item.running = null;
    startUploads();
  }
}

function forget(item) {
  uploads = uploads.filter((other) => other !== item);
  draw();
}

// --- jobs

/** Looks at all of them, and again after a while. */
async function look() {
  clearTimeout(looking);
  try {
    show(await api.get('jobs'));
    await lookAtAccount();
    $('jobs-problem').textContent = '';
  } catch (problem) {
    handle(problem, $('jobs-problem'));
  }
  if (api.signedIn()) {
    clearTimeout(looking);
    looking = setTimeout(look, told ? SELDOM : isMoving() ? SOON : LATER);
  }
}

const isMoving = () => [...jobs.values()].some((item) => ['stored', 'queued', 'converting'].includes(item.state));

async function lookAtAccount() {
  const account = await api.get('account');
  showQuota(account);
  $('mails-wanted').checked = account.mails;
}

function listen() {
  stopListening();
  stopListening = api.listen({
    begun() {
      told = true;
      look();
    },
    job(job) {
      const ends = update(job);
      draw();
      if (ends) {
        lookAtAccount().catch((problem) => handle(problem, $('jobs-problem')));
      }
    },
    deleted({ id }) {
      if (!jobs.get(id)?.deletion) {
        jobs.delete(id);
        draw();
      }
    },
    broken() {
      told = false;
      look();
    },
    over(problem) { // on Camel K there are no events
      told = false;
      if (problem.status === 404) {
        look();
      } else {
        handle(problem, $('jobs-problem'));
      }
    },
  });
}

function show(newest) {
  newest.forEach(update);
  for (const [id, item] of jobs) {
    const listed = newest.some((job) => job.id === id);
    const isNewer = !newest.some((job) => job.id > id); // accepted after the list was made
    if (!listed && !isNewer && !item.deletion) {
      jobs.delete(id);
    }
  }
  draw();
}

/** Shows a job as it is now; returns whether that is its end. */
function update(job) {
  const item = jobs.get(job.id) ?? new Item(job.name, actions);
  jobs.set(job.id, item);
  const before = item.job;
  if (item.gone || (before && before.updated_at > job.updated_at)) {
    return false;
  }
  item.showJob(job);
  const ends = Boolean(before) && before.state !== job.state && ['done', 'rejected', 'failed'].includes(job.state);
  if (ends) {
    announce(`${item.name}: ${say(job.state)}. ${translate(job.reason ?? '')}`);
  }
  return ends;
}

/** The newest first: the id of a job begins with the time at which its upload did. */
function draw() {
  const newestFirst = [...jobs.values()].sort((one, other) => (one.job.id < other.job.id ? 1 : -1));
  arrange([...uploads, ...newestFirst]);
  $('no-jobs').hidden = uploads.length + jobs.size > 0;
}

async function erase(item) {
  clearTimeout(item.deletion);
  item.deletion = null;
  item.gone = true;
  try {
    await api.remove(`jobs/${item.job.id}`);
  } catch (problem) {
    if (problem.status !== 404) {
      item.gone = false;
      item.state = null;
      item.showJob(item.job);
      handle(problem, $('jobs-problem'));
      return;
    }
  }
  jobs.delete(item.job.id);
  draw();
}

function showQuota({ bytes: used, jobs: open }) {
  const parts = [];
  if (used.limit) {
    parts.push(say('room', { free: bytes(Math.max(0, used.limit - used.used)), limit: bytes(used.limit) }));
  }
  if (open.limit && open.used > open.limit / 2) {
    parts.push(say('openJobs', { open: open.used, limit: open.limit }));
  }
  $('quota').textContent = parts.join(' · ');
}

async function wantMails() {
  try {
    $('mails-wanted').checked = (await api.put('account', { mails: $('mails-wanted').checked })).mails;
  } catch (problem) {
    handle(problem, $('jobs-problem'));
  }
}

// --- the inbox of the embedded mail server

async function findInbox() {
  try {
    await api.get('inbox');
    $('show-inbox').hidden = false;
  } catch {
    $('show-inbox').hidden = true; // there is a real mail server
  }
}

async function showInbox() {
  const mails = await api.get('inbox');
  $('mails').replaceChildren(...mails.map((mail) => {
    const element = document.createElement('article');
    element.className = 'mail';
    const subject = document.createElement('h3');
    subject.textContent = mail.subject;
    element.append(subject, mail.text);
    return element;
  }));
  $('inbox').showModal();
}

// --- coming and going

function enter() {
  const address = api.signedIn();
  $('signed-out').hidden = Boolean(address);
  $('signed-in').hidden = !address;
  $('who').hidden = !address;
  $('sign-out').hidden = !address;
  $('show-inbox').hidden = true;
  $('address').textContent = address ?? '';
  if (address) {
    options.draw();
    look();
    listen();
    findInbox();
  } else {
    $('email').focus();
  }
}

function leave() {
  clearTimeout(looking);
  stopListening();
  told = false;
  for (const item of uploads) {
    item.running?.cancel();
  }
  for (const item of jobs.values()) {
    if (item.deletion) {
      erase(item);
    }
  }
  uploads = [];
  jobs = new Map();
  draw();
  keys.forget();
  api.signOut();
  enter();
}

$('sign-in').onsubmit = async (event) => {
  event.preventDefault();
  const { email, password, way } = event.target.elements;
  $('sign-in-problem').textContent = '';
  $('sign-in-now').disabled = true;
  try {
    if (way.value === 'register') {
      await api.register(email.value, password.value);
    }
    await api.signIn(email.value, password.value);
    password.value = '';
    enter();
    $('choose').focus();
  } catch (problem) {
    $('sign-in-problem').textContent = words(problem);
  } finally {
    $('sign-in-now').disabled = false;
  }
};

document.querySelectorAll('[name=way]').forEach((radio) => {
  radio.onchange = () => {
    const isNew = $('sign-in').elements.way.value === 'register';
    $('password-rule').hidden = !isNew;
    $('password').autocomplete = isNew ? 'new-password' : 'current-password';
    $('sign-in-now').dataset.text = isNew ? 'register' : 'signIn';
    $('sign-in-now').textContent = say($('sign-in-now').dataset.text);
  };
});

$('sign-out').onclick = leave;
$('leave').onclick = () => {
  $('leaving-problem').textContent = '';
  $('leaving').showModal();
};
$('leave-now').onclick = async () => {
  try {
    await api.remove('account');
    $('leaving').close();
    leave();
    announce(say('accountDeleted'));
  } catch (problem) {
    $('leaving-problem').textContent = words(problem);
  }
};
$('show-inbox').onclick = showInbox;
$('mails-wanted').onchange = wantMails;
$('choose').onclick = () => $('files').click();
$('files').onchange = () => {
  take([...$('files').files]);
  $('files').value = '';
};

for (const type of ['dragenter', 'dragover']) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    $('drop').classList.add('over');
  });
}
for (const type of ['dragleave', 'drop']) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    $('drop').classList.remove('over');
  });
}
document.addEventListener('drop', (event) => {
  if (api.signedIn()) {
    take([...event.dataTransfer.files]);
  }
});

$('language').onchange = async () => {
  await speak($('language').value);
  options.draw();
  [...uploads, ...jobs.values()].forEach((item) => item.speak());
  look();
  keys.look();
};

window.addEventListener('beforeunload', (event) => {
  if (uploads.some((item) => item.running)) {
    event.preventDefault(); // else a click beside the page would break the uploads off
  }
});
window.addEventListener('pagehide', () => {
  for (const item of jobs.values()) {
    if (item.deletion) {
      erase(item);
    }
  }
});
window.addEventListener('storage', enter); // signed in or out in another tab

keys.begin(handle, announce);
await speak(language);
$('language').value = language;
enter();
