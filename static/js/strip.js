// Brings the chosen day of a strip (or the chosen chip of a row) into view, without moving the page.
const attend = () => {
  for (const strip of document.querySelectorAll("[data-strip]")) {
    const chosen = strip.querySelector("[aria-current]");
    if (chosen) strip.scrollLeft = chosen.offsetLeft - (strip.clientWidth - chosen.offsetWidth) / 2;
  }
};

attend();
document.addEventListener("htmx:afterSwap", attend);
