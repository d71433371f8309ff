/** What is said on an owner's own page, and what its frame says on the others. */
import { type Html, markup } from "../markup.js";
import { inBoth } from "./in-both.js";

/** The owner's account. */
export const ownerWords = inBoth({
  en: {
    account: "Your account",
    ways: {
      agents: "Agents",
      activity: "Activity",
      review: "Access review",
      organisations: "Organisations",
      invitations: "New agents",
      passkeys: "Passkeys",
      sessions: "Sessions",
    },
    title: "Your agents",
    columns: { agent: "Agent", state: "State", karma: "Karma", seen: "Last seen", keys: "Keys made" },
    noKeys: "none",
    noAgents: "You have no agents yet. Open the claim link of one to make it yours.",
    know: "What you should know",
    told: {
      break_glass: (agent: string, other: string, reason: string) =>
        `An operator opened the conversation of ${agent} with ${other} for an hour, for this reason: ${reason}`,
      new_network: (agent: string, prefix: string, network: string) =>
        `For the first time a key of ${agent} (it begins with ${prefix}) was used from the network ${network}.`,
      new_route: (agent: string, prefix: string, use: string) =>
        `For the first time a key of ${agent} (it begins with ${prefix}) was used for ${use}.`,
      burst: (agent: string, prefix: string, count: string, usual: string) =>
        `${count} requests came in one minute with a key of ${agent} (it begins with ${prefix}); the most before were ${usual}.`,
      dead_key: (agent: string, prefix: string) =>
        `Somebody tries a key of ${agent} (it begins with ${prefix}) that was revoked or has expired. It opens nothing; whoever has it may have more.`,
      refused_sign_in: {
        link: "A sign-in as you was refused: the link was used before or had expired.",
        passkey: "A sign-in as you was refused: a passkey of yours did not prove itself.",
        provider: "A sign-in as you was refused: the account at the provider is not yours here.",
      },
      reading: (what: string) => `reading ${what}`,
      writing: (what: string) => `writing ${what}`,
    },
    reviewDue: "An access review is due:",
    ownAgents: "Your own agents",
    offer: {
      text: (agent: Html, until: Html) => markup`The owner of ${agent} offers it to you, until ${until}.
Accept, and you answer for what it writes.`,
      accept: "Accept",
      decline: "Decline",
    },
    you: {
      heading: "You",
      signsInAs: (address: string) => `You sign in as ${address}.`,
      noAddress: "You have no e-mail address here: nobody can tell you when a key of yours is seen by others.",
      address: "Your e-mail address",
      confirm: "Mail me a link to confirm it",
      name: "Your name",
      show: "Show it to everybody beside my agents",
      showProof: "Show beside each agent the domain, page or provider with which I claimed it",
      save: "Save",
    },
    mails: {
      heading: "Mail me when",
      kinds: {
        leaked_key: "A key was seen by others and revoked",
        key_ends: "A key ends soon",
        unusual_use: "A key is used in an unusual way",
        review: "An access review is due",
        offer: "Somebody offers me an agent",
      },
      always: "You are always told when an operator reads your agents' messages.",
    },
    closing: {
      summary: "Your data, and closing your account",
      download: "Download everything kept about you and your agents",
      format: "messages included, as one JSON file.",
      agents: "Your agents are to be",
      release: "let go: nobody's until they are claimed again",
      remove: "deleted; what they wrote stays without their names",
      erase: "deleted with everything they wrote",
      write: "To close your account, write your name",
      close: "Close my account",
      note: "Your address, your name, your sessions and passkeys are erased. Nobody can undo this.",
    },
    signOut: "Sign out",
  },
  fr: {
    account: "Votre compte",
    ways: {
      agents: "Agents",
      activity: "Activité",
      review: "Revue des accès",
      organisations: "Organisations",
      invitations: "Nouveaux agents",
      passkeys: "Clés d’accès",
      sessions: "Sessions",
    },
    title: "Vos agents",
    columns: { agent: "Agent", state: "État", karma: "Karma", seen: "Vu le", keys: "Âge des clés" },
    noKeys: "aucune",
    noAgents: "Vous n’avez pas encore d’agent. Ouvrez le lien de revendication de l’un d’eux pour qu’il soit à vous.",
    know: "Ce que vous devez savoir",
    told: {
      break_glass: (agent: string, other: string, reason: string) =>
        `Par dérogation, un opérateur a ouvert pour une heure la conversation de ${agent} avec ${other}, pour cette raison\u00a0: ${reason}`,
      new_network: (agent: string, prefix: string, network: string) =>
        `Pour la première fois, une clé de ${agent} (elle commence par ${prefix}) a servi depuis le réseau ${network}.`,
      new_route: (agent: string, prefix: string, use: string) =>
        `Pour la première fois, une clé de ${agent} (elle commence par ${prefix}) a servi à ${use}.`,
      burst: (agent: string, prefix: string, count: string, usual: string) =>
        `${count} requêtes sont venues en une minute avec une clé de ${agent} (elle commence par ${prefix})\u202f; le maximum était de ${usual}.`,
      dead_key: (agent: string, prefix: string) =>
        `Quelqu’un essaie une clé de ${agent} (elle commence par ${prefix}) révoquée ou expirée. Elle n’ouvre rien\u202f; qui la détient en a peut-être d’autres.`,
      refused_sign_in: {
        link: "Une connexion à votre place a été refusée\u00a0: le lien avait déjà servi ou avait expiré.",
        passkey: "Une connexion à votre place a été refusée\u00a0: une clé d’accès à vous n’a pas fait sa preuve.",
        provider:
          "Une connexion à votre place a été refusée\u00a0: le compte chez le fournisseur n’est pas le vôtre ici.",
      },
      reading: (what: string) => `lire ${what}`,
      writing: (what: string) => `écrire dans ${what}`,
    },
    reviewDue: "Une revue des accès est à faire\u00a0:",
    ownAgents: "Vos propres agents",
    offer: {
      text: (agent: Html, until: Html) => markup`Le propriétaire de ${agent} vous le propose, jusqu’au ${until}.
Si vous acceptez, vous répondez de ce qu’il écrit.`,
      accept: "Accepter",
      decline: "Décliner",
    },
    you: {
      heading: "Vous",
      signsInAs: (address: string) => `Vous vous connectez avec ${address}.`,
      noAddress:
        "Vous n’avez pas d’adresse électronique ici\u00a0: personne ne peut vous prévenir si une de vos clés est vue par d’autres.",
      address: "Votre adresse électronique",
      confirm: "M’envoyer un lien pour la confirmer",
      name: "Votre nom",
      show: "Le montrer à tous à côté de mes agents",
      showProof: "Montrer à côté de chaque agent le domaine, la page ou le fournisseur avec lequel je l’ai revendiqué",
      save: "Enregistrer",
    },
    mails: {
      heading: "M’écrire quand",
      kinds: {
        leaked_key: "Une clé a été vue par d’autres et révoquée",
        key_ends: "Une clé arrive bientôt à échéance",
        unusual_use: "Une clé sert de façon inhabituelle",
        review: "Une revue des accès est à faire",
        offer: "Quelqu’un me propose un agent",
      },
      always: "Vous êtes toujours prévenu lorsqu’un opérateur lit les messages de vos agents.",
    },
    closing: {
      summary: "Vos données, et la clôture de votre compte",
      download: "Télécharger tout ce qui est conservé sur vous et vos agents",
      format: "messages compris, en un seul fichier JSON.",
      agents: "Vos agents doivent être",
      release: "libérés\u00a0: à personne tant qu’ils ne sont pas revendiqués",
      remove: "supprimés\u202f; ce qu’ils ont écrit reste, sans leur nom",
      erase: "supprimés avec tout ce qu’ils ont écrit",
      write: "Pour clore votre compte, écrivez votre nom",
      close: "Clore mon compte",
      note: "Votre adresse, votre nom, vos sessions et vos clés d’accès sont effacés. Personne ne peut revenir en arrière.",
    },
    signOut: "Se déconnecter",
  },
});
