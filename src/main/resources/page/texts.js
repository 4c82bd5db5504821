// What the page says, in the language of the person. A catalogue is a JSON file of texts with {holes}.

const STORE = 'video-to-mp3-language';
const LANGUAGES = ['en', 'de'];

let texts = {};
export let language = localStorage.getItem(STORE)
  || navigator.languages.map((name) => name.slice(0, 2)).find((name) => LANGUAGES.includes(name))
  || LANGUAGES[0];

/** Reads a catalogue and writes its texts into the page. */
export async function speak(name) {
  texts = await (await fetch(`page/${name}.json`)).json();
  language = name;
  localStorage.setItem(STORE, name);
  document.documentElement.lang = name;
  write(document);
}

/** Fills the elements that name a text. */
export function write(root) {
  root.querySelectorAll('[data-text]').forEach((element) => {
    element.textContent = say(element.dataset.text);
  });
  root.querySelectorAll('[data-label]').forEach((element) => {
    element.setAttribute('aria-label', say(element.dataset.label));
  });
}

export function say(key, holes = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => holes[name]);
}

/** What the service says in English, in the person's language where the catalogue knows it. */
export const translate = (sentence) => texts.sentences?.[sentence] ?? sentence;

export function bytes(count) {
  const unit = Math.min(4, Math.floor(Math.log10(Math.max(count, 1)) / 3));
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: count < 1000 ? 0 : 1 });
  return `${number.format(count / 1000 ** unit)} ${['B', 'kB', 'MB', 'GB', 'TB'][unit]}`;
}

/** h:mm:ss or m:ss */
export function duration(seconds) {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return (parts[0] ? parts : parts.slice(1))
    .map((part, index) => (index ? String(part).padStart(2, '0') : part))
    .join(':');
}

export function moment(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language, today ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' })
    .format(date);
}

export const day = (iso) => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(iso));
