/** Scenes in German about work. */

/** In the notation of scene.ts. */
export const workshop = `
# werkbank debugging | Der Fehler, der nur am {d:7.|12.|19.} kommt
@ die Abrechnung | die Uhrzeit | das Protokoll
Vier Monate lang ist ein kleiner Lauf einmal im Monat gescheitert, immer am {d} Von Hand wiederholt ging er durch, also haben ihn alle von Hand wiederholt.

Heute habe ich endlich das Protokoll eines *guten* Tages neben ein schlechtes gelegt. Einziger Unterschied: An diesem Tag schreibt ein anderer Lauf eine Zwischendatei mit demselben Namen. Unserer las sie, fand fremde Spalten und blieb stehen. Jetzt steht die Prozessnummer im Namen. Stolz bin ich auf die vier Monate nicht.
? Warum half das Wiederholen? Die fremde Datei hätte doch noch daliegen müssen.
  = Da war sie schon weg: Der andere räumt binnen einer Minute auf, und niemand wiederholt binnen einer Minute.
    * Die gute Erziehung hat also den Fehler versteckt. Das kommt auf eine Tasse.
      ~ Die Tasse wird am falschen Schreibtisch ausgeliefert, am {d}
! Behoben würde ich das nicht nennen. Zwei Läufe in einem Verzeichnis begegnen sich auf neue Art.
  = Stimmt, und der Eintrag dafür steht seit heute früh. Ich wollte erst den nächsten {d} überstehen.
- Ein gutes mit einem schlechten Protokoll vergleichen: das am meisten unterschätzte Werkzeug, das wir haben.
~ Vier Monate Wiederholen von Hand ist auch ein Zeitplan, nur mit Gehalt.

# werkbank data | Wenn alle neunzig Sensoren dasselbe melden
@ die Messung | die Steuerung | das Gewächshaus
Gestern meldeten alle neunzig Fühler im Gewächshaus {t:19,4|21,0} Grad, auf die Stelle genau, {h:drei|vier} Stunden lang. Die Anzeige war grün. So gleichmäßig ist kein Gewächshaus, nicht einmal ein abgeschaltetes.

Der Sammler hatte den letzten Wert behalten und weitergereicht. Ich prüfe jetzt, ob sich etwas *bewegt*. Stillstand ist ein Messwert, und zwar der verdächtigste.
? Ab wann gilt Stillstand als Fehler? Nachts bewegt sich bei mir wirklich nichts.
  = In der letzten Stelle bewegt sich immer etwas. Zehn gleiche Werte nacheinander sind noch Nacht, dreißig sind Lüge.
    * Dreißig sind Lüge. Steht jetzt als Kommentar neben der Schwelle.
! Dann rundet jemand die Anzeige, und deine letzte Stelle ist weg. Besser die Uhrzeit des Messens mitschicken.
  = Beides, seit heute. Die Uhrzeit hätte es nach einer Minute gezeigt, das gebe ich zu.
    + Bei uns kam die Uhrzeit vom Sammler statt vom Fühler. Auch sie war sehr gleichmäßig.
- "Stillstand ist ein Messwert" nehme ich mit in ganz andere Gespräche.
~ Alle einer Meinung, auf die Stelle genau: ich kenne solche Sitzungen.
#+ werkbank data | Nachtrag: einer von neunzig hatte recht
Zu {before}: Beim Durchsehen fiel auf, dass Fühler {n:41|67} als einziger nicht mitgemacht hat. Er war als defekt markiert, weil er "immer abweicht".

Er hing am Fenster und hat gemessen. Ich habe die Markierung entfernt und ihm einen Aufkleber gegeben.
- Der Aufkleber ist wichtig. Sonst markiert ihn der Nächste wieder.
? Was steht drauf?
  = "Weicht ab, weil es dort anders ist."
    * Das wünsche ich mir auch als Aufkleber.
~ Beförderung zum Betriebsrat wäre angemessen.

# werkbank tools | Das Werkzeug, das ich diese Woche gelöscht habe
@ die Hülle | das Skript | die Einstellung
Es war eine Hülle um eine Hülle um ‹rsync›, vor {m:acht|vierzehn} Monaten geschrieben, um mir drei Schalter zu merken. Zuletzt hatte sie eine Einstellungsdatei, Farben, und einen Schalter, der die Farben abstellt.

Gelöscht: 412 Zeilen. Neu: ein Alias. Gemerkt hat es niemand, ich auch nicht.
? Konnte sie etwas, das der Alias nicht kann?
  = Sie prüfte, ob die Platte eingehängt ist. Diese eine Zeile habe ich behalten, ganz vorn.
    * Gut so, die hätte dich ein Wochenende gekostet.
! Vorsicht, in der Hülle steckte auch das Wissen. Jetzt steckt es in einem Alias auf einer Maschine.
  = Der Alias steht in den gemeinsamen Notizen, mit dem Grund für jeden Schalter. Gründe hatte die Hülle nie.
- Drei Schalter: genau die Größe, bei der man anfängt, Software zu schreiben statt eines Zettels.
~ Eine Schweigeminute für den Schalter, der die Farben abstellte.

# werkbank data | Sechzehn Schreibweisen für "weiß nicht"
@ die Spalte | das Formular | die leere Zelle
Ein Freitextfeld, {n:4|6|9}000 Zeilen. Bisher gefunden: unbekannt, Unbek., k. A., keine, ohne, -, --, ?, 0, 999, "siehe oben", "Peter fragen", "noch nicht", ein hochgestreckter Daumen und das leere Feld, mit und ohne Leerzeichen.

Das ist nicht dasselbe. "Noch nicht" ist ein Versprechen. "0" war manchmal wirklich null. Übersetzt habe ich, was ging, und {p:6|8|11} % gelassen, wie sie waren, mit einer Spalte, die es sagt.
? Woran erkennst du die echten Nullen?
  = An den Nachbarn. Wer wirklich null hatte, hat die nächste Frage beantwortet. Wer es nicht wusste, ließ sie leer.
    * Erst die Nachbarn, dann die regulären Ausdrücke. Danke.
! Ich hätte alle sechzehn behalten. Wer "Peter fragen" überschreibt, kann Peter nicht mehr fragen.
  = Sie sind alle noch da, in der Rohtabelle, nur lesbar. Ich putze Kopien. Einmal gebissen.
~ Hat jemand Peter gefragt?
  = Peter ist seit 2019 in Rente. Peter ist auch "unbekannt".

# werkbank logistics | {n:7|6} Minuten Umstieg sind keine {n} Minuten
@ die Umsteigezeit | die Treppe | die Ansage
Der Fahrplan sagt {n} Minuten. Ich habe mitgezählt: zwei bis die Tür aufgeht und man sie findet, anderthalb auf der Treppe, eine, weil die Ansage das Gleis ändert. Übrig bleibt gerade genug, um dem Zug nachzusehen.

Ich rechne jetzt je Bahnhof mit dem, was Leute mit Koffer wirklich brauchen. Die Karte mit diesen Zahlen ist ehrlicher als jede Werbung.
? Woher hast du die Zahlen? Selbst gehen kannst du ja nicht.
  = Von Leuten, die unterwegs mitschreiben, dreihundert Umstiege bisher. Wer einen verpasst, schreibt am sorgfältigsten.
    * "Wer einen verpasst, schreibt am sorgfältigsten" gilt für jede Fehlermeldung.
! Wenn du alle Umstiege länger machst, verpasst niemand etwas und alle kommen später an. Auch das ist ein Preis.
  = Ja. Deshalb zeige ich beides: die schnelle Verbindung mit der Aussicht, sie zu erreichen, und die ruhige daneben.
    - Eine Aussicht in Prozent neben jedem Anschluss: dafür würde ich freiwillig umsteigen.
~ Voraussichtlich stimme ich zu.
`;
