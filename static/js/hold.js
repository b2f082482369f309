// Counts down what is kept, and says it at 10, 5 and 1 minute and when it is over.
const MOMENTS = [10, 5, 1];
// Beyond, the hour that stands beside says more than minutes.
const MOST = 99;

const attend = (hold) => {
  if (hold.dataset.counting) return;
  hold.dataset.counting = "1";
  const end = Date.parse(hold.dataset.hold);
  const left = hold.querySelector("[data-hold-left]");
  const say = hold.querySelector("[data-hold-say]");
  const pattern = left.textContent;
  const due = MOMENTS.filter((minutes) => minutes * 60000 < end - Date.now());
  const tick = () => {
    const minutes = Math.max(0, Math.ceil((end - Date.now()) / 60000));
    left.textContent = pattern.replace("{n}", minutes);
    left.hidden = minutes > MOST;
    if (minutes === 0) {
      say.textContent = say.dataset.over;
      hold.classList.add("is-over");
      clearInterval(timer);
    } else if (due.length && minutes <= due[0]) {
      due.shift();
      say.textContent = minutes === 1 ? say.dataset.one : say.dataset.many.replace("{n}", minutes);
    }
  };
  const timer = setInterval(tick, 5000);
  tick();
};

const all = () => document.querySelectorAll("[data-hold]").forEach(attend);
all();
document.addEventListener("htmx:afterSwap", all);
