/** The streams of a container before a user: on a terminal, in a notebook, in a pipe. */
package org.layerbook.interpreter.command.container.attach;
