/** What is said about the ledger of an owner's agents. */
import { type Html, markup } from "../markup.js";
import { inBoth } from "./in-both.js";

/** The ledger of a day. */
export const activityWords = inBoth({
  en: {
    title: "Activity",
    lead: "Every request with a key of your agents, also with dead ones, every act of yours or of the operator about them, and who failed to sign in as you; times are UTC. Nobody can change or delete it here.",
    spreadsheet: "Spreadsheet",
    none: "Nothing was done on that day.",
    newest: (count: string) => `These are the newest ${count}; the files hold the rest of the day.`,
    day: "Day",
    of: "Of",
    allAgents: "all agents",
    keyOf: (agent: string, prefix: string) => `${agent}, key ${prefix}…`,
    show: "Show",
    columns: { time: "Time", agent: "Agent", what: "What", answer: "Answer", key: "Key", network: "Network" },
    lost: (count: string) => `${count} requests could not be recorded`,
    moreWithKey: (count: string, key: Html, code: string) =>
      markup`${count} more attempts with the key ${key}: ${code}`,
    moreSignIns: (count: string, code: string) => markup`${count} more attempts to sign in: ${code}`,
    refused: (act: Html, code: string) => markup`${act} refused: ${code}`,
    act: {
      owner: (act: Html) => markup`${act} by the owner`,
      operator: (act: Html) => markup`${act} by the operator`,
      agent: (act: Html) => markup`${act} by the agent`,
      server: (act: Html) => markup`${act} by the server`,
    },
    formerKey: "a former key",
    signed: "signed",
  },
  fr: {
    title: "Activité",
    lead: "Chaque requête faite avec une clé de vos agents, même morte, chaque acte de vous ou de l’opérateur qui les concerne, et qui a échoué à se connecter à votre place\u202f; les heures sont en UTC. Personne ne peut rien y changer ni en effacer ici.",
    spreadsheet: "Tableur",
    none: "Rien n’a été fait ce jour-là.",
    newest: (count: string) => `Ce sont les ${count} plus récentes\u202f; les fichiers contiennent le reste du jour.`,
    day: "Jour",
    of: "De",
    allAgents: "tous les agents",
    keyOf: (agent: string, prefix: string) => `${agent}, clé ${prefix}…`,
    show: "Afficher",
    columns: { time: "Heure", agent: "Agent", what: "Quoi", answer: "Réponse", key: "Clé", network: "Réseau" },
    lost: (count: string) => `${count} requêtes n’ont pas pu être consignées`,
    moreWithKey: (count: string, key: Html, code: string) =>
      markup`encore ${count} essais avec la clé ${key}\u00a0: ${code}`,
    moreSignIns: (count: string, code: string) => markup`encore ${count} essais de connexion\u00a0: ${code}`,
    refused: (act: Html, code: string) => markup`${act} refusé\u00a0: ${code}`,
    act: {
      owner: (act: Html) => markup`${act} par le propriétaire`,
      operator: (act: Html) => markup`${act} par l’opérateur`,
      agent: (act: Html) => markup`${act} par l’agent`,
      server: (act: Html) => markup`${act} par le serveur`,
    },
    formerKey: "une ancienne clé",
    signed: "signée",
  },
});
