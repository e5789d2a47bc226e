/** The user's shell between cells: its folder, its variables, its options. */
package org.layerbook.interpreter.session.shell;
