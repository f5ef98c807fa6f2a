// The button of a page for paper. Without JavaScript it stays hidden, and the page says which keys do the same.
"use strict";
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
