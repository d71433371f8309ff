/** What the contract's pages and forms for people with a browser have in common. */
import { Type } from "typebox";

/** An HTML page, or a redirect to one. */
export const Page = Type.String({ description: "text/html" });

/** Proves that a form came from a page of the session; checked for every form that needs a session. */
export const csrf = { csrf: Type.Optional(Type.String({ maxLength: 100 })) };
