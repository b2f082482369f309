/* The desk: « / » goes to the search field; a filter closes when another opens or on Escape. */

document.documentElement.classList.add("js");

const search = document.querySelector("[data-search-key]");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && search && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
  }
  if (event.key === "Escape") {
    for (const filter of document.querySelectorAll(".gestion-filter[open]")) {
      filter.open = false;
      filter.querySelector("summary").focus();
    }
  }
});

document.addEventListener("click", (event) => {
  for (const filter of document.querySelectorAll(".gestion-filter[open]")) {
    if (!filter.contains(event.target)) filter.open = false;
  }
});

/* Django's searching selects show their choice in an element without a name: give it the field's. */
function nameSearchingSelects() {
  for (const select of document.querySelectorAll("select.admin-autocomplete[id]")) {
    const shown = document.getElementById(`select2-${select.id}-container`);
    const label = select.labels[0]?.textContent.trim() || select.getAttribute("aria-label");
    if (shown && label) shown.setAttribute("aria-label", label.replace(/\s*:$/, ""));
  }
}

window.addEventListener("load", () => setTimeout(nameSearchingSelects)); // after jQuery's own timers
document.addEventListener("formset:added", () => setTimeout(nameSearchingSelects));
