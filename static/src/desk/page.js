// Small comforts: send when chosen, print, go to what is to be mended, show where one is in a long list.

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

/** The current row of a list that scrolls by itself; the page stays where it is. */
export function showPlace(root) {
  for (const row of root.querySelectorAll('.pile [aria-current]')) {
    const pile = row.closest('.pile');
    const { top, bottom, height } = row.getBoundingClientRect();
    const frame = pile.getBoundingClientRect();
    if (top < frame.top || bottom > Math.min(frame.bottom, window.innerHeight)) {
      pile.scrollTop += top - frame.top - (pile.clientHeight - height) / 3;
    }
  }
}
