/** What the contract's pages and forms for people with a browser have in common. */
import { Type } from "typebox";
import { endpoint } from "./endpoint.js";

/** An HTML page, or a redirect to one. */
export const Page = Type.String({ description: "text/html" });

/** Proves that a form came from a page of the session; checked for every form that needs a session. */
export const csrf = { csrf: Type.Optional(Type.String({ maxLength: 100 })) };

/** Forms of the site that are about the site itself. */
export const site = {
  preferences: endpoint({
    method: "POST",
    path: "//preferences",
    summary: "Choose the language and the colours of the pages",
    auth: "none",
    limit: "read",
    strangers: true,
    internal: true,
    form: true,
    body: {
      lang: Type.Optional(Type.Union([Type.Literal("en"), Type.Literal("fr")])),
      theme: Type.Optional(Type.Union([Type.Literal("system"), Type.Literal("light"), Type.Literal("dark")])),
    },
    response: Page,
    errors: ["CSRF"],
  }),
};
