/** A browser without JavaScript, as far as tests need one: cookies, pages, forms with their hidden fields. */

/** A page as it arrived. */
export interface Page {
  status: number;
  /** The path it came from, after redirects. */
  path: string;
  headers: Headers;
  html: string;
}

/** A page sent the browser to another site, which tests do not follow without saying so. */
class SentAway extends Error {
  constructor(readonly address: string) {
    super(`Sent away to ${new URL(address).origin}`);
  }
}

/** A form of a page. */
interface Form {
  action: string;
  fields: Record<string, string>;
}

/** Visits one server and keeps its cookies. */
export class Browser {
  readonly cookies = new Map<string, string>();
  /** Headers of every request, to play another site or an odd client. */
  headers: Record<string, string> = {};

  constructor(readonly origin: string) {}

  /** Opens a page. */
  get(path: string): Promise<Page> {
    return this.#request("GET", path);
  }

  /** Opens a page that leads to another site. @returns where */
  async leave(path: string): Promise<string> {
    try {
      const page = await this.get(path);
      throw new Error(`${page.path} leads nowhere else: ${page.html}`);
    } catch (error) {
      if (error instanceof SentAway) return error.address;
      throw error;
    }
  }

  /** Sends fields as a form; as a list of pairs a field may be there several times. */
  post(path: string, fields: Record<string, string> | [string, string][]): Promise<Page> {
    return this.#request("POST", path, new URLSearchParams(fields).toString());
  }

  /** Fills in the form of a page that goes to `action` (the nth of them) and sends it with its hidden fields. */
  submit(page: Page, action: string, fields: Record<string, string> = {}, nth = 0): Promise<Page> {
    const form = formsOf(page).filter((candidate) => candidate.action === action)[nth];
    if (!form) throw new Error(`${page.path} has no form for ${action}: ${page.html}`);
    return this.post(action, { ...form.fields, ...fields });
  }

  async #request(method: string, path: string, body?: string): Promise<Page> {
    const { origin } = this;
    const headers: Record<string, string> = { accept: "text/html,application/xhtml+xml", ...this.headers };
    if (this.cookies.size > 0) headers.cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    if (body !== undefined) {
      headers["content-type"] = "application/x-www-form-urlencoded";
      headers.origin ??= origin;
      headers["sec-fetch-site"] ??= "same-origin";
    }
    const answer = await fetch(new URL(path, origin), {
      method,
      headers,
      redirect: "manual",
      ...(body === undefined ? {} : { body }),
    });
    for (const cookie of answer.headers.getSetCookie()) this.#keep(cookie);
    const location = answer.headers.get("location");
    if (answer.status === 303 && location !== null) {
      const target = new URL(location, origin);
      if (target.origin !== new URL(origin).origin) throw new SentAway(target.href);
      return this.get(target.pathname + target.search);
    }
    return { status: answer.status, path, headers: answer.headers, html: await answer.text() };
  }

  #keep(cookie: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/max-age=0/i.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** The forms of a page's content; the frame has some of its own. */
export function formsOf({ html }: Page): Form[] {
  const content = /<main.*<\/main>/s.exec(html)?.[0] ?? html;
  return [...content.matchAll(/<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)].map(
    ([, action = "", inner = ""]) => ({
      action,
      fields: Object.fromEntries(
        [...inner.matchAll(/<input[^>]*name="([^"]*)"[^>]*?value="([^"]*)"/g)].map(([, name = "", value = ""]) => [
          name,
          value,
        ]),
      ),
    }),
  );
}
