/** What processes print: bytes to text, text to lines. */
package org.layerbook.interpreter.output;
