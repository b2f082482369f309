// The last choice wins: the answer to an earlier click is dropped while a later one is on its way. Without this the earlier
// answer replaces the page under the later one, which then has nowhere to go.
let latest = null;

document.addEventListener("htmx:beforeSend", (event) => {
  if (event.detail.target.id === "choice") latest = event.detail.xhr;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  if (target.id === "choice" && xhr !== latest) event.detail.shouldSwap = false;
});
