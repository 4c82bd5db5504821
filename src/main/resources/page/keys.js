// The API keys of the person who is signed in.

import * as api from './api.js';
import { moment, say } from './texts.js';

const SCOPES = ['upload', 'read', 'delete'];

const $ = (id) => document.getElementById(id);

let complain; // tells the person what went wrong, in an element
let announce;

/** @param tell called with a problem and the element for its words */
export function begin(tell, speakUp) {
  complain = (problem) => tell(problem, $('keys-problem'));
  announce = speakUp;
  $('keys').ontoggle = () => $('keys').open && look();
  $('key-form').onsubmit = make;
}

/** Forgets what is shown, for the next person. */
export function forget() {
  $('keys').open = false;
  $('key-list').replaceChildren();
  $('keys-problem').textContent = '';
  hide();
}

function hide() {
  $('new-key').hidden = true;
  $('new-key-text').value = '';
}

/** Writes the list anew, also in another language. */
export async function look() {
  if (!$('keys').open) {
    return;
  }
  try {
    draw(await api.get('keys'));
  } catch (problem) {
    complain(problem);
  }
}

function draw(keys) {
  $('no-keys').hidden = keys.length > 0;
  $('key-list').replaceChildren(...keys.map((key) => {
    const item = document.createElement('li');
    const name = document.createElement('h3');
    name.textContent = key.name;
    const facts = document.createElement('p');
    facts.className = 'facts';
    facts.textContent = [
      key.scopes.map((scope) => say(`scope-${scope}`)).join(', '),
      say('madeAt', { time: moment(key.created_at) }),
      key.last_used_at ? say('usedAt', { time: moment(key.last_used_at) }) : say('neverUsed'),
    ].join(' · ');
    const revoke = document.createElement('button');
    revoke.type = 'button';
    revoke.className = 'quiet';
    revoke.textContent = say('revoke');
    revoke.setAttribute('aria-label', say('revokeKey', { name: key.name }));
    revoke.onclick = () => remove(key, revoke);
    item.append(name, facts, revoke);
    return item;
  }));
}

async function make(event) {
  event.preventDefault();
  const { elements } = event.target;
  const scopes = SCOPES.filter((scope) => elements[scope].checked);
  hide();
  $('keys-problem').textContent = scopes.length ? '' : say('noScope');
  if (!scopes.length) {
    return;
  }
  try {
    const made = await api.make('keys', { name: elements['key-name'].value, scopes });
    elements['key-name'].value = '';
    $('new-key-text').value = made.key;
    $('new-key').hidden = false;
    $('new-key-text').focus();
    $('new-key-text').select();
    await look();
  } catch (problem) {
    complain(problem);
  }
}

async function remove(key, button) {
  button.disabled = true;
  try {
    await api.remove(`keys/${key.id}`);
    announce(say('revoked', { name: key.name }));
    hide();
    await look();
    $('key-name').focus();
  } catch (problem) {
    button.disabled = false;
    complain(problem);
  }
}
