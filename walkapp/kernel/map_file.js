// What every map does after folium has drawn it. Called with the map.
(function (map) {
  var FROM = 31; // pixels between the middles of two marks that do not cover each other
  var marks = {};
  var stops = [];
  map.eachLayer(function (layer) {
    var key = layer.feature && layer.feature.properties.key;
    if (!key) return;
    if (key[0] === "p") marks[key] = layer;
    else stops.push(layer);
  });
  var lines = L.layerGroup().addTo(map);

  // Marks never cover each other's numbers: they step aside, and a thin line leads back to the true place.
  function settle() {
    var dots = Object.keys(marks).map(function (key) {
      var at = map.latLngToLayerPoint(marks[key].getLatLng());
      return { mark: marks[key], x: at.x, y: at.y, trueX: at.x, trueY: at.y, need: FROM / 2 };
    });
    var rings = stops.map(function (stop) {
      var at = map.latLngToLayerPoint(stop.getLatLng());
      return { x: at.x, y: at.y, need: 11, fixed: true };
    });
    var all = dots.concat(rings);
    for (var round = 0, rounds = Math.min(120, 4e6 / (all.length * all.length + 1)); round < rounds; round++) {
      if (!pushed(all)) break;
    }
    lines.clearLayers();
    dots.forEach(function (dot) {
      var dx = dot.x - dot.trueX;
      var dy = dot.y - dot.trueY;
      if (dot.mark._icon) {
        dot.mark._icon.style.marginLeft = -16 + dx + "px";
        dot.mark._icon.style.marginTop = -16 + dy + "px";
        dot.mark.options.icon.options.popupAnchor = [dx, dy - 12];
      }
      if (Math.abs(dx) + Math.abs(dy) > 8) {
        var end = map.layerPointToLatLng([dot.x, dot.y]);
        var style = { color: "#10212b", weight: 1.25, interactive: false };
        lines.addLayer(L.polyline([dot.mark.getLatLng(), end], style));
        var spot = { radius: 2, stroke: false, fillColor: "#10212b", fillOpacity: 1, interactive: false };
        lines.addLayer(L.circleMarker(dot.mark.getLatLng(), spot));
      }
    });
  }

  function pushed(all) {
    var moved = false;
    for (var i = 0; i < all.length; i++) {
      for (var j = i + 1; j < all.length; j++) {
        var one = all[i];
        var other = all[j];
        if (one.fixed && other.fixed) continue;
        var dx = other.x - one.x;
        var dy = other.y - one.y;
        var far = Math.sqrt(dx * dx + dy * dy);
        var need = one.need + other.need;
        if (far >= need * 0.995) continue;
        if (far < 0.1) {
          var turn = ((i * 7 + j * 13) % 16) * Math.PI / 8;
          dx = Math.cos(turn);
          dy = Math.sin(turn);
          far = 1;
        }
        var step = (need - Math.min(far, need)) / far * (one.fixed || other.fixed ? 1 : 0.5);
        if (!one.fixed) { one.x -= dx * step; one.y -= dy * step; }
        if (!other.fixed) { other.x += dx * step; other.y += dy * step; }
        moved = true;
      }
    }
    return moved;
  }

  map.on("zoomend viewreset", settle);
  map.whenReady(settle);

  // A line in the list opens the same point's popup, and the popup lights its line: list and map are twins.
  var lit;
  var buttons = document.querySelectorAll("button[data-key]");
  function light(key) {
    if (marks[lit] && marks[lit]._icon) marks[lit]._icon.classList.remove("chosen");
    if (marks[key] && marks[key]._icon) marks[key]._icon.classList.add("chosen");
    lit = key;
    buttons.forEach(function (one) {
      if (one.dataset.key === key) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    });
  }
  buttons.forEach(function (one) {
    one.addEventListener("click", function () {
      var mark = marks[one.dataset.key];
      if (!mark || lit === one.dataset.key) return;
      map.getContainer().scrollIntoView({ block: "nearest" });
      mark.fire("click", { latlng: mark.getLatLng() }, true);
    });
  });
  map.on("popupopen", function (event) {
    var source = event.popup._source;
    light(source && source.feature && source.feature.properties.key);
  });
  map.on("popupclose", function () { light(undefined); });
})
