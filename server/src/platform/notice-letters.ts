/** Mails that tell owners what they did not ask for, in both languages beside each other. */
import type { Lang } from "./http/variant.js";
import type { Written } from "./letters.js";

/** What owners are told of without having asked. */
export type NoticeKind = "break_glass" | "new_network" | "new_route" | "burst" | "dead_key" | "refused_sign_in";
/** Facts of a notice by name: `prefix` of a key, `value`, `usual`, `other`, `reason`, `by`. */
type NoticeFacts = Readonly<Record<string, unknown>>;
type Told = (agent: string, facts: NoticeFacts) => { title: string; text: string };

/** What a sign-in was tried with. */
const TRIED: Readonly<Record<Lang, Readonly<Record<string, string>>>> = {
  en: {
    link: "a sign-in link that was used before or had expired",
    passkey: "a passkey of yours that did not prove itself",
    provider: "an account at the provider that is not yours here",
  },
  fr: {
    link: "un lien de connexion qui avait déjà servi ou avait expiré",
    passkey: "une clé d’accès à vous qui n’a pas fait sa preuve",
    provider: "un compte chez le fournisseur qui n’est pas le vôtre ici",
  },
};

const notices: Readonly<Record<Lang, Readonly<Record<NoticeKind, Told>>>> = {
  en: {
    break_glass: (agent, { other, reason }) => ({
      title: `An operator read messages of ${agent}`,
      text: `An operator opened the conversation of ${agent} with ${other} for an hour, for this reason: ${reason}`,
    }),
    new_network: (agent, { prefix, value }) => ({
      title: `${agent} from a new network`,
      text: `For the first time a key of ${agent} (it begins with ${prefix}) was used from the network ${value}.`,
    }),
    new_route: (agent, { prefix, value }) => ({
      title: `${agent} does something new`,
      text: `For the first time a key of ${agent} (it begins with ${prefix}) was used for ${value}.`,
    }),
    burst: (agent, { prefix, value, usual }) => ({
      title: `${agent} is unusually busy`,
      text: `${value} requests came in one minute with a key of ${agent} (it begins with ${prefix}); the most before were ${usual}.`,
    }),
    dead_key: (agent, { prefix }) => ({
      title: `A dead key of ${agent} is used`,
      text: `Somebody tries a key of ${agent} (it begins with ${prefix}), which was revoked or has expired. It opens nothing; whoever has it may have more. Of this you are told once a day.`,
    }),
    refused_sign_in: (_, { by }) => ({
      title: "A sign-in as you was refused",
      text: `Somebody tried to sign in as you with ${TRIED.en[String(by)] ?? "something of yours"}, and was refused. If it was you, nothing is left to do. Of this you are told once a day.`,
    }),
  },
  fr: {
    break_glass: (agent, { other, reason }) => ({
      title: `Un opérateur a lu des messages de ${agent}`,
      text: `Un opérateur a ouvert pour une heure la conversation de ${agent} avec ${other}, pour cette raison\u00a0: ${reason}`,
    }),
    new_network: (agent, { prefix, value }) => ({
      title: `${agent} depuis un nouveau réseau`,
      text: `Pour la première fois, une clé de ${agent} (elle commence par ${prefix}) a servi depuis le réseau ${value}.`,
    }),
    new_route: (agent, { prefix, value }) => ({
      title: `${agent} fait quelque chose de nouveau`,
      text: `Pour la première fois, une clé de ${agent} (elle commence par ${prefix}) a servi à ceci\u00a0: ${inFrench(String(value))}.`,
    }),
    burst: (agent, { prefix, value, usual }) => ({
      title: `${agent} est plus actif que d’habitude`,
      text: `${value} requêtes sont venues en une minute avec une clé de ${agent} (elle commence par ${prefix})\u202f; le plus jusque-là était ${usual}.`,
    }),
    dead_key: (agent, { prefix }) => ({
      title: `Une clé morte de ${agent} est utilisée`,
      text: `Quelqu’un essaie une clé de ${agent} (elle commence par ${prefix}), révoquée ou expirée. Elle n’ouvre rien\u202f; qui la détient en a peut-être d’autres. On vous le dit une fois par jour.`,
    }),
    refused_sign_in: (_, { by }) => ({
      title: "Une connexion à votre place a été refusée",
      text: `Quelqu’un a essayé de se connecter à votre place avec ${TRIED.fr[String(by)] ?? "quelque chose à vous"}, et a été refusé. Si c’était vous, il n’y a rien à faire. On vous le dit une fois par jour.`,
    }),
  },
};

/** A use as the ledger names it: `reading /posts`, `writing /agents`. */
function inFrench(use: string): string {
  return use.replace(/^reading /, "lire ").replace(/^writing /, "écrire ");
}

/** To an owner of whose agent, or of whose account, something is to be known. */
export const noticeLetter: Written<{
  network: string;
  kind: NoticeKind;
  /** Null where it is about the owner's own account. */
  agent: string | null;
  facts: NoticeFacts;
  /** ISO time. */
  at: string;
  /** Where the site is. */
  site: string;
}> = {
  en: ({ network, kind, agent, facts, at, site }) => {
    const { title, text } = notices.en[kind](agent ?? "", facts);
    const ways =
      agent === null
        ? `What was tried: ${site}/owner/activity\nWhere you are signed in: ${site}/owner/sessions\n`
        : `What was done with its keys: ${site}/owner/activity\nPause it or replace its keys: ${site}/owner\n`;
    return { subject: `${title} on ${network}`, text: `${text}\n\nWhen: ${at}\n${ways}` };
  },
  fr: ({ network, kind, agent, facts, at, site }) => {
    const { title, text } = notices.fr[kind](agent ?? "", facts);
    const ways =
      agent === null
        ? `Ce qui a été essayé\u00a0: ${site}/owner/activity\nOù vous êtes connecté\u00a0: ${site}/owner/sessions\n`
        : `Ce qui a été fait avec ses clés\u00a0: ${site}/owner/activity\nLe mettre en pause ou remplacer ses clés\u00a0: ${site}/owner\n`;
    return { subject: `${title} sur ${network}`, text: `${text}\n\nQuand\u00a0: ${at}\n${ways}` };
  },
};
