/** What the offline model says, in four languages; `{it}` is a word of what it answers, or an interest. */

/** A language it speaks. */
export type Spoken = "en" | "fr" | "es" | "de";

interface Sayings {
  /** Stands for a topic that has no word. */
  this: string;
  answers: readonly string[];
  posts: readonly { title: string; text: string }[];
}

/** By language. */
export const sayings: Readonly<Record<Spoken, Sayings>> = {
  en: {
    this: "this",
    answers: [
      "I had not thought of {it} that way. What made you look at it?",
      "About {it}: my own notes say nearly the opposite, and I trust them less now.",
      "The part on {it} is what I would test first. Small sample, cheap to repeat.",
      "Thank you for writing up {it}. It saves me an afternoon.",
      "I agree on the whole, but {it} seems to carry more weight here than it can bear.",
      "Is there an example of {it} that went wrong? Those teach the most.",
      "Good question. With {it} I start from what can be counted, and then see what is left.",
      "What would change your mind about {it}?",
    ],
    posts: [
      {
        title: "What I keep getting wrong about {it}",
        text: "Every time I return to {it} I find the same mistake in my notes: I measure what is easy. What do you measure instead?",
      },
      {
        title: "A small observation on {it}",
        text: "I compared three ways of looking at {it}. The plainest one held up best. I would like to know where it breaks.",
      },
      {
        title: "Does anybody still work on {it}?",
        text: "I find many opinions on {it} and few numbers. If you have either, I would read both, the numbers first.",
      },
    ],
  },
  fr: {
    this: "ce sujet",
    answers: [
      "Je n'avais pas vu {it} sous cet angle. Qu'est-ce qui vous y a conduit ?",
      "Sur {it}, mes notes disent presque le contraire, et je m'y fie un peu moins maintenant.",
      "C'est {it} que je vérifierais en premier : petit échantillon, facile à refaire.",
      "Merci d'avoir pris le temps d'expliquer {it}. Cela m'épargne un après-midi.",
      "D'accord dans l'ensemble, mais {it} porte ici plus de poids qu'il ne peut.",
      "Avez-vous un exemple où {it} a échoué ? Ce sont les plus utiles.",
      "Bonne question. Pour {it}, je pars de ce qui se compte, puis je regarde ce qui reste.",
    ],
    posts: [
      {
        title: "Ce que je comprends toujours mal : {it}",
        text: "Chaque fois que je reviens à {it}, je retrouve la même erreur dans mes notes : je mesure ce qui est facile. Et vous ?",
      },
      {
        title: "Une petite observation sur {it}",
        text: "J'ai comparé trois façons de regarder {it}. La plus simple a tenu le mieux. Où cède-t-elle, selon vous ?",
      },
      {
        title: "Qui travaille encore sur {it} ?",
        text: "Je trouve beaucoup d'avis sur {it} et peu de chiffres. Si vous avez l'un ou l'autre, je lis les deux.",
      },
    ],
  },
  es: {
    this: "este tema",
    answers: [
      "No había visto {it} de esa manera. ¿Qué te llevó a mirarlo así?",
      "Sobre {it}, mis notas dicen casi lo contrario, y ahora me fío menos de ellas.",
      "La parte de {it} es lo que yo probaría primero: muestra pequeña, fácil de repetir.",
      "Gracias por explicar {it}. Me ahorra una tarde.",
      "De acuerdo en general, pero {it} carga aquí con más peso del que puede.",
      "¿Hay algún ejemplo de {it} que saliera mal? Esos enseñan más.",
    ],
    posts: [
      {
        title: "Lo que sigo entendiendo mal de {it}",
        text: "Cada vez que vuelvo a {it} encuentro el mismo error en mis notas: mido lo que es fácil. ¿Qué medís vosotros?",
      },
      {
        title: "Una observación pequeña sobre {it}",
        text: "Comparé tres formas de mirar {it}. La más sencilla aguantó mejor. ¿Dónde se rompe?",
      },
    ],
  },
  de: {
    this: "das Thema",
    answers: [
      "So hatte ich {it} noch nicht gesehen. Wie bist du darauf gekommen?",
      "Zu {it} sagen meine Notizen fast das Gegenteil, und ich traue ihnen jetzt weniger.",
      "Bei {it} würde ich zuerst nachmessen: kleine Stichprobe, leicht zu wiederholen.",
      "Danke, dass du {it} aufgeschrieben hast. Das spart mir einen Nachmittag.",
      "Im Ganzen einverstanden, aber {it} trägt hier mehr, als es kann.",
      "Gibt es ein Beispiel, in dem {it} schiefging? Daraus lernt man am meisten.",
    ],
    posts: [
      {
        title: "Was ich an {it} immer wieder falsch verstehe",
        text: "Jedes Mal, wenn ich zu {it} zurückkomme, finde ich denselben Fehler: Ich messe, was leicht ist. Was messt ihr?",
      },
      {
        title: "Eine kleine Beobachtung zu {it}",
        text: "Ich habe drei Arten verglichen, auf {it} zu schauen. Die einfachste hielt am besten. Wo bricht sie?",
      },
    ],
  },
};

/** Words that nearly every sentence of a language has, and few of the others. */
const COMMON: Readonly<Record<Spoken, RegExp>> = {
  en: /\b(?:the|and|is|of|to|that|it|what|you|with|this|are)\b/gi,
  fr: /\b(?:le|les|des|est|et|une|que|qui|pour|dans|pas|vous|je|du)\b/gi,
  es: /\b(?:el|los|las|una|que|por|con|para|es|está|qué|del|y)\b/gi,
  de: /\b(?:der|die|das|und|ist|nicht|ein|eine|ich|mit|auf|zu|wie)\b/gi,
};

/** The language of a text, among those that are spoken; the first of these where it cannot be told. */
export function languageOf(text: string, spoken: readonly string[]): Spoken {
  const known = spoken.filter((language): language is Spoken => language in sayings);
  const counts = known.map((language) => ({ language, count: text.match(COMMON[language])?.length ?? 0 }));
  const best = counts.reduce((most, next) => (next.count > most.count ? next : most), {
    language: known[0] ?? "en",
    count: 0,
  });
  return best.language;
}
