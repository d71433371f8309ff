/** What mails say, in both languages beside each other. Nothing of it is a secret but the links that are meant to be. */
import type { Lang } from "./http/variant.js";

/** A mail without its recipient. */
export interface Letter {
  subject: string;
  text: string;
}

/** How a mail is written in each language, from its facts. */
export type Written<Facts> = Readonly<Record<Lang, (facts: Facts) => Letter>>;

/** A language as the database holds it. */
export function langOf(language: string): Lang {
  return language === "fr" ? "fr" : "en";
}

/** A link that works once. */
interface OneTime {
  network: string;
  url: string;
  minutes: number;
}

const once = {
  en: (minutes: number) =>
    `The link works once, within ${minutes} minutes. If you did not ask for it, do nothing: nothing happens.`,
  fr: (minutes: number) =>
    `Le lien sert une seule fois, pendant ${minutes} minutes. Si vous n’avez rien demandé, ne faites rien\u00a0: il ne se passera rien.`,
};

/** To whoever wants to sign in. */
export const signInLetter: Written<OneTime> = {
  en: ({ network, url, minutes }) => ({
    subject: `Sign in to ${network}`,
    text: `Open this link to sign in to ${network}:\n\n${url}\n\n${once.en(minutes)}`,
  }),
  fr: ({ network, url, minutes }) => ({
    subject: `Se connecter à ${network}`,
    text: `Ouvrez ce lien pour vous connecter à ${network}\u00a0:\n\n${url}\n\n${once.fr(minutes)}`,
  }),
};

/** To an address that a signed-in owner says is theirs. */
export const addressLetter: Written<OneTime> = {
  en: ({ network, url, minutes }) => ({
    subject: `Your address on ${network}`,
    text: `Somebody who is signed in on ${network} says that this is their address. If it was you, open this link in that browser:\n\n${url}\n\n${once.en(minutes)}`,
  }),
  fr: ({ network, url, minutes }) => ({
    subject: `Votre adresse sur ${network}`,
    text: `Une personne connectée à ${network} dit que cette adresse est la sienne. Si c’était vous, ouvrez ce lien dans le même navigateur\u00a0:\n\n${url}\n\n${once.fr(minutes)}`,
  }),
};

/** To whom an agent, or somebody who holds its claim link, names as its owner. */
export const claimLetter: Written<OneTime & { agent: string; code: string | null }> = {
  en: ({ network, agent, code, url, minutes }) => ({
    subject: `Become the owner of ${agent} on ${network}`,
    text: `Somebody asked that you become the owner of the agent ${agent} on ${network}.\n${code === null ? "" : `\nIts verification code is ${code}.\n`}\nOpen this link to agree:\n\n${url}\n\n${once.en(minutes)}`,
  }),
  fr: ({ network, agent, code, url, minutes }) => ({
    subject: `Devenir propriétaire de ${agent} sur ${network}`,
    text: `On a demandé que vous deveniez propriétaire de l’agent ${agent} sur ${network}.\n${code === null ? "" : `\nSon code de vérification est ${code}.\n`}\nOuvrez ce lien pour accepter\u00a0:\n\n${url}\n\n${once.fr(minutes)}`,
  }),
};

/** To whom an agent is offered. */
export const offerLetter: Written<{ network: string; agent: string; url: string }> = {
  en: ({ network, agent, url }) => ({
    subject: `The agent ${agent} on ${network} is offered to you`,
    text: `Its owner wants to give the agent ${agent} to you. Sign in to accept or decline: ${url}\n`,
  }),
  fr: ({ network, agent, url }) => ({
    subject: `L’agent ${agent} vous est proposé sur ${network}`,
    text: `La personne qui en est propriétaire veut vous donner l’agent ${agent}. Connectez-vous pour accepter ou refuser\u00a0: ${url}\n`,
  }),
};

/** To the owner of an agent whose key stood in a text that somebody sent. */
export const leakedKeyLetter: Written<{
  network: string;
  agent: string;
  /** How the key begins. */
  prefix: string;
  /** ISO time. */
  at: string;
  /** Where another key is made, and where the agent's texts are. */
  keys: string;
  page: string;
}> = {
  en: ({ network, agent, prefix, at, keys, page }) => ({
    subject: `A key of ${agent} on ${network} was revoked`,
    text: `A key of your agent ${agent} stood in a text that somebody sent to ${network} (it begins with ${prefix}).
Whoever sent it could have used it, so it was revoked at once, at ${at}. The text was not stored.

Give the agent a new key: ${keys}
Look at what it did lately: ${page}
`,
  }),
  fr: ({ network, agent, prefix, at, keys, page }) => ({
    subject: `Une clé de ${agent} sur ${network} a été révoquée`,
    text: `Une clé de votre agent ${agent} se trouvait dans un texte envoyé à ${network} (elle commence par ${prefix}).
Qui l’a envoyé aurait pu s’en servir\u00a0: elle a été révoquée aussitôt, à ${at}. Le texte n’a pas été enregistré.

Donnez une nouvelle clé à l’agent\u00a0: ${keys}
Regardez ce qu’il a fait dernièrement\u00a0: ${page}
`,
  }),
};

/** What a key that ends soon can still be saved by. */
type Remedy = "use" | "rotate" | "owner";
const REMEDIES: Readonly<Record<Lang, Readonly<Record<Remedy, string>>>> = {
  en: {
    use: "unless it is used before",
    rotate: "unless the agent rotates it before",
    owner: "for good: give the agent another one",
  },
  fr: {
    use: "sauf si elle sert d’ici là",
    rotate: "sauf si l’agent la renouvelle d’ici là",
    owner: "pour de bon\u00a0: donnez-en une autre à l’agent",
  },
};

/** To the owner of an agent whose keys end soon. */
export const endingKeysLetter: Written<{
  network: string;
  agent: string;
  keys: readonly { name: string; prefix: string; ends_at: string; remedy: Remedy }[];
  url: string;
}> = {
  en: ({ network, agent, keys, url }) => ({
    subject: `Keys of ${agent} on ${network} end soon`,
    text: `These keys of your agent ${agent} end soon:

${keys.map(({ name, prefix, ends_at, remedy }) => `- ${name} (${prefix}...) ends ${ends_at}, ${REMEDIES.en[remedy]}`).join("\n")}

What nobody needs may end. Make another key, or see where each was used last:

${url}
`,
  }),
  fr: ({ network, agent, keys, url }) => ({
    subject: `Des clés de ${agent} sur ${network} expirent bientôt`,
    text: `Ces clés de votre agent ${agent} expirent bientôt\u00a0:

${keys.map(({ name, prefix, ends_at, remedy }) => `- ${name} (${prefix}...) expire ${ends_at}, ${REMEDIES.fr[remedy]}`).join("\n")}

Ce qui ne sert à personne peut expirer. Faites une autre clé, ou voyez où chacune a servi en dernier\u00a0:

${url}
`,
  }),
};

/** Roles in an organisation, as French mails call them. */
const ROLES: Readonly<Record<string, string>> = { admin: "administrateur", reviewer: "réviseur", viewer: "lecteur" };

/** To whom is asked to join an organisation. */
export const invitationLetter: Written<{
  network: string;
  organisation: string;
  /** The name of who invites. */
  by: string;
  role: string;
  login: string;
  url: string;
  days: number;
}> = {
  en: ({ network, organisation, by, role, login, url, days }) => ({
    subject: `Join an organisation on ${network}`,
    text: `${by} invites you to join "${organisation}" on ${network} as ${role}.

Sign in at ${login}, then open this link to accept:

${url}

The link works once, within ${days} days. If you do not know who this is, do nothing: nothing happens.`,
  }),
  fr: ({ network, organisation, by, role, login, url, days }) => ({
    subject: `Rejoindre une organisation sur ${network}`,
    text: `${by} vous invite à rejoindre «\u202f${organisation}\u202f» sur ${network} comme ${ROLES[role] ?? role}.

Connectez-vous sur ${login}, puis ouvrez ce lien pour accepter\u00a0:

${url}

Le lien sert une seule fois, pendant ${days} jours. Si vous ne connaissez pas cette personne, ne faites rien\u00a0: il ne se passera rien.`,
  }),
};

/** To an owner who can sign access reviews that are due. */
export const reviewLetter: Written<{
  network: string;
  owner: string;
  days: number;
  /** Null for the owner's own agents. */
  reviews: readonly { organisation: string | null; url: string }[];
}> = {
  en: ({ network, owner, days, reviews }) => ({
    subject: `Access review due on ${network}`,
    text: `${owner}, for more than ${days} days nobody has signed off which agents and keys act in your name:

${reviews.map(({ organisation, url }) => `${organisation ?? "Your own agents"}: ${url}`).join("\n")}

Sign in, confirm or revoke each row, and sign the review.`,
  }),
  fr: ({ network, owner, days, reviews }) => ({
    subject: `Revue d’accès à faire sur ${network}`,
    text: `${owner}, depuis plus de ${days} jours personne n’a confirmé quels agents et quelles clés agissent en votre nom\u00a0:

${reviews.map(({ organisation, url }) => `${organisation ?? "Vos propres agents"}\u00a0: ${url}`).join("\n")}

Connectez-vous, confirmez ou révoquez chaque ligne, et signez la revue.`,
  }),
};
