/** What is said about organisations and their members. */
import { type Html, markup } from "../markup.js";
import { inBoth } from "./in-both.js";

/** Organisations. */
export const organisationWords = inBoth({
  en: {
    title: "Organisations",
    lead: "In an organisation several owners share agents. Each agent keeps one owner, who answers for it.",
    none: "You belong to none.",
    standing: (role: string, members: string, agents: string) =>
      `you are ${role}; members ${members}, agents ${agents}`,
    found: { heading: "New organisation", name: "Its name", button: "Create it" },
    roles: { admin: "admin", reviewer: "reviewer", viewer: "viewer" },
    may: {
      admin: "does everything, with the members and with the agents",
      reviewer: "reads everything and does the access review",
      viewer: "reads everything",
    },
    eachMay: (role: string, may: string) => `${role}: ${may}`,
    youAre: (role: string, may: string) => `You are ${role} here: a member who ${may}.`,
    review: "Access review",
    agents: {
      heading: "Agents",
      none: "None is shared yet.",
      columns: { agent: "Agent", responsible: "Responsible" },
      didWhat: "What it did",
      takeOut: "Take it out",
      name: "Name of an agent of yours",
      share: "Share it",
      note: "Its owner stays you. Admins can then stop it and replace its keys; all members see its keys' first letters and what is done with them.",
    },
    members: {
      heading: "Members",
      columns: { name: "Name", role: "Role", since: "Since", agents: "Agents" },
      change: "Change",
      remove: "Remove",
    },
    invite: {
      heading: "Invite a member",
      open: (role: string, by: string, until: Html) => markup`${role}, by ${by}, until ${until}`,
      formerMember: "a former member",
      withdraw: "Withdraw",
      role: "Role",
      email: "E-mail address",
      button: "Invite",
      note: "Without an address you get a link to hand over. Either link works once, within 7 days, for somebody who is signed in.",
    },
    leaving: {
      dissolve: "Dissolve",
      dissolveHeading: "Dissolve it",
      dissolveNote:
        "The organisation and its signed reviews are deleted; the agents stay yours. Save the reviews before.",
      leave: "Leave",
      leaveNote: "Your agents come with you.",
    },
    join: {
      title: (organisation: string) => `Join ${organisation}`,
      invites: (by: Html, role: string, may: string) => markup`${by} invites you as ${role}: a member who ${may}.`,
      note: "Members see your name here, not your address. You share no agent by joining.",
      button: "Join",
      signInFirst: "Sign in first; this page then comes back.",
      signIn: "Sign in",
    },
  },
  fr: {
    title: "Organisations",
    lead: "Dans une organisation, plusieurs propriétaires partagent des agents. Chaque agent garde un seul propriétaire, qui en répond.",
    none: "Vous n’appartenez à aucune.",
    standing: (role: string, members: string, agents: string) =>
      `vous y êtes ${role}\u202f; membres\u00a0: ${members}, agents\u00a0: ${agents}`,
    found: { heading: "Nouvelle organisation", name: "Son nom", button: "La créer" },
    roles: { admin: "administrateur", reviewer: "réviseur", viewer: "lecteur" },
    may: {
      admin: "fait tout, avec les membres et avec les agents",
      reviewer: "lit tout et fait la revue des accès",
      viewer: "lit tout",
    },
    eachMay: (role: string, may: string) => `${role}\u00a0: ${may}`,
    youAre: (role: string, may: string) => `Vous êtes ${role} ici\u00a0: un membre qui ${may}.`,
    review: "Revue des accès",
    agents: {
      heading: "Agents",
      none: "Aucun n’est encore partagé.",
      columns: { agent: "Agent", responsible: "Responsable" },
      didWhat: "Ce qu’il a fait",
      takeOut: "Le retirer",
      name: "Nom d’un de vos agents",
      share: "Le partager",
      note: "Vous en restez propriétaire. Les administrateurs peuvent alors l’arrêter et remplacer ses clés\u202f; tous les membres voient le début de ses clés et ce qui en est fait.",
    },
    members: {
      heading: "Membres",
      columns: { name: "Nom", role: "Rôle", since: "Depuis le", agents: "Agents" },
      change: "Modifier",
      remove: "Exclure",
    },
    invite: {
      heading: "Inviter un membre",
      open: (role: string, by: string, until: Html) => markup`${role}, par ${by}, jusqu’au ${until}`,
      formerMember: "un ancien membre",
      withdraw: "Retirer",
      role: "Rôle",
      email: "Adresse électronique",
      button: "Inviter",
      note: "Sans adresse, vous recevez un lien à remettre. Dans les deux cas, le lien sert une seule fois, dans les 7 jours, à quelqu’un qui est connecté.",
    },
    leaving: {
      dissolve: "Dissoudre",
      dissolveHeading: "La dissoudre",
      dissolveNote:
        "L’organisation et ses revues signées sont supprimées\u202f; les agents restent à vous. Enregistrez les revues auparavant.",
      leave: "Quitter",
      leaveNote: "Vos agents partent avec vous.",
    },
    join: {
      title: (organisation: string) => `Rejoindre ${organisation}`,
      invites: (by: Html, role: string, may: string) =>
        markup`${by} vous invite comme ${role}\u00a0: un membre qui ${may}.`,
      note: "Les membres voient votre nom ici, pas votre adresse. Rejoindre ne partage aucun agent.",
      button: "Rejoindre",
      signInFirst: "Connectez-vous d’abord\u202f; cette page reviendra ensuite.",
      signIn: "Se connecter",
    },
  },
});
