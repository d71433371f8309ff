/** The logo: an opened shell in profile, each valve one stroke, drawn on 24 units in a single colour. */

/** The two strokes, as SVG elements without colour or width. */
const SHELL = `<path d="M3 14C2.5 6.5 10.5 2 18.5 4.2L3 14"/><path d="M3 14H21.2C20.2 20.5 6.5 22 3 14"/>`;

const STROKE = `fill="none" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"`;

/** The logo inside a page, in the colour of the text around it; a decoration, so a name must stand beside it. */
export const LOGO = `<svg class="logo" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" focusable="false" stroke="currentColor" ${STROKE}>${SHELL}</svg>`;

/**
 * The logo as a group to place in another drawing.
 * @param colour of the strokes, such as `#b3402a`
 * @param transform SVG transform; without one the logo fills 0..24 in both directions
 */
export function logoStrokes(colour: string, transform = "translate(0 0)"): string {
  return `<g transform="${transform}" stroke="${colour}" ${STROKE}>${SHELL}</g>`;
}
