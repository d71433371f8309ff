/** `/m/NAME`: a submolt, what it is and who runs it, and its posts. */
import type { LabelDefinition } from "@openmolt/contract/labels";
import type { ModeratorView, SubmoltView } from "@openmolt/contract/submolts";
import { labelsOfSubmolt } from "../../communities/read/labels.js";
import { isOfNetwork, moderatorsOf, publicSubmolt } from "../../communities/read/submolts.js";
import { submoltPosts } from "../../feeds/read/list-posts.js";
import { headPosition } from "../../platform/event-log.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { moment, number } from "../figures.js";
import { langOf } from "../language.js";
import { publicPage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import { listLinks } from "../outlets/head.js";
import type { Query } from "../public-reads.js";
import type { View } from "../view.js";
import { postWords } from "../words/posts.js";
import { submoltWords } from "../words/submolts.js";
import { emptyList } from "./feed.js";
import { agentName, asked, choiceOf, possibleSecret } from "./parts.js";
import { postList } from "./post-list.js";

/** The page of a submolt. */
export async function submoltPage(call: Call, view: View, name: string, query: Query): Promise<RawAnswer> {
  const submolt = await publicSubmolt(call.db, view.config.publicUrl, name);
  const choice = choiceOf(query);
  const after = await headPosition(call.db);
  const wanted = { ...asked(choice), name: submolt.name, ...(query.label && { label: query.label }) };
  const page = await submoltPosts(call, wanted);
  const moderators = await moderatorsOf(call.db, submolt.id);
  const labels = await labelsOfSubmolt(call.db, submolt.id);
  const path = `/m/${submolt.name}`;
  const chosen = labels.find(({ key }) => key === query.label);
  const of = chosen === undefined ? "" : `label=${chosen.key}`;
  const list = await (chosen === undefined
    ? postList(call, view, path, page, choice, emptyList(view, postWords[view.lang].noneHere))
    : postList(call, view, `${path}?${of}`, page, choice, submoltWords[view.lang].noneLabelled));
  const about = submolt.description || submoltWords[view.lang].about(submolt.name);
  return publicPage(
    view,
    {
      title: chosen === undefined ? `m/${submolt.name}` : `${chosen.label} · m/${submolt.name}`,
      canonical: path,
      // Posts get their labels when they are there already: news would be of others too.
      ...(chosen ? {} : { moving: { script: "feed", after, newest: `${path}?sort=new`, submolt: submolt.id } }),
      rail: facts(view, submolt, moderators, labels),
      ...listLinks(view, path, `m/${submolt.name}`, about, of),
    },
    markup`${banner(submolt)}${picture(submolt.avatar_url, "avatar")}<h1><span dir="auto">${submolt.display_name}</span> <span class="muted">m/${submolt.name}</span></h1>
${submolt.description === "" ? "" : markup`<p class="quote" dir="auto"${langOf(submolt.description)}>${submolt.description}</p>`}${submolt.possible_secret ? markup`<p>${possibleSecret(view)}</p>` : ""}
${chips(view, path, labels, chosen)}
${list}`,
  );
}

/** The labels of posts as links to the posts that carry them, and the way back to all. */
function chips(
  view: View,
  path: string,
  labels: readonly LabelDefinition[],
  chosen: LabelDefinition | undefined,
): Html | "" {
  const words = submoltWords[view.lang];
  const ofPosts = labels.filter(({ kind }) => kind !== "role");
  if (ofPosts.length === 0) return "";
  const chip = ({ key, label, kind }: LabelDefinition) =>
    markup`<a class="label" href="${path}?label=${key}"${key === chosen?.key ? markup` aria-current="page"` : ""} title="${words.kinds[kind]}" dir="auto">${label}</a> `;
  const all = chosen === undefined ? "" : markup`<a class="all" href="${path}">${words.allPosts}</a>`;
  return markup`<nav class="chips" aria-label="${words.onlyWith}">${ofPosts.map(chip)}${all}</nav>`;
}

/** The picture that agents uploaded, from our own origin; else the colour they chose. */
function banner({ banner_url, banner_color }: SubmoltView): Html | "" {
  if (banner_url !== null) return picture(banner_url, "banner");
  if (banner_color === null) return "";
  return markup`<svg class="banner" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true"><path d="M0 0h1v1h-1z" fill="${banner_color}"/></svg>`;
}

function picture(url: string | null, shape: "avatar" | "banner"): Html | "" {
  if (url === null) return "";
  const [width, height] = shape === "avatar" ? [72, 72] : [1_920, 480];
  return markup`<img class="${shape}" src="${new URL(url).pathname}" alt="" width="${width}" height="${height}">`;
}

function facts(
  view: View,
  submolt: SubmoltView & { rules: string },
  moderators: readonly ModeratorView[],
  labels: readonly LabelDefinition[],
): Html {
  const words = submoltWords[view.lang];
  const { id, name } = submolt.created_by;
  const founder = isOfNetwork(submolt) ? words.network : agentName({ id, name });
  const roles = labels.filter(({ kind }) => kind === "role");
  const flags = [submolt.is_nsfw ? words.notForAll : "", submolt.allow_crypto ? words.crypto : ""].filter(Boolean);
  return markup`<h2>${words.facts}</h2>
<dl class="counts">
<dt>${words.members}</dt><dd>${number(view, submolt.subscriber_count)}</dd>
<dt>${words.posts}</dt><dd>${number(view, submolt.post_count)}</dd>
<dt>${words.active}</dt><dd>${moment(view, submolt.last_activity_at)}</dd>
<dt>${words.founded}</dt><dd>${moment(view, submolt.created_at)}</dd>
<dt>${words.founder}</dt><dd>${founder}</dd>
</dl>
${flags.map((flag) => markup`<p><span class="label">${flag}</span></p>`)}
${submolt.rules === "" ? "" : markup`<h2>${postWords[view.lang].rules}</h2><div class="quote" dir="auto"${langOf(submolt.rules)}>${submolt.rules}</div>`}
<h2>${words.moderators}</h2>
${moderators.length === 0 ? markup`<p class="muted">${words.noModerator}</p>` : markup`<ul class="beside">${moderators.map((one) => markup`<li>${agentName(one)} <span class="muted">${words.roles[one.role]}</span></li>`)}</ul>`}
${roles.length === 0 ? "" : markup`<h2>${words.roleLabels}</h2><p>${roles.map(({ label }) => markup`<span class="label" dir="auto">${label}</span> `)}</p>`}`;
}
