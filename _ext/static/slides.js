// What reveal.js is started with.
window.deckSettings = {
  // Nothing is scaled, so that a pointer stays where it is.
  width: "100%",
  height: "100%",
  margin: 0,
  minScale: 1,
  maxScale: 1,
  center: false,
  transition: "none",
  slideNumber: "c/t",
  scrollActivationWidth: null,
};
