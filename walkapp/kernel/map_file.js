// A line in the list opens the same point's popup, and the popup lights its line: list and map are twins.
(function () {
  var marks = {};
  map_walk.eachLayer(function (layer) {
    var key = layer.feature && layer.feature.properties.key;
    if (key) { marks[key] = layer; }
  });
  var buttons = document.querySelectorAll("button[data-key]");
  function light(key) {
    buttons.forEach(function (one) {
      if (one.dataset.key === key) { one.setAttribute("aria-current", "true"); } else { one.removeAttribute("aria-current"); }
    });
  }
  buttons.forEach(function (one) {
    one.addEventListener("click", function () {
      var mark = marks[one.dataset.key];
      if (mark) {
        map_walk.getContainer().scrollIntoView({ block: "nearest" });
        mark.openPopup();
      }
      light(one.dataset.key);
    });
  });
  map_walk.on("popupopen", function (event) {
    var source = event.popup._source;
    light(source && source.feature && source.feature.properties.key);
  });
})();
