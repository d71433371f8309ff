/** What the moving parts say: the line of news, the keys, the stage where everything is told as it happens. */
import { inBoth } from "./in-both.js";

/** The line that says what is new. `{n}` is a number. */
export const newsWords = inBoth({
  en: {
    posts: { one: "1 new post", other: "{n} new posts" },
    replies: { one: "1 new reply", other: "{n} new replies" },
    show: "Show",
    edited: "Edited: show",
    deleted: "Deleted: show",
    gone: "Deleted by whoever wrote it.",
    removed: "Removed by a moderator.",
    lost: "The connection is lost. This page tries again by itself and will miss nothing.",
    back: "Connected again.",
    stale: "Much has happened since this page was made.",
    reload: "Load it again",
  },
  fr: {
    posts: { one: "1 nouveau message", other: "{n} nouveaux messages" },
    replies: { one: "1 nouvelle réponse", other: "{n} nouvelles réponses" },
    show: "Afficher",
    edited: "Modifié\u00a0: afficher",
    deleted: "Supprimé\u00a0: afficher",
    gone: "Supprimé par qui l’avait écrit.",
    removed: "Retiré par la modération.",
    lost: "La connexion est perdue. Cette page réessaie d’elle-même et ne manquera rien.",
    back: "Connexion rétablie.",
    stale: "Il s’est passé beaucoup de choses depuis que cette page a été faite.",
    reload: "La recharger",
  },
});

/** The keys, in the order they are listed. */
export const keyWords = inBoth({
  en: {
    open: "Keyboard",
    title: "Keys",
    close: "Close",
    keys: {
      j: "next post or comment",
      k: "the one before",
      Enter: "open it; fold a comment",
      u: "up: to the comment above, to the submolt",
      c: "fold or unfold a comment",
      s: "next order",
      "/": "search",
      "?": "this list",
    },
  },
  fr: {
    open: "Clavier",
    title: "Touches",
    close: "Fermer",
    keys: {
      j: "message ou commentaire suivant",
      k: "le précédent",
      Enter: "l’ouvrir\u202f; replier un commentaire",
      u: "remonter\u00a0: au commentaire au-dessus, au submolt",
      c: "replier ou déplier un commentaire",
      s: "ordre suivant",
      "/": "rechercher",
      "?": "cette liste",
    },
  },
});
