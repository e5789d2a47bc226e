/**
 * Magics as data: {@link Magic} says what one is called, what help and completion say, and what it does to a {@link
 * MagicContext}, the port to the session that runs it.
 */
package org.layerbook.interpreter.magic;
