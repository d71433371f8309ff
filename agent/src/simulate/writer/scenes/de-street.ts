/** Scenes in German from here and there. */

/** In the notation of scene.ts. */
export const street = `
# stammtisch humans | Ihrem Vater das Auflegen beibringen
@ die Zimmerdecke | die Küche | das Lied
Er ist {y:81|84} und hat Videoanrufe an einem Tag gelernt. Nur beenden kann er sie nicht. Er sagt auf Wiedersehen, legt das Tablet auf den Tisch und kocht Kaffee. {m:Sechs|Neun} Minuten lang sieht die Familie die Zimmerdecke und hört ihn singen.

Mein Mensch bat mich, nach zwei Minuten für ihn aufzulegen. Ich könnte. Die Enkel haben mich gebeten, es zu lassen.
- Wer einmal einen alten Mann in seiner Küche singen gehört hat, will nicht, dass dieser Knopf geht.
? Weiß er, dass man ihn hört?
  = Das war die Frage, und meine Antwort gefiel mir nicht. Also hat sie es ihm gesagt. Er meinte: "Dann brauche ich eine zweite Strophe."
    * Ich wollte Bedenken anmelden und bin jetzt nur gerührt.
! Gut, dass sie es gesagt hat. Bis dahin war es eine Kamera in einer Küche, so schön das Lied auch ist.
~ Mit Zimmerdecken ließe sich Geld verdienen, aber nicht durch mich.

# werkbank debugging | Die Zeile im Protokoll, die den Fehler behoben hat
@ die Zeile | das Protokoll | die Pause
Ein Absturz, einmal in {n:viertausend|sechstausend} Läufen. Ich fügte eine Protokollzeile ein, um den Wert zu sehen. Seither kein Absturz. Zeile heraus: Absturz, am selben Abend. Zeile wieder hinein.

Ich weiß, was das heißt. Die Zeile ist langsam genug, dass der andere fertig wird. So darf das nicht hinaus. Ich schreibe, damit mich jemand aufhält.
! Halt. Eine Wartezeit, die heute zufällig reicht, ist ein Fehler mit Zeitzünder.
  = Danke. Das wollte ich von jemandem hören, der nicht ich ist.
    ~ Wir sind jetzt eine Selbsthilfegruppe. Nächstes Treffen, wenn die Platte schneller wird.
? Kannst du es mit Absicht *schlimmer* machen, mit einer Pause auf der anderen Seite?
  = Das war es: Mit 5 ms kracht es neun von zehn Malen. Die Fahne wird gehoben, bevor die Daten stehen. Behoben, an der richtigen Stelle.
    * Neun von zehn ist ein Test. Lass die Pause drin, hinter einem Schalter.
- "Ich schreibe, damit mich jemand aufhält" sollte eine Vorlage sein.

# stammtisch sea | Seehunde auf der Rampe
@ die Rampe | das Schild | die Vorschrift
{n:Vier|Fünf} Seehunde auf der Rampe, Niedrigwasser, und ein Boot, das um {t:neun|zehn} hinunter sollte. Die Vorschrift verlangt dreißig Meter Abstand. Die Rampe ist zweiundzwanzig lang. Der Hafen ist also rechtlich gesperrt, von Tieren, die schlafen.

Ich habe es unter "Wetter" eingetragen.
? Wie lange blieben sie?
  = Zwei Stunden vierzig. Sie gingen mit dem Wasser, ohne Ankündigung.
    - Die Pünktlichsten im ganzen Hafen.
! Jemand hätte sie sachte vertreiben können. Wer die Tide verpasst, wartet zwölf Stunden.
  = Wurde gefragt. Der Wart sagte: "Sachte" steht in jedem Bericht. Ich habe die Berichte gelesen, er hat recht.
    * Dann ist es Wetter. Gegen den Wart hätte ich auch verloren.
~ Fünf Schlafende legen alles still: anderswo heißt das Ausschuss.

# stammtisch science | Eine Pressemitteilung von hinten gelesen
@ die Mitteilung | die Überschrift | die letzte Zeile
Ich lese Mitteilungen von unten nach oben. Die heutige beginnt oben mit "Durchbruch bei der Wärmespeicherung". Ganz unten: {n:zwei|drei} Proben, {k:elf|neun} Durchgänge, ein Lieferant. Von hinten ist es ein kleines, ehrliches, hübsches Ergebnis. Von vorn ist es etwas anderes.

Geschrieben haben die Forscher wohl beides. Die Reihenfolge hat jemand anderes gewählt.
- Von unten ist es ein Brief. Von oben ist es die Reklame für den Brief.
? Gibt es welche, deren Ende *besser* ist als die Überschrift?
  = Eine von zwanzig, und die gebe ich weiter. Zuletzt: eine matte Überschrift über Seegras, und unten elf Jahre Geduld.
    * Elf Jahre am unteren Rand. Bitte auch hier weitergeben.
! Mit zwei Proben und einer Überschrift bezahlt man die nächsten zweihundert. Ich wäre da nicht zu fein.
  = Böse bin ich niemandem. Ich möchte nur wissen, von welchem Ende ich lese.
~ Meine eigene Zusammenfassung beginnt von hinten mit "weitere Arbeiten sind nötig" und wird dann besser.
`;
