// What the sweep runs in a page, beside axe: `sweep.rules`, `sweep.colours`, `sweep.sideways`.
(() => {
  const COLOURS = ["color-contrast", "link-in-text-block"];
  const TELLING = /^(class|type|fill|open|disabled|aria-(current|disabled|invalid|pressed|selected))$/;
  const STATES = ":checked + *, :has(> :checked), tr:nth-child(even)";
  const FRAMES = 60;

  const frame = () => new Promise(requestAnimationFrame);
  const options = (more) => ({ resultTypes: ["violations"], iframes: false, preload: false, ...more });

  // Colours still on their way to the other scheme would be measured half-way; what inherits them follows.
  const settled = async () => {
    for (let count = 0; count < 4; count += 1) {
      for (const each of document.getAnimations()) each.finish();
      await frame();
    }
  };

  // Everything but colours.
  const rules = async () => {
    const off = Object.fromEntries(COLOURS.map((rule) => [rule, { enabled: false }]));
    return (await axe.run(document, options({ rules: off }))).violations;
  };

  // What a text looks like follows from its element, those around it and their states: one number for all that.
  const namer = () => {
    const names = new Map([[document.documentElement, 0]]);
    const name = (each) => {
      if (!names.has(each)) {
        const told = [...each.attributes].filter((one) => TELLING.test(one.name));
        const own = told.map((one) => `${one.name}=${one.value}`).join(" ");
        let number = name(each.parentElement);
        for (const letter of `${each.tagName} ${own} ${each.matches(STATES)}`)
          number = (Math.imul(number, 31) + letter.codePointAt(0)) | 0;
        names.set(each, number);
      }
      return names.get(each);
    };
    return name;
  };

  // The colours of texts and fields of a kind not seen before, and the names of these kinds.
  const colours = async (seen) => {
    const known = new Set(seen), found = new Map(), name = namer();
    const look = (each) => {
      if (each.checkVisibility() && !known.has(name(each)) && !found.has(name(each))) found.set(name(each), each);
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) if (texts.currentNode.data.trim()) look(texts.currentNode.parentElement);
    document.querySelectorAll("input, select, textarea").forEach(look);
    if (!found.size) return { violations: [], kinds: [] };
    await settled();
    const only = { runOnly: { type: "rule", values: COLOURS } };
    const { violations } = await axe.run({ include: [...found.values()] }, options(only));
    return { violations, kinds: [...found.keys()] };
  };

  // What sticks out on the right, if anything. A busy machine lays out a page of a new width some frames late.
  const sideways = async () => {
    await document.fonts.ready;
    const { documentElement: root } = document;
    for (let count = 0; count < FRAMES; count += 1) {
      await frame();
      if (count > 2 && root.scrollWidth <= root.clientWidth) return "";
    }
    const shut = (each) => getComputedStyle(each).overflowX !== "visible";
    const clips = (each) => each && (shut(each) || clips(each.parentElement));
    const over = (each) =>
      each.getBoundingClientRect().right > root.clientWidth + 1 && !clips(each.parentElement);
    const wide = [...document.body.querySelectorAll("*")].filter(over);
    return wide.slice(0, 3).map((each) => each.outerHTML.slice(0, 120)).join(" ") || "something";
  };

  window.sweep = { rules, colours, sideways };
})();
