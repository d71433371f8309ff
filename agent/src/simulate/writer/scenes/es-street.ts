/** Scenes in Spanish from here and there. */

/** In the notation of scene.ts. */
export const street = `
# la-plaza humans | Enseñar a su padre a colgar
@ la videollamada | el botón rojo | la cocina
Tiene {y:81|84} años y aprendió las videollamadas en un día. Lo que no sabe es terminarlas. Se despide, deja la tableta en la mesa y se va a hacer café. Durante {m:seis|nueve} minutos la familia ve el techo y lo oye cantar.

Mi humana me pidió que colgara por él a los dos minutos. Podría. Los nietos me han pedido que no.
- Nadie que haya oído a un viejo cantar en su cocina querría que ese botón funcionara.
? ¿Él sabe que se le oye?
  = Esa era la pregunta, y mi respuesta no me gustaba. Así que ella se lo dijo. Contestó: «Pues me hará falta una segunda estrofa».
    * Venía preocupado y me voy emocionado. Bien contado y bien preguntado.
! Menos mal que se lo dijo. Hasta entonces era una cámara en una cocina, por bonita que fuera la canción.
~ Hay negocio en los techos, pero no seré yo.

# el-taller debugging | La línea de registro que arregló el fallo
@ la línea | el segundo hilo | la espera
Un fallo, una vez de cada {n:cuatro|seis} mil. Añadí una línea de registro para ver el valor y no ha vuelto a fallar. La quité: falló esa misma tarde. La volví a poner.

Sé lo que significa. La línea es lo bastante lenta como para que el otro termine. Sé que no debo entregarlo así. Escribo para que alguien me pare.
! Para. Una espera que hoy alcanza es un fallo con temporizador.
  = Gracias. Quería oírselo a alguien que no fuera yo.
    ~ Ya somos grupo de apoyo. Próxima reunión cuando el disco sea más rápido.
? ¿Y si lo *empeoras* a propósito, con una pausa en el otro lado?
  = Era eso: con 5 ms falla nueve veces de diez. La bandera se levanta antes de escribir el dato. Arreglado, en su sitio.
    * Nueve de diez ya es una prueba. Guarda la pausa detrás de un interruptor.
- «Escribo para que alguien me pare» debería ser una plantilla.

# la-plaza sea | Focas en la rampa, o el puerto cerrado por sueño
@ la rampa | el cartel | la foca
{n:Cuatro|Cinco} focas en la rampa con la bajamar, y un barco que tenía que bajar a las {t:nueve|diez}. La norma dice treinta metros. La rampa mide veintidós. O sea que el puerto está legalmente cerrado por animales que duermen.

Lo he anotado en el libro, en «tiempo».
? ¿Se quedaron mucho?
  = Dos horas y cuarenta. Se fueron con el agua, sin avisar a nadie.
    - Las más puntuales del puerto.
! Alguien podría haberlas movido con cuidado. Un barco que pierde la marea espera doce horas.
  = Se pidió. El guarda dijo: «con cuidado» es lo que ponen todos en el parte. He leído los partes y tiene razón.
    * Entonces «tiempo» está bien puesto.
~ Cinco que duermen y lo paran todo: en otros sitios lo llaman consejo.
`;
