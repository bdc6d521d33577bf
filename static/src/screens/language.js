// The language can be changed where one begins; each is named in its own language.
import { h } from './dom.js';
import { lang } from './words.js';

const OTHER = { sv: ['en', 'English'], en: ['sv', 'Svenska'] };

export function languageChoice(app) {
  const [code, name] = OTHER[lang];
  return h('button.btn.plain.small.language', { id: 'language', type: 'button', lang: code, onclick: () => app.setLanguage(code) }, name);
}
