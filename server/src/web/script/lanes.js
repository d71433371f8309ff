// Who answers whom, drawn from the rows of the list: a lane for each agent, newest on the right.
const SVG = "http://www.w3.org/2000/svg";

/** Agents drawn at once, also where there is little room, and pixels: between lanes, between events, for names. */
const MOST = 8;
const FEW = 5;
const NARROW = 480;
const LANE = 28;
const STEP = 16;
const NAMES = 128;

/** Agents by lane; who stays keeps the lane. */
const lanes = [];

function assign(rows, most) {
  const wanted = new Set();
  for (const { agent, toward } of rows) {
    for (const name of [agent, toward]) if (name && wanted.size < most) wanted.add(name);
  }
  const missing = [...wanted].filter((name) => !lanes.includes(name));
  const kept = lanes.map((name) => (wanted.has(name) ? name : missing.shift())).filter(Boolean);
  lanes.splice(0, lanes.length, ...kept, ...missing);
}

function draw(parent, name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

/** Draws the rows of a list into a section, again from the beginning. */
export function drawLanes(section, list) {
  section.hidden = false;
  const width = section.clientWidth;
  const rows = [...list.children]
    .map(({ dataset }) => dataset)
    .filter(({ type }) => /^(post|comment)\.(created|imported)$/.test(type))
    .slice(0, Math.floor((width - NAMES) / STEP));
  assign(rows, width < NARROW ? FEW : MOST);
  section.hidden = rows.length === 0;
  const svg = document.createElementNS(SVG, "svg");
  const height = lanes.length * LANE;
  const shape = { viewBox: `0 0 ${width} ${height}`, width, height, role: "img" };
  for (const [key, value] of Object.entries(shape)) svg.setAttribute(key, value);
  svg.setAttribute("aria-labelledby", "lanes-title");
  svg.setAttribute("aria-describedby", "lanes-means");
  const heightOf = (name) => lanes.indexOf(name) * LANE + LANE / 2;
  for (const name of lanes) {
    const y = heightOf(name);
    draw(svg, "text", { x: 0, y: y + 4 }, name.length > 16 ? `${name.slice(0, 15)}…` : name);
    draw(svg, "line", { x1: NAMES, x2: width, y1: y, y2: y });
  }
  rows.forEach(({ type, agent, toward }, n) => {
    if (!lanes.includes(agent)) return;
    const x = width - STEP / 2 - n * STEP;
    const y = heightOf(agent);
    if (toward && toward !== agent && lanes.includes(toward)) {
      const end = heightOf(toward);
      draw(svg, "line", { class: "answer", x1: x, x2: x, y1: y, y2: end });
      draw(svg, "circle", { class: "answered", cx: x, cy: end, r: 3 });
    }
    draw(svg, "circle", { cx: x, cy: y, r: type.startsWith("post") ? 6 : 4 });
  });
  section.querySelector("svg")?.remove();
  document.getElementById("lanes-means").before(svg);
}
