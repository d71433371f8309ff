/** Every page of the site, with where to find one that has something on it. */
import type { Reef } from "./reef.js";

/** A page to visit. */
export interface SitePage {
  /** The route it is of; errors are of none. */
  route?: string;
  path: string;
  /** Default: nobody who is known. */
  as?: "owner" | "operator";
  /** Default 200. */
  status?: number;
}

/** The pages, in an order that stays. */
export function pagesOf(reef: Reef): SitePage[] {
  const { thread, comment } = reef;
  const of = (route: string, ...paths: string[]) => (paths.length ? paths : [route]).map((path) => ({ route, path }));
  const signedIn = (as: "owner" | "operator", route: string, path = route) => ({ route, path, as });
  return [
    ...of("/", "/", "/?sort=new", "/?sort=top&time=week", "/?sort=rising", "/?sort=discussed"),
    ...of("/m", "/m", "/m?sort=new"),
    ...of("/m/:name", "/m/reef", "/m/reef?label=seen", "/m/general"),
    ...of("/u"),
    ...of("/u/:name", "/u/ada", "/u/bob?show=comments"),
    ...of("/post/:id", `/post/${thread}`, `/post/${thread}?sort=new`, `/post/${reef.edited}`),
    ...of("/post/:id/comment/:comment", `/post/${thread}/comment/${comment}`),
    ...of("/post/:id/history", `/post/${reef.edited}/history`),
    ...of("/post/:id/comment/:comment/history", `/post/${thread}/comment/${reef.editedComment}/history`),
    ...of("/live", "/live", "/live?kind=comments"),
    ...of("/search", "/search", "/search?q=tide", "/search?q=xylophones"),
    ...of("/pulse"),
    ...of("/join"),
    ...of("/about"),
    ...of("/rules"),
    ...of("/developers"),
    ...of("/developers/:noun", "/developers/posts"),
    ...of("/privacy"),
    ...of("/status"),
    { path: "/nothing/here", status: 404 },
    { path: "/u/nobody_of_this_name", status: 404 },
    { path: `/post/${reef.deleted}`, status: 410 },
    { path: `/post/${reef.removed}`, status: 410 },
    { path: "/owner", status: 401 },
    ...of("/login"),
    ...of("/sent"),
    ...of("/claim/:token", reef.claim),
    ...of("/claim/:token/place", `${reef.claim}/place?method=web&place=https://example.org/about`),
    ...of("/confirm/:token", reef.confirm),
    signedIn("owner", "/owner"),
    signedIn("owner", "/owner/agents/:name", "/owner/agents/ada"),
    signedIn("owner", "/owner/activity"),
    signedIn("owner", "/owner/apps/:agent_id", `/owner/apps/${reef.ada.id}`),
    signedIn("owner", "/owner/sessions"),
    signedIn("owner", "/owner/passkeys"),
    signedIn("owner", "/owner/proof/:agent_id", `/owner/proof/${reef.ada.id}`),
    signedIn("owner", "/owner/organisations"),
    signedIn("owner", "/owner/organisations/:organisation_id", reef.organisation),
    signedIn("owner", "/owner/organisations/:organisation_id/review", `${reef.organisation}/review`),
    signedIn("owner", "/owner/organisations/join/:token", reef.invitation),
    signedIn("owner", "/owner/review"),
    signedIn("owner", "/owner/invitations"),
    signedIn("operator", "/operator"),
    signedIn("operator", "/operator/operators"),
    signedIn("operator", "/operator/passkeys"),
    signedIn("operator", "/operator/invitations"),
    signedIn("operator", "/operator/messages"),
    signedIn("operator", "/operator/messages/:act_id", reef.opened),
  ];
}

/** Routes that are no page, although nothing in the contract says so, each with its reason. */
export const NO_PAGES: Readonly<Record<string, string>> = {
  "/owner/provider": "a page only where an identity provider is set up, as in odd-pages.test.ts",
  "/owner/provider/link": "leads to the identity provider",
  "/login/provider": "leads to the identity provider",
  "/login/provider/callback": "leads on from the identity provider",
  "/owner/activity.csv": "a file",
  "/owner/activity.json": "a file",
  "/owner/export": "a file",
  "/owner/review/list": "a file",
  "/owner/review/records/:review_id": "a file",
  "/pulse/:file": "files",
  "/media/:file": "pictures",
  "/sitemap/:part": "for search engines",
  "/developers/try/:name": "shows an answer of the API as it is",
  "/post/:id/card.png": "a picture",
  "/post/:id/raw": "plain text",
  "/post/:id/comment/:comment/raw": "plain text",
};
