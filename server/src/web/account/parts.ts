/** Pieces that account pages share: small forms, and tables that become lists on a phone. */
import { type Html, markup, type Value } from "../markup.js";

/** What a form sends without showing it. */
export function hiddenFields(fields: Readonly<Record<string, string>>): Html {
  return markup`${Object.entries(fields).map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`)}`;
}

/** A form that is one button. */
export function actForm(
  action: string,
  fields: Readonly<Record<string, string>>,
  label: string,
  look: "plain" | "main" = "plain",
): Html {
  return markup`<form class="inline" method="post" action="${action}">${hiddenFields(fields)}
<button${look === "plain" ? markup` class="plain"` : ""}>${label}</button></form>`;
}

/**
 * Facts in a table; on a phone a list, in which each fact has the title of its column before it.
 * @param bare so many of the first columns need no title there
 */
export function factTable(columns: readonly string[], rows: readonly (readonly Value[])[], bare = 1): Html {
  const cell = (value: Value, column: number) => {
    const title = column < bare ? "" : (columns[column] ?? "").toLowerCase();
    return title === "" ? markup`<td>${value}</td>` : markup`<td data-is="${title}">${value}</td>`;
  };
  return markup`<table class="facts">
<thead><tr>${columns.map((title) => markup`<th>${title}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => markup`<tr>${row.map(cell)}</tr>
`,
  )}</tbody>
</table>`;
}

/** Ways to the pages beside this one. */
export function waysTo(label: string, ways: readonly (readonly [path: string, name: string])[], here: string): Html {
  return markup`<nav class="ways" aria-label="${label}">${ways.map(
    ([path, name]) => markup`<a href="${path}"${path === here ? markup` aria-current="page"` : ""}>${name}</a> `,
  )}</nav>`;
}
