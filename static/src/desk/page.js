// Small comforts: send when chosen, print, go to what is to be mended, show where one is in a long list.
import { showWithin } from './dom.js';

export function sendAtOnce(root) {
  root.addEventListener('change', (event) => {
    if (event.target.matches('[data-autosubmit]')) event.target.form.requestSubmit();
  });
  for (const button of root.querySelectorAll('[data-without-script]')) button.hidden = true;
}

export function printButtons(root) {
  for (const button of root.querySelectorAll('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  }
}

export function showErrors(root) {
  root.querySelector('[data-focus]')?.focus();
}

/** Where one is: the menu's and the pile's current row. */
export function showPlace(root) {
  for (const here of root.querySelectorAll('.top nav [aria-current]')) {
    const menu = here.closest('nav');
    menu.scrollLeft = here.offsetLeft - menu.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;
  }
  for (const row of root.querySelectorAll('.pile [aria-current]')) showWithin(row.closest('.pile'), row);
}
