/** The logo: an opened shell in profile, each valve one stroke, drawn on 24 units in a single colour. */

/**
 * The logo in the colour of the text around it, for pages and for other drawings. It is a decoration: a name must stand
 * beside it.
 */
export const LOGO = `<svg class="logo" xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"><path d="M3 14C2.5 6.5 10.5 2 18.5 4.2L3 14"/><path d="M3 14H21.2C20.2 20.5 6.5 22 3 14"/></svg>`;
