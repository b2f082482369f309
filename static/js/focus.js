// The summary of errors takes the focus, on arrival and when htmx brings one.
const attend = (root) => root.querySelector("[data-focus]")?.focus();

attend(document);
document.addEventListener("htmx:afterSwap", (event) => attend(event.detail.target));
