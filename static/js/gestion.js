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
