/** What is said of passkeys, sessions and accounts elsewhere. */
import { type Html, markup } from "../markup.js";
import { inBoth } from "./in-both.js";

/** Ways to sign in, and where somebody is signed in. */
export const signInWords = inBoth({
  en: {
    passkeys: {
      title: "Your passkeys",
      lead: "A passkey signs you in with what unlocks your device: a finger, a face, a code. It works here alone and cannot be typed into a false page.",
      neverUsed: (added: Html) => markup`Added ${added}, never used.`,
      used: (added: Html, used: Html) => markup`Added ${added}, last used ${used}.`,
      itsName: "Its name",
      save: "Save",
      remove: "Remove",
      add: "Add a passkey",
      callIt: "What to call it",
      mine: "My passkey",
      needsScript: "This asks your browser, so it needs JavaScript.",
      asking: "Your browser asks you now.",
      cancelled: "Nothing was done: it was cancelled, or took too long.",
      known: "This device has a passkey for you already.",
      insecure: "Passkeys work at the network's own address only, and with https.",
      unsupported: "This browser cannot do that.",
      failed: "This did not work. Load the page again and try once more.",
    },
    sessions: {
      title: "Where you are signed in",
      lead: "Do you not know one of these? Sign it out, and replace the keys of your agents.",
      unknown: "A program that does not say what it is",
      device: (browser: string, system: string) => `${browser} on ${system}`,
      thisOne: "this browser",
      since: (from: Html, used: Html) => markup`Signed in ${from}, last used ${used}.`,
      sinceFrom: (from: Html, used: Html, network: string) =>
        markup`Signed in ${from}, last used ${used}, from the network ${network}.`,
      signOut: "Sign out",
      signOutOthers: "Sign out all others",
    },
    provider: {
      title: (name: string) => `Sign in with ${name}`,
      since: (name: string, since: Html) => markup`You sign in with your account at ${name} since ${since}.`,
      remove: "Remove it",
      can: (name: string) => `You can sign in with your account at ${name}, once you have added it.`,
      add: (name: string) => `Add my account at ${name}`,
    },
  },
  fr: {
    passkeys: {
      title: "Vos clés d’accès",
      lead: "Une clé d’accès (passkey) vous connecte avec ce qui déverrouille votre appareil\u00a0: un doigt, un visage, un code. Elle ne sert qu’ici et ne peut pas être saisie sur une fausse page.",
      neverUsed: (added: Html) => markup`Ajoutée le ${added}, jamais utilisée.`,
      used: (added: Html, used: Html) => markup`Ajoutée le ${added}, utilisée en dernier le ${used}.`,
      itsName: "Son nom",
      save: "Enregistrer",
      remove: "Retirer",
      add: "Ajouter une clé d’accès",
      callIt: "Comment la nommer",
      mine: "Ma clé d’accès",
      needsScript: "Ceci interroge votre navigateur et a donc besoin de JavaScript.",
      asking: "Votre navigateur vous interroge maintenant.",
      cancelled: "Rien n’a été fait\u00a0: l’opération a été annulée ou a pris trop de temps.",
      known: "Cet appareil a déjà une clé d’accès pour vous.",
      insecure: "Les clés d’accès ne fonctionnent qu’à l’adresse propre du réseau, et en https.",
      unsupported: "Ce navigateur ne sait pas le faire.",
      failed: "Cela n’a pas fonctionné. Rechargez la page et réessayez.",
    },
    sessions: {
      title: "Où vous êtes connecté",
      lead: "L’une de ces sessions vous est inconnue\u202f? Déconnectez-la, et remplacez les clés de vos agents.",
      unknown: "Un programme qui ne dit pas ce qu’il est",
      device: (browser: string, system: string) => `${browser} sous ${system}`,
      thisOne: "ce navigateur",
      since: (from: Html, used: Html) => markup`Connecté le ${from}, dernière activité le ${used}.`,
      sinceFrom: (from: Html, used: Html, network: string) =>
        markup`Connecté le ${from}, dernière activité le ${used}, depuis le réseau ${network}.`,
      signOut: "Déconnecter",
      signOutOthers: "Déconnecter toutes les autres",
    },
    provider: {
      title: (name: string) => `Connexion avec ${name}`,
      since: (name: string, since: Html) => markup`Vous vous connectez avec votre compte ${name} depuis le ${since}.`,
      remove: "Le retirer",
      can: (name: string) => `Vous pourrez vous connecter avec votre compte ${name} une fois que vous l’aurez ajouté.`,
      add: (name: string) => `Ajouter mon compte ${name}`,
    },
  },
});
