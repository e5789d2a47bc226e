/**
 * A session: cells change a state that is a value.
 *
 * <p>{@link org.layerbook.interpreter.session.SessionInterpreter} holds a {@link
 * org.layerbook.interpreter.session.history.SessionHistory} (checkpoints, stale cells, what each cell produced) and
 * replaces it when a cell has run. While one runs, a {@code CellRun} carries out its entries; what its parts share is a
 * {@code RunningCell}, and what it builds a {@code CellBuild}. The user's folder and variables ({@link
 * org.layerbook.interpreter.session.shell.ShellContext}) are no part of the state: running a cell again does not take
 * them back.
 */
package org.layerbook.interpreter.session;
