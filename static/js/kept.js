// A choice made while an answer was on its way stays made: what is swapped in a [data-kept] answers an earlier form.
let chosen = [];
let focused = null;

const same = (part, { name, value }) =>
  part.querySelector(`input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  const kept = target.matches("[data-kept]");
  chosen = kept ? [...target.querySelectorAll("input:checked")] : [];
  focused = kept ? target.querySelector("input:focus") : null;
});

document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  for (const now of chosen.map((input) => same(target, input))) if (now) now.checked = true;
  if (focused) same(target, focused)?.focus();
});
