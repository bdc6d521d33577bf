// The desk: pages work without this. It adds keys, a question before something is lost, and maps.
import { askFirst } from './desk/ask.js';
import { copyButtons } from './desk/copy.js';
import { takeFragment } from './desk/fragment.js';
import { listenForKeys } from './desk/keys.js';
import { keepLight } from './desk/light.js';
import { keepLive } from './desk/live.js';
import { printButtons, sendAtOnce, showErrors, showPlace } from './desk/page.js';
import { letToastsGo } from './desk/toast.js';

askFirst(document);
copyButtons(document);
listenForKeys(document);
printButtons(document);
sendAtOnce(document);
showErrors(document);
showPlace(document);
takeFragment(document);
keepLight(document);
keepLive(document);
letToastsGo(document);

const maps = document.querySelectorAll('[data-map]');
const drawings = document.querySelectorAll('[data-draw-group], [data-draw]');
if (maps.length) import('./desk/map.js').then(({ showMaps }) => showMaps(maps));
if (drawings.length) import('./desk/draw.js').then(({ letDraw }) => letDraw(document));
