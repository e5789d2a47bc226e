/**
 * A session: cells change a state that is a value.
 *
 * <p>{@link SessionInterpreter} holds a {@link SessionHistory} (checkpoints, stale cells, what each cell produced) and
 * replaces it when a cell has run. While one runs, a {@code CellRun} carries out its entries, the part of it that builds
 * on a {@code BuildSide}. The user's folder and variables ({@link User}) are no part of the state: running a cell again
 * does not take them back.
 */
package org.layerbook.interpreter.session;
