// A one-time secret comes in the address's fragment, which is never sent anywhere. It moves into the form's field and
// out of the address; then the page shows the one button that uses it.

const secretIn = (name) => new URLSearchParams(location.hash.slice(1)).get(name);

export function takeFragment(root) {
  for (const form of root.querySelectorAll('form[data-fragment]')) {
    const take = () => {
      const secret = secretIn(form.dataset.fragment);
      if (!secret) return;
      form.querySelector('[data-secret]').value = secret;
      history.replaceState(history.state, '', location.pathname + location.search);
      for (const part of root.querySelectorAll('[data-without-fragment]')) part.hidden = true;
      for (const part of root.querySelectorAll('[data-with-fragment]')) part.hidden = false;
      for (const button of form.querySelectorAll('.lit-with-fragment')) button.classList.add('primary');
      if ('fragmentShows' in form.dataset) form.requestSubmit();
    };
    take();
    window.addEventListener('hashchange', take);
  }
}
