// Said before anything else: without a secure address a browser gives no camera, no place and no lasting storage.
import { h, icon } from './dom.js';
import { _, speak, wanted } from './words.js';

export default async function insecure(root) {
  await speak(wanted(null));
  document.title = _('This address is not secure');
  root.replaceChildren(
    h('header.bar', h('h1', _('This address is not secure'))),
    h('main', { id: 'main' }, h('div.stack',
      h('div.banner.bad', { role: 'alert' }, icon('needs-you'), h('div',
        h('p.strong', _('The app cannot be used here.')),
        h('p', _('The address must begin with https. Only then may the phone use its camera and place, and keep what you write.')))),
      h('p', _('Scan the QR code again, or ask the walk leader for the right address.')))),
  );
}
