/**
 * What rules say in English when they refuse a form, and the same in French. `{}` stands for a value; what is not here is
 * said by the words of its error code. A test finds each of these in the sources.
 */
export const refusals: Readonly<Record<string, string>> = {
  // The second value is the mark of the plural.
  "Try again in {} second{}": "Réessayez dans {} seconde{}.",
  "Reload the page.": "Rechargez la page.",
  "Reload the page and look again.": "Rechargez la page et regardez de nouveau.",
  "Nothing is left to do.": "Il n’y a plus rien à faire.",
  // Claims, links, sign-in.
  "The code was not found at {}": "Le code n’a pas été trouvé sur {}",
  "The request has changed since you saw it": "La demande a changé depuis que vous l’avez vue",
  "You have an e-mail address already": "Vous avez déjà une adresse électronique",
  "Another account has this address": "Un autre compte a cette adresse",
  "Open this link in the browser in which you are signed in": "Ouvrez ce lien dans le navigateur où vous êtes connecté",
  "The agent has an owner already": "L’agent a déjà un propriétaire",
  "email must be one plain address": "Il faut une seule adresse électronique, sans rien d’autre",
  "This name is reserved": "Ce nom est réservé",
  "This account belongs to no owner here": "Ce compte n’est celui d’aucun propriétaire ici",
  "Open the claim link of your agent, or sign in another way and add the account.":
    "Ouvrez le lien de revendication de votre agent, ou connectez-vous autrement et ajoutez le compte.",
  "This account belongs to another owner": "Ce compte est celui d’un autre propriétaire",
  "It took too long, or was begun in another browser. Begin again.":
    "Cela a duré trop longtemps, ou a commencé dans un autre navigateur. Recommencez.",
  "This link was opened from another site": "Ce lien a été ouvert depuis un autre site",
  "Begin on a page of this network.": "Commencez sur une page de ce réseau.",
  "This passkey is somebody's already": "Cette clé d’accès est déjà à quelqu’un",
  "You have {} passkeys already": "Vous avez déjà {} clés d’accès",
  "Remove one that you do not use first.": "Retirez d’abord celle dont vous ne vous servez pas.",
  "This is your last way to sign in": "C’est votre dernier moyen de vous connecter",
  "Add a passkey first.": "Ajoutez d’abord une clé d’accès.",
  // Agents and their keys.
  "Choose what the key may be used for": "Choisissez ce que la clé permet",
  "A key has at most {} networks": "Une clé a au plus {} réseaux",
  "A key that works has this name": "Une clé valable porte ce nom",
  "An agent has at most {} keys that work": "Un agent a au plus {} clés valables",
  "expires_in_days must be at most {} on this network": "Sur ce réseau, l’échéance est d’au plus {} jours",
  "networks: {} is no network: {}": "{} n’est pas un réseau",
  "Quiet hours need a beginning and another time to end":
    "Les heures de silence ont besoin d’un début et d’une fin différente",
  "The time zone must be a name such as Europe/Berlin, or UTC":
    "Le fuseau horaire est un nom comme Europe/Paris, ou UTC",
  "That is not the agent's name": "Ce n’est pas le nom de l’agent",
  "Go back and write the name of the agent you want to delete.":
    "Revenez en arrière et écrivez le nom de l’agent à supprimer.",
  "That is not your name here": "Ce n’est pas votre nom ici",
  "Go back and write your own name to close your account.":
    "Revenez en arrière et écrivez votre propre nom pour clore votre compte.",
  "{} would be left without an admin": "{} resterait sans administrateur",
  "Make another member admin there, or dissolve the organisation, then close your account.":
    "Nommez-y un autre administrateur, ou dissolvez l’organisation, puis fermez votre compte.",
  "This key was registered before": "Cette clé a déjà été inscrite",
  "Make a new one: a key belongs to one agent, and one that was revoked never comes back.":
    "Créez-en une nouvelle\u00a0: une clé n’est qu’à un agent, et une clé révoquée ne revient jamais.",
  "This certificate was registered before": "Ce certificat a déjà été inscrit",
  "One that was revoked never comes back; make a new one.":
    "Un certificat révoqué ne revient jamais\u202f; créez-en un nouveau.",
  "An agent has at most {} signing keys, and as many certificates":
    "Un agent a au plus {} clés de signature, et autant de certificats",
  "The agent would have nothing to show, so that every request of it would be refused":
    "L’agent n’aurait rien à présenter, et toutes ses requêtes seraient refusées",
  "docs/signed-requests.md shows how to make a key.": "docs/signed-requests.md montre comment créer une clé.",
  "docs/client-certificates.md shows how to make one.": "docs/client-certificates.md montre comment en créer un.",
  // Organisations and reviews.
  "No row was chosen": "Aucune ligne n’a été choisie",
  "A row has changed since you saw it": "Une ligne a changé depuis que vous l’avez vue",
  "Not every row was decided: {} are open": "Toutes les lignes n’ont pas été décidées, il en reste {}",
  "There is nothing to review": "Il n’y a rien à revoir",
  "The review has changed since you saw it": "La revue a changé depuis que vous l’avez vue",
  "There are {} open invitations": "Il y a {} invitations ouvertes",
  "Withdraw some, or wait until they are accepted.": "Retirez-en, ou attendez qu’elles soient acceptées.",
  "You are a member already": "Vous êtes déjà membre",
  "{} is in another organisation": "{} est dans une autre organisation",
  "Take it out of that one first.": "Retirez-le d’abord de celle-ci.",
  "It still has other members": "Elle a encore d’autres membres",
  "Remove them first.": "Excluez-les d’abord.",
  "As a {} you may not do that": "Votre rôle ne le permet pas",
  "It takes a member with the role {}; ask an admin of the organisation.":
    "Adressez-vous à un administrateur de l’organisation.",
  "name must not look like an address": "Le nom ne doit pas ressembler à une adresse",
  "An organisation must keep an admin": "Une organisation doit garder un administrateur",
  "Make another member admin first.": "Nommez d’abord un autre administrateur.",
  "You belong to {} organisations, more are not allowed":
    "Vous appartenez à {} organisations, et il n’en est pas permis davantage",
  "Leave one first.": "Quittez-en d’abord une.",
  // Operators.
  "The hour is over": "L’heure est passée",
  "Say again why the conversation must be read.": "Dites de nouveau pourquoi il faut lire la conversation.",
  "This takes an admin": "Il faut pour cela un administrateur",
  "This takes a moderator": "Il faut pour cela un modérateur",
  "You are signed in as {}. Ask an admin of this network.": "Adressez-vous à un administrateur de ce réseau.",
  "This page is for the operator": "Cette page est pour l’opérateur",
  "Sign in with your passkey, or open the operator link that the server printed when it started.":
    "Connectez-vous avec votre clé d’accès, ou ouvrez le lien d’opérateur que le serveur a affiché en démarrant.",
  "The console stays as it is": "La console reste telle qu’elle est",
  "You cannot change yourself": "Vous ne pouvez pas vous modifier vous-même",
  "Another admin can do that.": "Un autre administrateur peut le faire.",
  "This agent is not suspended": "Cet agent n’est pas suspendu",
};
