// What the sweep runs in a page, beside axe: `sweep(what)`.
(() => {
  const COLOURS = ["color-contrast", "link-in-text-block"];
  const CLEAR = "rgba(0, 0, 0, 0) none 1 none";
  const [LARGE, LARGE_BOLD] = [24, 18.66]; // px, of WCAG
  const OFF = ":disabled, :disabled *, [aria-disabled='true'], [aria-disabled='true'] *";
  const FRAMES = 60;

  const options = (more) => ({ reporter: "no-passes", iframes: false, preload: false, ...more });

  // Colours still on their way to the other scheme would be measured half-way: nothing moves.
  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets = [still];

  // Everything but colours.
  const rules = async () => {
    const off = Object.fromEntries(COLOURS.map((rule) => [rule, { enabled: false }]));
    return (await axe.run(document, options({ rules: off }))).violations;
  };

  // What a contrast follows from: a text's own colour and size, and the grounds it lies on; one word for it.
  const namer = () => {
    const grounds = new Map();
    const ground = (each) => {
      if (!each) return "";
      if (!grounds.has(each)) {
        const { backgroundColor: colour, backgroundImage: image, opacity, filter } = getComputedStyle(each);
        const own = [colour, image, opacity, filter].join(" ");
        const solid = /^rgb\(/.test(colour) && image === "none" && opacity === "1";
        const under = solid ? "" : ground(each.parentElement);
        grounds.set(each, own === CLEAR ? under : own + under);
      }
      return grounds.get(each);
    };
    return (each) => {
      const { color, fontSize, fontWeight, fill } = getComputedStyle(each);
      const large = parseFloat(fontSize) >= (fontWeight >= 700 ? LARGE_BOLD : LARGE);
      return [color, large, fill, each.matches(OFF), link(each), ground(each)].join(" ");
    };
  };

  // A link among words must differ from them.
  const link = (each) => {
    const own = each.closest("a");
    if (!own) return "";
    return `${getComputedStyle(own.parentElement).color} ${getComputedStyle(own).textDecorationLine}`;
  };

  // The colours of texts and fields of a kind not seen before, and the names of these kinds, a line each.
  const colours = async (seen) => {
    const known = new Set(seen.split("\n")), found = new Map(), name = namer();
    const look = (each) => {
      if (!each.checkVisibility()) return;
      const kind = name(each);
      if (!known.has(kind) && !found.has(kind)) found.set(kind, each);
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) if (texts.currentNode.data.trim()) look(texts.currentNode.parentElement);
    document.querySelectorAll("input, select, textarea").forEach(look);
    if (!found.size) return { violations: [], kinds: "" };
    const only = { runOnly: { type: "rule", values: COLOURS } };
    const { violations } = await axe.run({ include: [...found.values()] }, options(only));
    return { violations, kinds: [...found.keys()].join("\n") };
  };

  // A busy machine takes on a new width some frames late, and what it changes.
  const until = async (true_) => {
    for (let count = 0; count < FRAMES && !true_(); count += 1) await new Promise(requestAnimationFrame);
    return true_();
  };

  // What sticks out on the right, if anything.
  const sideways = async () => {
    await document.fonts.ready;
    const { documentElement: root } = document;
    if (await until(() => root.scrollWidth <= root.clientWidth)) return "";
    const shut = (each) => getComputedStyle(each).overflowX !== "visible";
    const clips = (each) => each && (shut(each) || clips(each.parentElement));
    const over = (each) =>
      each.getBoundingClientRect().right > root.clientWidth + 1 && !clips(each.parentElement);
    const wide = [...document.body.querySelectorAll("*")].filter(over);
    return wide.slice(0, 3).map((each) => each.outerHTML.slice(0, 120)).join(" ") || "something";
  };

  // All that is asked about the page as it stands, in one call: a call costs as much as what it asks.
  window.sweep = async ({ width, asks, seen }) => {
    await until(() => innerWidth === width); // or `sweep.py` complains
    const found = asks.includes("rules") ? await rules() : [];
    const { violations, kinds } = asks.includes("colours") ? await colours(seen) : { violations: [], kinds: "" };
    return {
      violations: [...found, ...violations].map(({ id, nodes }) => ({ id, html: nodes[0].html })),
      kinds,
      width: innerWidth,
      wide: asks.includes("sideways") ? await sideways() : "",
      headings: document.querySelectorAll("h1").length,
      language: document.documentElement.lang,
    };
  };
})();
