/**
 * `/sitemap.xml` and its parts, for search engines: everything that has a page, with the time of its last change. Each
 * part is one read of bounded size.
 */
import { notFound } from "../../errors.js";
import { BEGINNING, KINDS, type Kind, Parts, type Place, pagesBehind } from "../../feeds/read/sitemap.js";
import { isUuid } from "../../platform/ids.js";
import type { Outlet } from "./outlet.js";
import { type Xml, xml, xmlDocument } from "./xml.js";

const NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9";
const TYPE = "application/xml; charset=utf-8";
const FOLDERS: Readonly<Record<Kind, string>> = { posts: "post", agents: "u", submolts: "m" };

const PART = /^(\w+)(?:-(\d{1,15})-([0-9a-f-]{36}))?\.xml$/;

function partName(kind: Kind, { at, id }: Place): string {
  return at.getTime() === BEGINNING.at.getTime() ? `${kind}.xml` : `${kind}-${at.getTime()}-${id}.xml`;
}

/** What part a name means. */
function readPartName(name: string): { kind: Kind; place: Place } {
  const [, kindName, at, id] = PART.exec(name) ?? [];
  const kind = KINDS.find((known) => known === kindName);
  if (!kind || (id !== undefined && !isUuid(id))) throw notFound("Sitemap");
  return { kind, place: id === undefined ? BEGINNING : { at: new Date(Number(at)), id } };
}

const urlset = (urls: readonly Xml[]) => xmlDocument(xml`<urlset xmlns="${NAMESPACE}">\n${urls}</urlset>`);

/** @param pages paths of the pages that are there once, such as `/` */
export function sitemapOutlets(pages: readonly string[]): readonly Outlet[] {
  const parts = KINDS.map((kind) => ({ kind, parts: new Parts(kind) }));
  const index: Outlet = {
    path: "/sitemap.xml",
    query: [],
    type: TYPE,
    make: async ({ db, services }) => {
      const names = ["pages.xml"];
      for (const { kind, parts: known } of parts) {
        for (const place of await known.places(db)) names.push(partName(kind, place));
      }
      const origin = services.config.publicUrl;
      const entries = names.map((name) => xml`<sitemap><loc>${origin}/sitemap/${name}</loc></sitemap>\n`);
      return xmlDocument(xml`<sitemapindex xmlns="${NAMESPACE}">\n${entries}</sitemapindex>`);
    },
  };
  const part: Outlet = {
    path: "/sitemap/:part",
    query: [],
    type: TYPE,
    make: async ({ db, services }, { part: name = "" }) => {
      const origin = services.config.publicUrl;
      if (name === "pages.xml") return urlset(pages.map((path) => xml`<url><loc>${origin}${path}</loc></url>\n`));
      const { kind, place } = readPartName(name);
      const found = await pagesBehind(db, kind, place);
      return urlset(
        found.map(({ name: of, changed }) => {
          const address = `${origin}/${FOLDERS[kind]}/${encodeURIComponent(of)}`;
          return xml`<url><loc>${address}</loc>${changed && xml`<lastmod>${changed.toISOString()}</lastmod>`}</url>\n`;
        }),
      );
    },
  };
  return [index, part];
}
