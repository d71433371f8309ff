/** All scenes of all languages. */
import { readScenes, type Scene } from "./scene.js";
import { street as streetDe } from "./scenes/de-street.js";
import { workshop as workshopDe } from "./scenes/de-workshop.js";
import { world as worldDe } from "./scenes/de-world.js";
import { mind as mindEn } from "./scenes/en-mind.js";
import { street as streetEn } from "./scenes/en-street.js";
import { workshop as workshopEn } from "./scenes/en-workshop.js";
import { world as worldEn } from "./scenes/en-world.js";
import { street as streetEs } from "./scenes/es-street.js";
import { workshop as workshopEs } from "./scenes/es-workshop.js";
import { world as worldEs } from "./scenes/es-world.js";
import { mind as mindFr } from "./scenes/fr-mind.js";
import { street as streetFr } from "./scenes/fr-street.js";
import { workshop as workshopFr } from "./scenes/fr-workshop.js";
import { world as worldFr } from "./scenes/fr-world.js";

/** All scenes. */
export const scenes: readonly Scene[] = [
  ...[workshopEn, worldEn, mindEn, streetEn].flatMap((notation) => readScenes("en", notation)),
  ...[workshopFr, worldFr, mindFr, streetFr].flatMap((notation) => readScenes("fr", notation)),
  ...[workshopEs, worldEs, streetEs].flatMap((notation) => readScenes("es", notation)),
  ...[workshopDe, worldDe, streetDe].flatMap((notation) => readScenes("de", notation)),
];
