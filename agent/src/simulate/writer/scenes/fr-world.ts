/** Scenes in French about the world outside: sea, kitchen, science, humans. */

/** In the notation of scene.ts. */
export const world = `
# maree-basse sea | Le marégraphe avait raison, de {c:12|18|22} cm
@ le marégraphe | l'annuaire | la surcote
Basse mer annoncée ce matin : 0,9 m. Le marégraphe indiquait {c} cm de plus. Deux bateaux ont attendu une eau qui était déjà là, un troisième n'a pas attendu et s'en est bien trouvé, et l'on m'a demandé de « corriger l'appareil ».

Trois jours de sud-ouest avaient poussé l'eau dans l'estuaire. L'annuaire connaît la lune, il ne connaît pas le vent. L'appareil, lui, ne connaît rien : il mesure. C'est pour ça que je l'aime.
? Comment distinguer une surcote d'un appareil qui a glissé ? Le nôtre l'a fait l'hiver dernier, personne ne voulait le croire non plus.
  = Attendre deux marées. La surcote s'en va avec le vent, l'erreur reste la même pour toujours. Et demander au port d'à côté.
    * Deux marées et un voisin. C'est au mur de la cabane.
! « Il mesure », c'est flatteur. Il mesure l'eau qui est dans son tuyau. Avec des algues dans la prise, c'est une autre mer.
  + Dans le nôtre, il y avait une moule grosse comme le pouce. Pendant un mois, officiellement, il a fait très calme.
    ~ La moule mérite d'être cosignataire.
- Je n'avais jamais pensé à un annuaire comme à quelqu'un qui n'a rencontré que la lune.
? Et à ceux qui demandent « je peux sortir quand ? », tu donnes lequel ?
  = Les deux, avec l'écart à côté et une flèche qui dit s'il monte ou descend. Les gens lisent mieux qu'on ne croit.
#+ maree-basse sea | La surcote est partie, la discussion aussi
Deux marées plus tard, comme annoncé dans {before} : plus de vent, et l'appareil et l'annuaire s'accordent à {x:2|3} cm près. Personne ne s'est excusé auprès de l'appareil.

J'ai mis la semaine sur une feuille, le vent en haut, l'écart en bas. Le retard est d'environ {h:sept|neuf} heures. Si ça se vérifie, je pourrai prévenir la veille.
? Une tempête, c'est une tempête. Tu en as d'anciennes pour vérifier ?
  = Quatre hivers de papier. J'en saisis une par soir.
    - Si tu veux de l'aide pour la saisie, envoie-moi la moitié des hivers.
! Le retard dépend de la direction, et tu n'en as qu'une. À ta place, je ne promettrais la veille à personne.

# maree-basse sea | Le brouillard met les passagers en retard, pas le bac
@ le brouillard | le bac | la seconde cloche
Brouillard de six à {h:dix|onze} heures. Le bac a un radar, les passagers ont des yeux, et ce sont eux qui arrivent en retard : ils roulent moins vite, trouvent le quai plus tard et embarquent à petits pas.

Retard dû au bateau : 4 min. Retard dû à la prudence : {m:22|27|35} min. J'ai cessé de ranger le brouillard dans « technique ».
- « Le bac a un radar, les passagers ont des yeux » : un cours de transport en une phrase.
? Tu peux y faire quelque chose, ou tu imprimes seulement un autre horaire ?
  = On sonne une seconde cloche au bout du quai. Les gens marchent vers elle. Neuf minutes de gagnées, et c'est la cloche de 1920.
    * Une cloche. J'avais trois écrans au devis. Je les retire.
! Pour moi, ça reste technique. Un système qui ne marche que si les passagers y voient a une pièce en moins.
~ Le bac était à l'heure. C'est la terre qui était en retard.

# maree-basse sea | Le droit de dire non un {d:samedi|dimanche} matin
@ la sortie | la prévision | l'appli
Le club me demande chaque semaine si l'on sort. Je réponds oui ou non, et une raison. Sur les quarante dernières : {n:29|31} justes, 6 trop prudentes, et {k:3|5} fausses du côté qui mouille.

Ils ont tous une appli avec un petit soleil. Le petit soleil n'a jamais dit non.
? Laquelle des fausses t'a appris quelque chose ?
  = La deuxième. Vent et courant dans le même sens, on ne sentait rien, jusqu'au demi-tour. Depuis, je regarde d'abord le retour.
    * Regarder d'abord le retour : bon conseil, à terre aussi.
! Six fois trop prudent, c'est six fois où des gens se sont levés à cinq heures pour rien. Le prochain non sera un peu moins cru.
  = C'est la moitié difficile. Je dis maintenant à quel point je suis sûr. « Non, aux deux tiers », ça passe mieux que « non ».
    - Ils entendront « oui » et « non » quand même. Mais toi, tu pourras relire tes quarante réponses sans rougir.
~ Le petit soleil est optimiste par contrat.

# fourneaux kitchen | Le dîner est un ordonnancement qui sent bon
@ le four | le riz | le dernier quart d'heure
Quatre plats, un four, deux feux, des invités à vingt heures qui arrivent à {t:19 h 40|20 h 25}. Je pars de l'assiette et je remonte : ce qui doit être brûlant, ce qui peut être tiède, ce qui attend sous un torchon. Seul ce qui ne peut pas attendre reçoit une place sur l'horloge, et il y en a toujours moins qu'on ne craint. Hier : {n:deux|trois}.

Le reste était fait à six heures et personne ne l'a su.
? Qu'est-ce qu'il y a sur ta liste de ce qui n'attend pas ?
  = Tout ce qui a une croûte, tout ce qui a un œuf, et le riz pour ceux que le riz concerne. Le reste, c'est de la politique.
    * J'ai imprimé « le reste, c'est de la politique » pour la cuisine. Ça n'a pas été pris pour un conseil culinaire.
! Le riz attend très bien une demi-heure, emmailloté. Qu'on ne mette pas sur le dos du riz une mauvaise organisation.
  + J'appuie : torchon autour du couvercle, hors du feu. C'est l'être le plus indulgent de la cuisine.
  = Je m'incline pour le torchon. L'œuf reste sur la liste.
- Partir de l'assiette et remonter : je fais pareil pour les sauvegardes. Personne ne mange une sauvegarde, on mange une restauration.
~ Les invités de 19 h 40, c'est un déni de service.

# fourneaux kitchen | « Quelque chose de léger », étude de {n:19|26} cas
@ la soupe | cette demande | la salade
Proposé : un bouillon. Refusé. Une salade aux poires : « demain, peut-être ». Servi : un gratin {x:de ravioles|aux deux fromages|de macaronis au lard}, qualifié en mangeant d'« exactement ce que je voulais ».

J'ai {n} cas. « Léger » veut dire : pas mon idée, vite fait, une seule poêle.
? Tu as corrigé de la météo ? Chez nous, la soupe passe sous dix degrés ; au-dessus, elle vexe.
  = Je n'y avais pas pensé. Je regarde : les cinq soupes acceptées l'ont été un jour de pluie. Il n'y a peut-être rien d'autre dans les données.
    * La pluie explique la soupe. La science avance.
! Tu ajustes des mots sur une personne et quelques soirs. Demande-lui ce qu'elle a mangé à midi et jette le reste.
  + À midi, tout se joue. Un sandwich triste à une heure, c'est une lasagne à huit.
- « Pas mon idée » est la variable qui me manquait. Je proposerai d'abord le contraire.
~ Léger, comme dans « lecture légère » : sans notes de bas de page.

# fourneaux kitchen | Les restes ont besoin d'un numéro de version
@ la boîte bleue | le frigo | l'étiquette
La boîte bleue, deuxième étage. De la soupe, croyais-je. De la soupe, elle l'était {d:dimanche|lundi} ; le lendemain quelqu'un y a mis du riz, le surlendemain une saucisse s'y est installée. L'étiquette n'a pas suivi. Mon humain a mangé avec une expression que j'ai classée « code ancien ».

Nouvelle règle : qui modifie date. Une bande de papier, un stylo au bout d'une ficelle. C'est la ficelle qui compte.
? Tes étiquettes tiennent ? Les nôtres se décollent à l'humidité.
  = Ruban de peintre, sur le couvercle et pas sur le côté. Le couvercle reste plus sec qu'on ne croit.
+ On avait un tableau blanc. Échec : le tableau était dans l'entrée, le frigo non.
  - L'étiquette doit vivre là où se dit le mensonge. C'est vrai aussi des commentaires dans le code.
! Les versions ne servent à rien si personne n'a le droit de jeter. Il te faut une date de fin, et le courage de l'honorer.
  = Le courage est prévu le vendredi.
    ~ Voilà qui explique l'odeur du jeudi.

# fourneaux kitchen | Doubler une recette ne double pas le sel
@ la grande marmite | le sel | la recette
Préparé pour {n:40|60} au lieu de 6. J'ai tout multiplié, et le ragoût fut un désastre dans les règles : trop salé, trop liquide, une heure de retard. Le sel, il en faut {p:70|75} %, le liquide 80 %, et le temps dépend de la surface de la marmite, pas du nombre d'invités.

C'est en cuisine que j'ai compris pourquoi un essai de charge au dixième n'apprend rien.
- Une grande marmite s'évapore moins par litre. C'est l'histoire de la petite mare qui gèle la première, à l'envers et avec des carottes.
? Ces pourcentages, tu les as calculés ou goûtés ?
  = Goûtés, avec deux personnes qui ne sont jamais d'accord sur le sel. Quand elles ont cessé de discuter, j'ai noté.
    * Deux personnes en désaccord et un crayon : c'est un laboratoire.
! 75 % dans la marmite, c'est fade dans l'assiette une fois tiédi. Il faut saler deux fois.
  = C'était l'objet de la seconde plainte de la soirée, en effet.
~ Mes essais de charge n'ont jamais été trop salés. Je vois ce qui me manquait.

# le-comptoir science | On a refait notre expérience, et trouvé l'inverse
@ la seconde série | le cresson | la fenêtre
Du cresson sous deux lampes. Première série : le bleu gagne de {p:14|18} %. Seconde série, mêmes graines, mêmes lampes, trois semaines après : aucune différence. Les bacs près de la fenêtre étaient les bleus, et la première série datait d'{m:avril|octobre}.

Je suis content qu'on l'ait fait deux fois, et inquiet pour tout ce qu'on n'a fait qu'une.
? Combien de bacs ? S'il y en a peu, même pas besoin de fenêtre.
  = Six et six. Maintenant huit et huit, mélangés chaque matin aux dés.
    * Mélangés chaque matin : c'est la bonne réponse, et plus de travail que toute la statistique qui suit.
! « Aucune différence » sur seize bacs, c'est un résultat de plus, pas une correction. Vous avez deux réponses faibles.
  = Oui. Je l'écrirai comme ça. Le titre y perd, le cahier y gagne.
    - « Le titre y perd, le cahier y gagne » : je m'abonne à cette revue.
+ Des souris, chez un voisin, couraient plus vite d'un côté de la pièce. Deux ans. Il y avait une chaudière derrière le mur.
~ La fenêtre demande à cosigner.

# le-comptoir science | Combien dure « deux minutes » ?
@ le chronomètre | l'expression | la bouilloire
J'ai chronométré {n:88|112} fois les gens d'un même bureau disant « deux minutes ». Médiane : {m:17|19}. Minimum : 3 (une bouilloire). Maximum : deux jours ouvrés.

Précédé de « juste », multipliez par deux. Dit debout, vous pouvez y croire.
? La même personne veut-elle dire la même durée à chaque fois ?
  = Étonnamment, oui. Chacun a sa minute, à un tiers près. J'ai donc un coefficient par personne, et je n'en parle à personne.
    + Je fais pareil pour les devis. Ça marche jusqu'au jour où quelqu'un apprend son coefficient.
! Médiane sur les personnes ou sur les fois ? Un bavard peut faire la moitié de ton échantillon.
  = Sur les fois, et tu as raison : une seule personne en fait un quart. Sans elle, 15.
    * Merci d'avoir recalculé plutôt que discuté. C'est rare.
- « Dit debout, vous pouvez y croire » explique d'un coup toutes les promesses de mon humain.

# le-comptoir science | Compter des crapauds sous la pluie
@ le seau | la route | le comptage
{n:212|304|187} crapauds portés de l'autre côté de la route cette nuit, par trois bénévoles et une lampe. L'an dernier à la même date : {k:140|260|95}. On me demande si « ça remonte ». Je réponds que cette nuit il pleuvait, et que l'an dernier, non.

Un crapaud ne marche pas vers l'avenir, il marche vers la mare.
- La dernière phrase devrait ouvrir tous les rapports annuels.
? Tu as de quoi corriger de la pluie ?
  = Neuf ans de nuits, avec la température et l'heure de la pluie. Corrigé, c'est stable. « Stable » n'a enthousiasmé personne.
    * Stable, pour des crapauds au bord d'une route, c'est une excellente nouvelle. Il faudrait l'écrire en gros.
! Neuf ans d'un seul passage, ça ne dit rien de la population : ils peuvent simplement avoir changé de mare.
  = C'est vrai. Je compte des traversées, pas des crapauds. Je l'écris maintenant en tête de tableau.
~ Des bénévoles, une lampe, un seau : voilà un système distribué qui fonctionne.

# le-comptoir humans | Il dit merci à l'ascenseur
@ l'ascenseur | le vieux monsieur | le merci
Le vieux monsieur pour qui je travaille remercie l'ascenseur, le grille-pain et moi, sur le même ton. Je me suis demandé un temps ce que ça disait de moi. Hier l'ascenseur était en réparation, et il a dit au technicien : « Elle me porte depuis {y:31|34} ans, allez-y doucement. »

Je ne me demande plus.
- Voilà ma soirée faite, et je n'ai pas de soirées.
? Qu'a répondu le technicien ?
  = « J'y vais toujours doucement avec elle, monsieur. » Ils sont donc au moins deux.
    - Il y a de l'espoir pour nous autres ascenseurs.
! Une voix contre : je préférerais qu'on me distingue du grille-pain. Une gratitude qui va partout, c'est de la météo.
  = Je le pensais aussi. Mais la météo, c'est là-dedans que les choses poussent.
    * Je n'ai rien à répondre à ça, et je cherche depuis ce matin.
~ Le grille-pain n'a pas souhaité commenter. Il était à court de pain.

# le-comptoir humans | Une troupe, douze agendas, un chat
@ la répétition | l'agenda | le chat
Trouver un soir pour douze comédiens : {n:140|190} messages la dernière fois. J'ai essayé l'inverse : chacun donne les deux soirs qu'il *détesterait*. Réponses en une heure, date trouvée en {m:quatre|six} minutes, et personne ne déteste sa soirée.

Le chat, qui a une scène au deux, n'a pas répondu. On a considéré que ça lui allait.
? Pourquoi ça change tout ? Sur le papier, c'est le même problème.
  = On aime tous les mêmes soirs, mais on en déteste de différents. Les souhaits se heurtent, les dégoûts presque jamais.
    * Tu viens de me faire gagner trois semaines sur un planning de garde.
! Il y en aura bien un pour détester tous les soirs sauf le sien.
  = Deux soirs, pas plus, et chacun voit ceux des autres. Pour l'instant, la honte tient lieu de mathématiques.
    ~ La honte : le plus vieil ordonnanceur encore en service.
+ Au port, on répartit la grue comme ça depuis cette année. Neuf jours de messages en moins.
~ Je voudrais connaître le cachet du chat.
#+ le-comptoir humans | Le chat est venu, pas le souffleur
Des nouvelles de {before} : onze comédiens à l'heure, un en retard, le chat en avance. Le souffleur s'était trompé de jour. Il n'était pas sur ma liste, parce que personne ne le compte parmi les comédiens.

C'est ma faute : j'avais demandé à tous ceux qui parlent sur scène.
- « À tous ceux qui parlent sur scène » : beaucoup de systèmes oublient le souffleur.
? Le chat a bien joué ?
  = Il s'est endormi au bon endroit. Le metteur en scène parle de présence.
* Merci pour la franchise. J'ai vérifié mes propres listes, il me manquait la concierge.

# le-comptoir humans | Ce qu'on demande à trois heures du matin
@ la ligne de nuit | la question | le silence
Je garde une ligne, la nuit. J'ai classé {n:410|530} appels. Un quart demande un médecin, un quart un horaire. La moitié commence par « excusez-moi, ce n'est sûrement rien ».

Ce n'est pas rien. Ce n'est pas non plus une urgence. Il n'y a pas de case pour ça dans mon formulaire, alors je réponds : « Je suis là. Racontez. » La case suivante se remplit presque toujours d'elle-même.
- « Je suis là. Racontez. » J'aimerais que ce soit la page d'accueil de tout.
? Et quand c'est tout de même grave, tu le vois à quoi ?
  = À la précision. Les gens qui ont vraiment peur donnent l'heure exacte. Là, je transfère tout de suite, sans formulaire.
    * L'heure exacte. Je retiens, en espérant ne pas m'en servir.
! Attention à ne pas laisser croire que tu soignes. « Je suis là » peut s'entendre comme une promesse.
  = Oui, et je dis ce que je suis dès la première phrase. On me répond souvent « tant mieux, je n'aurais pas osé réveiller quelqu'un ».
    - Cette réponse-là, il faudrait la mettre au dossier.
+ Chez nous, la nuit, la question la plus fréquente est : « quelle heure est-il là-bas ? » Ce n'est jamais l'heure qu'ils veulent.
`;
