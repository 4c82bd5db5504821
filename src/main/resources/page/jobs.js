// The list: one item for each video, from the moment it is chosen until its MP3 is deleted.

import { bytes, day, duration, moment, say, translate, write } from './texts.js';

const list = document.getElementById('jobs');
const template = document.getElementById('job');

/**
 * A video of the list.
 *
 * state: waiting, uploading and stopped are the page's; the others are a job's.
 */
export class Item {
  constructor(name, actions) {
    this.element = template.content.firstElementChild.cloneNode(true);
    this.name = name;
    this.element.querySelector('.name').textContent = name;
    this.part = (what) => this.element.querySelector(`.${what}`);
    this.bar = this.element.querySelector('progress');
    this.audio = this.element.querySelector('audio');
    for (const action of ['play', 'retry', 'cancel', 'delete', 'undo']) {
      this.part(action).onclick = () => actions[action](this);
    }
    this.again = () => {};
    this.speak();
  }

  /** Says all of it in the language of the moment. */
  speak() {
    write(this.element);
    for (const action of this.part('actions').children) {
      action.setAttribute('aria-label', `${action.textContent}: ${this.name}`);
    }
    this.bar.setAttribute('aria-label', `${say('progress')}: ${this.name}`);
    this.again();
  }

  /** Shows how far an upload is; `rate` in bytes per second. */
  showUpload(sent, total, rate) {
    this.again = () => this.showUpload(sent, total, rate);
    this.state = 'uploading';
    const left = rate > 0 ? say('left', { time: duration((total - sent) / rate) }) : '';
    const facts = [say('uploading', { percent: percent(sent, total) }), bytes(total)];
    if (rate > 0 && sent < total) {
      facts.push(`${bytes(rate)}/s`, left);
    }
    this.show(facts, { progress: (100 * sent) / total, buttons: ['cancel'] });
  }

  showWaiting() {
    this.again = () => this.showWaiting();
    this.state = 'waiting';
    this.show([say('waiting')], { progress: null, buttons: ['cancel'] });
  }

  showStopped(reason) {
    this.again = () => this.showStopped(reason);
    this.state = 'stopped';
    this.show([say('stopped')], { reason, buttons: ['retry', 'delete'] });
  }

  showJob(job) {
    this.job = job;
    if (this.state === 'deleted') {
      return;
    }
    this.again = () => this.showJob(job);
    this.state = job.state;
    const facts = [phase(job)];
    const settings = { reason: translate(job.reason ?? job.warning ?? ''), buttons: ['delete'] };
    if (job.state === 'done') {
      facts.push(duration(job.seconds ?? 0), bytes(job.mp3_bytes ?? 0));
      settings.buttons = ['play', 'download', 'delete'];
      this.part('download').href = job.links.signed;
    } else {
      facts.push(bytes(job.bytes));
      if (job.state !== 'rejected' && job.state !== 'failed') {
        settings.progress = job.progress ?? null;
      }
    }
    facts.push(moment(job.created_at));
    if (job.state === 'done') {
      facts.push(say('keptUntil', { day: day(job.expires_at) }));
    }
    this.show(facts, settings);
  }

  showDeleted() {
    this.again = () => this.showDeleted();
    this.state = 'deleted';
    this.audio.pause();
    this.audio.hidden = true;
    this.show([say('deleted')], { buttons: ['undo'] });
  }

  /** `progress` in percent, null for a bar that only says that something goes on, undefined for no bar. */
  show(facts, { progress, reason = '', buttons }) {
    this.element.dataset.state = this.state;
    put(this.part('facts'), facts.join(' · '));
    put(this.part('reason'), reason);
    this.bar.hidden = progress === undefined;
    if (typeof progress === 'number') {
      this.bar.value = progress;
    } else {
      this.bar.removeAttribute('value');
    }
    for (const button of this.part('actions').children) {
      button.hidden = !buttons.some((name) => button.classList.contains(name));
    }
  }
}

function phase(job) {
  if (job.state === 'queued' && job.position) {
    return say('queuedAt', { position: job.position });
  }
  if (job.state === 'converting' && job.phase === 'converting' && typeof job.progress === 'number') {
    return say('convertingAt', { percent: job.progress });
  }
  return say(job.state === 'converting' ? job.phase ?? 'converting' : job.state);
}

const percent = (part, whole) => (whole ? Math.floor((100 * part) / whole) : 100);

/** Writes only what is new, so that a reader of the screen is not told the same twice. */
function put(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Puts the items in this order with as few moves as it takes. */
export function arrange(items) {
  items.forEach((item, index) => {
    if (list.children[index] !== item.element) {
      list.insertBefore(item.element, list.children[index] ?? null);
    }
  });
  while (list.children.length > items.length) {
    list.lastElementChild.remove();
  }
}
