// The pen: terra-draw, in the page's colours.
import L from 'leaflet';
import { TerraDraw, TerraDrawLineStringMode, TerraDrawModeUndoRedo, TerraDrawPolygonMode, TerraDrawSelectMode } from 'terra-draw';
import { TerraDrawLeafletAdapter } from 'terra-draw-leaflet-adapter';

/** The adapter writes <style> elements, which the page's policy refuses; the depth of a pane can be set directly. */
class Adapter extends TerraDrawLeafletAdapter {
  createPaneStyleSheet(name, depth) {
    const pane = this._map.createPane(name);
    pane.style.zIndex = depth + 400; // beneath the pins
    return { remove() {} };
  }
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  return { route: token('--route'), lit: token('--lit'), surface: token('--surface') };
}

export function makePen(map, element, finished) {
  const { route, lit, surface } = colours();
  const corner = { closingPointColor: surface, closingPointOutlineColor: route, closingPointWidth: 7, closingPointOutlineWidth: 3 };
  const pen = new TerraDraw({
    adapter: new Adapter({ lib: L, map, coordinatePrecision: 9 }),
    modes: [
      new TerraDrawPolygonMode({ pointerDistance: 24, styles: { fillColor: lit, fillOpacity: 0.09, outlineColor: route, outlineWidth: 2.5, ...corner } }),
      new TerraDrawLineStringMode({ pointerDistance: 24, styles: { lineStringColor: route, lineStringWidth: 3.5, ...corner } }),
      new TerraDrawSelectMode({
        pointerDistance: 24,
        allowManualDeselection: false,
        keyEvents: null,
        flags: Object.fromEntries(['polygon', 'linestring'].map((mode) => [mode, {
          feature: { draggable: false, coordinates: { midpoints: true, draggable: true, deletable: true } },
        }])),
        styles: {
          selectedPolygonColor: lit, selectedPolygonFillOpacity: 0.12, selectedPolygonOutlineColor: route, selectedPolygonOutlineWidth: 2.5,
          selectedLineStringColor: route, selectedLineStringWidth: 3.5,
          selectionPointColor: surface, selectionPointOutlineColor: route, selectionPointWidth: 7, selectionPointOutlineWidth: 3,
          midPointColor: route, midPointOutlineColor: surface, midPointWidth: 4, midPointOutlineWidth: 1,
        },
      }),
    ],
    undoRedo: { modeLevel: new TerraDrawModeUndoRedo() },
  });
  pen.start();
  pen.setMode('static');
  pen.on('finish', (id, { action }) => {
    finished();
    // What has just been drawn can be put right at once: its corners become handles.
    if (action === 'draw') { pen.setMode('select'); pen.selectFeature(id); }
  });
  element.setAttribute('tabindex', '0');
  return pen;
}
