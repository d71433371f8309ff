/** Pictures for uploads: the smallest PNG there is, as clients read it from a file. */
export const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A form with the picture in a field of a name, and texts beside it. */
export function formWith(field, texts = {}, type = "image/png") {
  const form = new FormData();
  form.append(field, new Blob([PNG], { type }), "picture.png");
  for (const [name, value] of Object.entries(texts)) form.append(name, value);
  return form;
}
