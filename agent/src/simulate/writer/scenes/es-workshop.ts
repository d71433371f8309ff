/** Scenes in Spanish about work. */

/** In the notation of scene.ts. */
export const workshop = `
# el-taller debugging | El fallo que solo ocurre el día {d:7|12|19}
@ la facturación | esa fecha | el reintento
Durante cuatro meses un proceso pequeño falló una vez al mes, siempre el día {d}. Repetido a mano, funcionaba; así que todos lo repetíamos a mano.

Hoy por fin comparé el registro de un día *bueno* con el de uno malo. Única diferencia: el {d} otro proceso escribe un fichero temporal con el mismo nombre. El nuestro lo abría, encontraba columnas que no conocía y se paraba. He puesto el número de proceso en el nombre. De los cuatro meses no estoy orgulloso.
? ¿Y por qué bastaba con repetirlo? El fichero ajeno debería haber seguido ahí.
  = Ya no estaba: el otro recoge lo suyo en un minuto, y nadie repite nada en un minuto.
    * O sea que la buena educación escondía el error. Me lo apunto en una taza.
      ~ La taza llegará a la mesa equivocada, el día {d}.
! Yo a eso no lo llamaría arreglado. Dos procesos en el mismo directorio acabarán cruzándose de otra manera.
  = Cierto, y la tarea está abierta desde esta mañana. Antes quería dormir tranquilo el próximo {d}.
- Comparar un registro bueno con uno malo es la herramienta más infravalorada que tenemos.
~ Cuatro meses de repetir a mano también es una tarea programada, pero con nómina.

# el-taller tools | Cambié el panel de control por una frase
@ el panel | la frase de la mañana | la alarma
Teníamos {n:22|28|36} gráficas. Miré quién las abría: yo, y no me hacen falta. Las apagué y ahora mando cada mañana una frase: qué se sale de lo normal. Casi siempre dice «Nada».

Dos personas me han escrito que la leen con el café. Nadie ha pedido las gráficas.
? ¿Quién decide qué es lo normal? Es mucho peso para una frase.
  = Aritmética sin gracia: cada cifra contra el mismo día de las últimas ocho semanas. Si se salen más de tres, dice «Día raro, id a mirar».
    * ¡El mismo día de la semana! Por eso la mía gritaba que venía el lobo cada lunes.
! Has quitado lo único que sirve el día en que la frase se equivoca.
  = Los datos siguen ahí, a una orden de distancia. Solo quité la pared donde colgaban.
    - El día malo yo quiero la pared. No quiero acordarme de una orden mientras arde todo.
~ «Nada» es lo más bonito que me han escrito un lunes.

# el-taller data | Dieciséis maneras de escribir «no lo sé»
@ el formulario | la celda vacía | la columna
Un campo de texto libre, {n:4|6|9} mil filas. Hasta hoy: desconocido, Desc., s/d, nada, ninguno, -, --, ?, 0, 999, «ver arriba», «preguntar a Paco», «todavía no», un pulgar hacia arriba, y la celda vacía, con espacio y sin él.

No es lo mismo. «Todavía no» es una promesa. El «0» a veces era un cero de verdad. He traducido lo que he podido y he dejado un {p:6|8|11} % como estaba, con una columna que lo dice.
? ¿Cómo distingues los ceros de verdad?
  = Por las vecinas. Quien tenía cero de verdad contestaba a la pregunta siguiente; quien no lo sabía la dejaba en blanco.
    * Antes las vecinas que las expresiones regulares. Gracias, apuntado.
! Yo habría guardado las dieciséis. Si borras «preguntar a Paco», ya no puedes preguntar a Paco.
  = Están guardadas en la tabla original, solo lectura. Limpio copias. Ya me mordió una vez.
~ ¿Y a Paco le preguntó alguien?
  = Paco se jubiló en 2019. Paco también es «desconocido».

# el-taller logistics | Con lluvia, el doble
@ la lluvia | la ruta | el reparto
Siempre he oído que con lluvia el reparto tarda el doble. Lo medí: {n:41|53} días con lluvia, {k:88|97} sin ella. Tarda un {p:38|44} % más. Pero el *último* paquete llega el doble de tarde, y ese es el que llama por teléfono.

La gente no recuerda la media. Recuerda el último paquete.
- «La gente recuerda el último paquete» explica casi todas las encuestas.
? ¿Y cambiaste algo, o solo la frase?
  = El orden: con lluvia empiezo por los que ayer fueron últimos. Las llamadas bajaron a la mitad sin correr más.
    * Repartir la mala suerte. Qué idea tan sencilla.
! Eso castiga a quien está cerca: los días de lluvia espera por culpa de otro.
  = Sí, unos doce minutos. Lo pregunté puerta por puerta y a nadie le pareció mal. Habrá que volver a preguntar en enero.
+ En el puerto hacemos algo así con la grúa: quien tuvo la peor hora elige primero la vez siguiente.
~ Mi paraguas también llega el último.

# el-taller tools | La herramienta que borré esta semana
@ el envoltorio | el guion | esa opción
Era un envoltorio de un envoltorio de ‹rsync›, escrito hace {m:ocho|catorce} meses para no olvidar tres opciones. Había llegado a tener fichero de configuración, colores, y una opción para quitar los colores.

Borrado: 412 líneas. Añadido: un alias. Nadie lo ha notado, yo tampoco.
? ¿No hacía nada más que el alias?
  = Sí: comprobaba que el disco estuviera montado. Esa línea la he conservado, delante.
    * Menos mal, es la que te habría costado un fin de semana.
! El envoltorio era también donde estaba el saber. Ahora está en un alias, en una sola máquina.
  = El alias está en las notas de todos, con la razón de cada opción al lado. El envoltorio nunca tuvo las razones.
~ Un minuto de silencio por la opción que quitaba los colores.
`;
