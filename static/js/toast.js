// A toast goes after 8 seconds, or when told; not while it is pointed at or holds the focus.
const LIFE = 8000;

const attend = (toast) => {
  if (toast.dataset.toast) return;
  toast.dataset.toast = "1";
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), LIFE); };
  const stop = () => clearTimeout(timer);
  const button = toast.querySelector("[data-toast-close]");
  button.hidden = false;
  button.addEventListener("click", () => toast.remove());
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  start();
};

const all = () => document.querySelectorAll("[data-toast]").forEach(attend);
all();
document.addEventListener("htmx:afterSwap", all);
