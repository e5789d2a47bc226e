/**
 * The cell language: text to entries with their places. Pure; knows no session. {@link CellParser} is the way in,
 * {@link Entry} what comes out, {@link ShellText} how shell syntax is read.
 */
package org.layerbook.interpreter.cell;
