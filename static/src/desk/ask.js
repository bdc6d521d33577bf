// A question before something is lost for ever. The safe choice comes first, and says what it does.
import { make } from './dom.js';

function question(form) {
  const { confirm: title, confirmText, confirmYes, confirmNo } = form.dataset;
  const no = make('button', { class: 'btn', type: 'button' }, confirmNo);
  const loses = !form.querySelector('.btn.primary'); // a page's own next step, like sending, is nothing to warn about
  const yes = make('button', { class: loses ? 'btn warn' : 'btn primary', type: 'button' }, confirmYes);
  const dialog = make('dialog', { class: 'dialog stack', 'aria-labelledby': 'ask-title', 'aria-describedby': 'ask-text' },
    make('h2', { id: 'ask-title' }, title), make('p', { id: 'ask-text' }, confirmText),
    make('div', { class: 'stack tight' }, no, yes));
  return { dialog, no, yes };
}

export function askFirst(root) {
  root.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.asked) return;
    event.preventDefault();
    const { dialog, no, yes } = question(form);
    const { submitter } = event;
    no.addEventListener('click', () => dialog.close());
    yes.addEventListener('click', () => {
      form.dataset.asked = 'yes';
      dialog.close();
      form.requestSubmit(submitter);
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (!form.dataset.asked) submitter?.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}
