export function copyButtons(root) {
  if (!navigator.clipboard) return; // the field beside it can be marked by hand
  for (const button of root.querySelectorAll('[data-copy]')) {
    button.hidden = false;
    const words = button.textContent;
    button.setAttribute('aria-live', 'polite');
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.previousElementSibling.value);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = words; }, 2500);
    });
  }
}
