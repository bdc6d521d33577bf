// Words in the person's language. The msgid is the English sentence; Swedish is fetched with the shell.

const LOAD = { sv: () => import('../lang/sv.json'), en: () => import('../lang/en.json') };
const ZONE = 'Europe/Stockholm';

let texts = {};
export let lang = 'sv';

/** Swedish unless the person, or else the browser, says English. */
export const wanted = (chosen) => chosen ?? (/^en\b/i.test(navigator.language) ? 'en' : 'sv');

export async function speak(language) {
  const { t } = (await LOAD[language]()).default;
  texts = t;
  lang = language;
  document.documentElement.lang = language;
}

const fill = (text, facts) => (facts ? text.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole) : text);

export const _ = (msgid, facts) => fill(texts[msgid] ?? msgid, facts);
export const n_ = (one, many, n, facts) => _(n === 1 ? one : many, { n, ...facts });

const locale = () => (lang === 'sv' ? 'sv-SE' : 'en-GB');

/** torsdag 28 oktober */
export const day = (moment) =>
  new Intl.DateTimeFormat(locale(), { weekday: 'long', day: 'numeric', month: 'long', timeZone: ZONE }).format(new Date(moment));

/** 16.25 in Swedish, 16:25 in English */
export function clock(moment) {
  const text = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: ZONE }).format(new Date(moment));
  return lang === 'sv' ? text.replace(':', '.') : text;
}

export const metres = (n) => (n < 1000 ? `${Math.round(n)} m` : `${(n / 1000).toFixed(1).replace('.', lang === 'sv' ? ',' : '.')} km`);
