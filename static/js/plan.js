// Arrow keys move from desk to desk on the plan: to the nearest one that way.
const ways = {
  ArrowUp: (dx, dy) => [-dy, dx],
  ArrowDown: (dx, dy) => [dy, dx],
  ArrowLeft: (dx, dy) => [-dx, dy],
  ArrowRight: (dx, dy) => [dx, dy],
};

const middle = (desk) => {
  const box = desk.querySelector(".desk-focus").getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
};

document.addEventListener("keydown", (event) => {
  const from = event.target.closest?.("[data-desk]");
  const way = ways[event.key];
  if (!from || !way || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const [x, y] = middle(from);
  let nearest = null;
  let least = Infinity;
  for (const desk of from.closest("[data-plan]").querySelectorAll("a[data-desk]")) {
    if (desk === from) continue;
    const [deskX, deskY] = middle(desk);
    const [ahead, aside] = way(deskX - x, deskY - y);
    // Straight on counts; what lies aside is three times as far, so that rows and columns are kept.
    const distance = ahead + 3 * Math.abs(aside);
    if (ahead > 1 && distance < least) [nearest, least] = [desk, distance];
  }
  nearest?.focus();
});

// Choosing on the plan goes by the same link of the list (htmx does not boost links inside SVG), so that plan, list and
// ticket change together; the focus stays on the desk.
let kept = null;

document.addEventListener("click", (event) => {
  const desk = event.target.closest?.("a.desk--free[data-desk]");
  const link = desk && document.querySelector(`a[data-choose="${desk.dataset.desk}"]`);
  if (!link || event.button || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  kept = desk.id;
  link.click();
});

document.addEventListener("htmx:afterSettle", () => {
  if (kept) document.getElementById(kept)?.focus({ preventScroll: true });
  kept = null;
});
