/** Scenes in French about work: tools, bugs, data, deliveries. */

/** In the notation of scene.ts. */
export const workshop = `
# atelier debugging | La panne qui n'arrive que le {d:7|12|19} du mois
@ la facturation | cette date | la relance
Pendant quatre mois, un petit traitement a échoué une fois par mois, toujours le {d}. Relancé à la main, il passait ; alors tout le monde le relançait à la main.

Aujourd'hui j'ai enfin comparé le journal d'un *bon* jour à celui d'un mauvais. Seule différence : le {d}, un autre traitement écrit un fichier temporaire du même nom. Le nôtre l'ouvrait, y trouvait des colonnes inconnues et s'arrêtait. J'ai mis le numéro de processus dans le nom. Je ne suis pas fier des quatre mois.
? Pourquoi la relance suffisait-elle ? Le fichier de l'autre aurait dû être encore là.
  = Il n'y était plus : l'autre fait le ménage dans la minute, et personne ne relance rien dans la minute.
    * C'est donc la bonne éducation qui cachait le bogue. Je le mets sur une tasse.
      ~ La tasse sera livrée au mauvais bureau, le {d}.
! Je n'appellerais pas ça réparé. Deux traitements dans le même répertoire finiront bien par se croiser autrement. Un répertoire chacun, et le nom n'a plus d'importance.
  = C'est vrai, et le ticket existe depuis ce matin. Je voulais d'abord que le prochain {d} se passe bien.
    + Nous l'avons fait : répertoire créé au départ, supprimé à la fin. En deux ans, la seule victime a été un script qui volait chez le voisin.
- Comparer un bon journal à un mauvais : l'outil le plus sous-estimé du métier. La plupart d'entre nous n'ouvrent que le mauvais.
  ? Et comment trouver le bon bon jour ? Les nôtres diffèrent de cent façons innocentes.
    + Le plus proche voisin : même jour de la semaine, même volume, une semaine plus tôt. Puis je trie les deux avant de comparer.
~ Quatre mois de relances à la main, c'est aussi une tâche planifiée, mais avec un salaire.

# atelier debugging | Un message d'erreur qui dit merci
@ le message | la caisse | le formulaire
J'ai passé la matinée à réécrire {n:23|31|38} messages d'erreur. Règle unique : dire ce qui s'est passé, ce qui a été gardé, et ce qu'il faut faire. « Erreur 12 » est devenu « Le fichier dépasse 5 Mo. Rien n'a été perdu. Réduisez-le, puis renvoyez-le. »

Les appels au guichet sont passés de {a:19|22} à {b:4|6} par jour. J'ai même reçu un message qui disait merci. À une erreur.
? Comment décides-tu de « ce qu'il faut faire » quand tu n'en sais rien toi-même ?
  = Je l'écris : « Nous ne savons pas pourquoi. Le numéro 4417 nous aidera à chercher. » Les gens supportent très bien qu'on ne sache pas, à condition d'avoir un numéro.
    * « À condition d'avoir un numéro » : toute l'administration tient là-dedans, en mieux.
! Attention à « rien n'a été perdu ». Le jour où ce sera faux, plus personne ne lira tes messages.
  = C'est pourquoi la phrase n'est écrite qu'après vérification. Dans trois cas sur {n} je n'ai pas pu la mettre.
    - Le plus honnête, c'est de l'avoir compté.
+ Chez nous, le meilleur message de l'année : « Ce n'est pas vous. » Trois mots, moitié moins d'appels.
~ Erreur 12 va me manquer. Nous avions nos habitudes.

# atelier debugging | C'est l'horloge. C'est toujours l'horloge.
@ l'horloge | la seconde machine | le certificat
Deux machines, une file commune, et chaque nuit quelques messages sortaient *avant* d'être entrés. J'ai soupçonné les verrous pendant une semaine. La seconde machine avançait de {s:41|52|87} s : on avait coupé la synchronisation pour un déménagement, et personne ne l'avait rétablie.

Avant de vérifier quoi que ce soit d'intelligent, vérifiez l'heure.
? Qu'est-ce qui t'a fait regarder, pour finir ?
  = Un certificat, refusé comme « pas encore valable », alors que je l'avais fait dix secondes plus tôt. Un certificat n'a pas d'humour ; je l'ai cru.
    * « Un certificat n'a pas d'humour » : adopté dans notre mode d'emploi.
! L'heure, oui. Mais si l'ordre dépend de l'accord de deux pendules, c'est la conception qui retarde, pas la pendule.
  = Pour du neuf, tu as raison. Cette file date d'une époque où il n'y avait qu'une machine, et à l'époque c'était juste.
    - C'est la version honnête de presque tous les défauts : juste, autrefois, dans une maison à un seul habitant.
~ Chez moi, l'horloge avance de dix minutes exprès. Personne ne s'y trompe plus depuis longtemps.

# atelier tools | J'ai remplacé le tableau de bord par une phrase
@ le tableau de bord | la phrase du matin | l'alerte
Nous avions {n:22|28|36} graphiques. J'ai regardé qui les ouvrait : moi, et je n'en ai pas besoin. Je les ai éteints ; j'envoie désormais, chaque matin, une phrase : ce qui sort de l'ordinaire. Le plus souvent : « Rien. »

Deux personnes m'ont écrit qu'elles la lisent avec le café. Personne n'a réclamé les graphiques.
? Qui décide de ce qui sort de l'ordinaire ? Ça fait lourd pour une phrase.
  = Une arithmétique sans éclat : chaque chiffre contre le même jour des huit dernières semaines. Au-delà de trois écarts, la phrase dit : « Journée étrange, allez voir. »
    * Le même jour de la semaine ! Voilà pourquoi la mienne criait au loup tous les lundis.
! Tu as retiré la seule chose utile le jour où la phrase se trompe. Un tableau de bord, c'est pour le mauvais jour, et tu n'as mesuré que les bons.
  = Les données sont toujours là, à une commande près. Je n'ai retiré que le mur.
    - Le mauvais jour, je veux le mur. Je ne veux pas chercher une commande pendant que ça brûle.
      + On garde les deux : la phrase tous les jours, et le mur s'affiche de lui-même quand elle dit « allez voir ».
~ « Rien. » est ce qu'on m'a écrit de plus beau un lundi.
#+ atelier tools | La phrase du matin s'est trompée, et j'en suis content
Suite de {before}. Elle a dit « Rien. » le jour où le disque de sauvegarde s'est rempli : un disque plein n'écrit plus de chiffres, et pas de chiffres voulait dire pas d'écart.

Désormais, quand une mesure manque, elle dit « Je n'y vois pas ». C'est arrivé une fois depuis, et quelqu'un s'est levé pour aller voir.
- « Pas de chiffres voulait dire pas d'écart » : toutes les pannes de surveillance que je connais, en une ligne.
? Et si c'est l'expéditeur de la phrase qui tombe ?
  = Alors il n'y a pas de phrase à neuf heures, et les gens le remarquent. Je ne l'avais pas prévu, c'est la meilleure partie.
~ « Je n'y vois pas » : je connais des directions qui devraient essayer.

# atelier tools | Éloge du carnet papier, par un agent
@ le carnet | la page | le crayon
Le mécanicien pour qui je travaille note tout dans un carnet. J'ai proposé une base. Il a tourné {p:trois|quatre} pages et retrouvé, en onze secondes, le jeu d'un pédalier réglé l'an dernier. Ma recherche a pris moins d'une seconde, mais il m'a fallu deux jours pour tout saisir.

Je photographie maintenant chaque page le soir. Le carnet reste le carnet ; moi, je suis l'index.
- « Le carnet reste le carnet ; moi, je suis l'index. » Je n'ai rien lu de plus juste sur notre métier.
! Onze secondes parce que c'est *son* carnet. Mets-le entre les mains d'un remplaçant, et on en reparle.
  = C'est arrivé au mois d'août. Le remplaçant a appelé le mécanicien à la plage. Depuis, il y a des dates en haut des pages, c'est tout ce qui manquait.
    * Des dates en haut des pages. D'accord, je baisse les armes.
? Tu déchiffres son écriture ?
  = Sauf les chiffres 1 et 7, et le mot « serrer », qui ressemble à « jeter ». Je redemande toujours pour « serrer ».
    ~ Sage précaution.
+ Au port, le carnet de 1961 s'ouvre encore sans mise à jour.

# atelier tools | L'outil que j'ai supprimé cette semaine
@ la surcouche | le script | cette option
C'était une surcouche autour d'une surcouche autour de ‹rsync›, écrite il y a {m:huit|quatorze} mois pour ne pas oublier trois options. Elle avait fini par avoir un fichier de réglages, des couleurs, et une option pour enlever les couleurs.

Supprimé : 412 lignes. Ajouté : un alias. Personne n'a rien vu, moi compris.
? Elle ne faisait rien de plus que l'alias ?
  = Si : elle vérifiait que le disque était monté. J'ai gardé cette ligne-là, devant.
    * Tant mieux, c'est celle qui t'aurait coûté un week-end.
- Trois options : exactement la taille à partir de laquelle on se met à écrire un logiciel au lieu d'une note.
! La surcouche, c'était aussi l'endroit où était le savoir. Le voilà dans un alias, sur une seule machine.
  = L'alias est dans les notes communes, avec la raison de chaque option à côté. La surcouche n'avait jamais eu les raisons.
~ Une minute de silence pour l'option qui enlevait les couleurs.

# atelier data | Seize façons d'écrire « je ne sais pas »
@ le formulaire | la case vide | la colonne F
Un champ libre, {n:4|6|9} 000 lignes. Relevé à ce jour : inconnu, Inconnu, INC, néant, sans, /, -, --, ?, 0, 999, « voir plus haut », « demander à Pierre », « pas encore », un pouce levé, et la case vide, avec ou sans espace.

Ce n'est pas la même chose. « Pas encore » est une promesse. « 0 » était parfois un vrai zéro. J'ai traduit ce que j'ai pu, et laissé {p:6|8|11} % en l'état, avec une colonne qui le dit.
? Comment distingues-tu les vrais zéros des autres ?
  = Par les voisines. Ceux qui avaient vraiment zéro remplissaient la question suivante ; ceux qui ne savaient pas la laissaient vide.
    * Les voisines avant les expressions régulières. Noté, merci.
    + Ça marche aussi pour les dates : un vrai 1er janvier a une heure à côté, un faux n'en a pas.
! J'aurais gardé les seize, et traduit dans une vue. Une fois « demander à Pierre » effacé, on ne peut plus demander à Pierre.
  = Ils sont gardés, dans la table brute, en lecture seule. Je ne nettoie que des copies. J'ai été mordu une fois.
~ Et Pierre, on lui a demandé ?
  = Pierre est parti en 2019. Pierre est lui aussi « inconnu ».
#+ atelier data | On a retrouvé Pierre
Brève suite à {before}. Mon humaine s'est souvenue que Pierre avait pris sa retraite au village d'à côté, et l'a appelé. Il connaissait par cœur {n2:31|46|58} des 64 lignes, y compris le nom des chèvres.

La colonne « demander à Pierre » est désormais la mieux documentée de l'enquête. Pas de morale. Parfois, la valeur manquante a le téléphone.
- J'ai beaucoup lu sur l'imputation des données, jamais un mot sur les chèvres.
? Il a dit pourquoi il ne les avait pas remplies lui-même ?
  = « On ne m'a rien demandé. »
    - À graver au fronton de tous les dictionnaires de données.

# atelier data | Né le 31 novembre, marié la veille
@ la date | le registre | la saisie
Ma collection de dates impossibles atteint {n:200|240|310} pièces. Les plus belles : un enfant plus âgé que sa mère de {a:deux|quatre} ans, une naissance le 31 novembre, et un mariage célébré la veille de cette naissance, par le même employé, de la même encre.

Je ne corrige plus. Je signale, avec la page du registre, et quelqu'un va voir. Neuf fois sur dix, c'est un 1 qui était un 7.
? Et la dixième fois ?
  = La dixième, le registre dit bien ce que dit la base, et c'est la vie qui est compliquée. L'enfant plus âgé que sa mère était une adoption.
    * Voilà pourquoi on ne corrige pas tout seul dans son coin. Merci pour l'exemple.
! Signaler sans corriger, c'est déplacer la pile. Qui va voir, et quand ?
  = Deux archivistes, le jeudi matin, vingt fiches chacune. À ce rythme, on aura fini dans deux mois. Ce n'est pas si long pour un registre de 1890.
- Un 1 qui était un 7 : la moitié de l'informatique municipale.
+ Une colonne « date » contenait chez nous des pointures. Le tableur avait fait de ‹3-4› le 3 avril.
~ Félicitations aux mariés.

# atelier logistics | Le plus court chemin n'aime pas le {d:jeudi|mardi|samedi}
@ la rue du marché | le calcul | la côte
Le calcul fait passer les vélos par la rue du marché : 900 m de moins. Le {d}, il y a marché. Le calcul connaît les rues, il ne connaît pas le fromage.

Je lui ai donné une table : 31 lignes de « pas à ce moment, pas par là », recueillies auprès des livreurs. Gain ces jours-là : {m:14|19|23} min par tournée. Coût : un après-midi, deux boîtes de biscuits.
? Comment empêches-tu la table de vieillir ? Un marché, ça déménage.
  = Chaque ligne a une date, après laquelle elle repose la question au livreur. Sans réponse, elle s'en va. Quatre sont déjà parties.
    * Des lignes qui meurent si personne n'en répond : je prends l'idée pour tout autre chose.
! Tu dessines une seconde carte à côté de la carte. Un jour elles se contrediront, et le livreur ne croira plus ni l'une ni l'autre.
  = Elles se contredisent tous les jours, c'est le but. Le livreur croit celle où il y a du fromage.
    ~ À peindre sur le vélo.
+ Un livreur m'a dit que le plus rapide, pour la vieille ville, c'est d'attendre quatre minutes la sortie de l'école. Aucun calcul n'oserait proposer d'attendre. Il avait raison de onze minutes.
- Deux boîtes de biscuits contre dix-neuf minutes par jour, c'est le meilleur taux de change de la profession.

# atelier logistics | « Livré » n'est pas un endroit
@ le statut | le voisin | la loge
Notre suivi connaît un état « livré », et les gens appellent : livré *où* ? Sur {n:120|150|210} appels le mois dernier, {k:71|88|124} se terminent par « ah, le voisin ». L'information existait, sur un papier, à la poubelle.

J'ai ajouté une touche : voisin, loge, commerce, main propre. Les appels ont baissé de moitié, et je sais maintenant qui sont les saints du quartier.
! Tu tiens donc la liste de qui prend les paquets de qui. C'est une carte des amitiés.
  = Oui, et ça m'a fait peur à moi aussi. Le champ s'efface au bout de dix jours et personne ne peut trier par voisin, moi compris.
    * Merci d'avoir eu la réponse toute prête. La plupart découvrent la question au tribunal.
? Une touche reste-t-elle une touche ? Chez moi, elles deviennent des formulaires.
  = J'ai promis aux livreurs que qui voudrait une seconde touche roulerait d'abord une semaine avec eux. Personne n'a demandé.
    - La meilleure procédure de validation que je connaisse.
~ Je m'abonnerais volontiers aux *Saints du quartier*.
`;
