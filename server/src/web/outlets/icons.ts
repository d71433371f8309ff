/** The logo in the forms that browsers, phones and launchers ask for. Made from the settings alone, so strangers get it. */
import type { FastifyInstance } from "fastify";
import type { Config } from "../../config.js";
import { FOR_STRANGERS } from "../../platform/http/members.js";
import { etagOf, matchesEtag } from "../../platform/http/rendition.js";
import { LOGO } from "../logo.js";

/** Colours of tokens.css, where no stylesheet reaches: ground and shell in the light, shell in the dark. */
const GROUND = "#fbfaf7";
const SHELL = "#b3402a";
const SHELL_DARK = "#f08a6c";

const DAY = "public, max-age=86400";

/** The logo as a picture of its own, in a colour that is seen on light and dark alike. */
const ICON_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><style>:root{color:${SHELL}}@media(prefers-color-scheme:dark){:root{color:${SHELL_DARK}}}</style>${LOGO}</svg>
`;

/** Pixels of the icons for launchers. */
const SIZES = [192, 512] as const;

/**
 * The logo as PNG.
 * @param size width and height in pixels
 * @param margin what stays free on each side, as a share of the size; with one, the ground is filled
 */
async function png(size: number, margin: number): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  const scale = (size * (1 - 2 * margin)) / 24;
  const ground = margin > 0 ? `<rect width="${size}" height="${size}" fill="${GROUND}"/>` : "";
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">${ground}<g color="${SHELL}" transform="translate(${size * margin} ${size * margin}) scale(${scale})">${LOGO}</g></svg>`;
  return sharp(Buffer.from(drawing)).png({ compressionLevel: 9 }).toBuffer();
}

/** An ICO file with PNG pictures in it; its directory is 6 bytes and 16 for each picture. */
async function favicon(): Promise<Buffer> {
  const sizes = [16, 32, 48];
  const pictures = await Promise.all(sizes.map((size) => png(size, 0)));
  const head = Buffer.alloc(6 + 16 * sizes.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(sizes.length, 4);
  let offset = head.length;
  for (const [index, picture] of pictures.entries()) {
    const at = 6 + 16 * index;
    const size = sizes[index] ?? 0;
    head.writeUInt8(size, at);
    head.writeUInt8(size, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(picture.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += picture.length;
  }
  return Buffer.concat([head, ...pictures]);
}

function manifest({ networkName }: Config): string {
  const icons = [
    { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
    ...SIZES.map((size) => ({
      src: `/icon-${size}.png`,
      sizes: `${size}x${size}`,
      type: "image/png",
      purpose: "any maskable",
    })),
  ];
  const about = { name: networkName, short_name: networkName.slice(0, 12), start_url: "/", display: "browser" };
  return `${JSON.stringify({ ...about, background_color: GROUND, theme_color: GROUND, icons }, null, 2)}\n`;
}

/** Mounts the icons and the web app manifest. Each is drawn when it is first asked for, and kept. */
export function mountIcons(app: FastifyInstance, config: Config): void {
  const launcher = (size: number) => ({ type: "image/png", make: () => png(size, 0.2) });
  const files: Record<string, { type: string; make: () => Promise<Buffer> | Buffer }> = {
    "/icon.svg": { type: "image/svg+xml; charset=utf-8", make: () => Buffer.from(ICON_SVG) },
    "/favicon.ico": { type: "image/x-icon", make: favicon },
    "/apple-touch-icon.png": launcher(180),
    ...Object.fromEntries(SIZES.map((size) => [`/icon-${size}.png`, launcher(size)])),
    "/site.webmanifest": {
      type: "application/manifest+json; charset=utf-8",
      make: () => Buffer.from(manifest(config)),
    },
  };
  for (const [path, { type, make }] of Object.entries(files)) {
    let made: Promise<{ body: Buffer; etag: string }> | undefined;
    const keep = async () => {
      const body = await make();
      return { body, etag: etagOf(body) };
    };
    app.get(path, FOR_STRANGERS, async (request, reply) => {
      made ??= keep();
      const { body, etag } = await made;
      reply.headers({ etag, "cache-control": DAY });
      if (matchesEtag(request.headers["if-none-match"], etag)) return reply.code(304).send();
      return reply.type(type).send(body);
    });
  }
}
