// What a person can ask of the MP3. Nothing chosen means the service's defaults.

import { say } from './texts.js';

const form = document.getElementById('options-form');

const CHOICES = {
  quality: [['', 'qualityStandard'], ['quality=0', 'qualityBest'], ['quality=5', 'qualitySmall'],
    ['bitrate=320', 'bitrate320'], ['bitrate=192', 'bitrate192'], ['bitrate=128', 'bitrate128']],
  channels: [['', 'asInVideo'], ['channels=1', 'mono'], ['channels=2', 'stereo']],
  loudness: [['', 'asInVideo'], ['loudness=-16', 'loudnessEven']],
  cover: [['', 'coverKeep'], ['cover=frame', 'coverFrame'], ['cover=none', 'coverNone']],
};
const TEXTS = { start: '0:00', end: '', title: '', artist: '', album: '' };

/** Draws the form in the person's language, with what was chosen before. */
export function draw() {
  const before = new FormData(form);
  form.replaceChildren(
    ...Object.entries(CHOICES).map(([name, choices]) => {
      const select = document.createElement('select');
      select.append(...choices.map(([value, key]) => new Option(say(key), value)));
      return field(name, select, before);
    }),
    ...Object.entries(TEXTS).map(([name, placeholder]) => {
      const input = document.createElement('input');
      input.placeholder = placeholder;
      return field(name, input, before);
    }),
  );
}

function field(name, control, before) {
  const label = document.createElement('label');
  label.append(say(`option-${name}`), control);
  control.name = name;
  control.value = before.get(name) ?? '';
  return label;
}

/** The form fields that an upload carries, as the API names them. */
export function chosen() {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (name in TEXTS && value.trim()) {
      fields[name] = value.trim();
    } else if (value.includes('=')) {
      const [option, setting] = value.split('=');
      fields[option] = setting;
    }
  }
  return fields;
}

form.onsubmit = (event) => event.preventDefault();
