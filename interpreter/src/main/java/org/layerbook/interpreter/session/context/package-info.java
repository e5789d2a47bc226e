/** The build context of a session: what is left out of it, and which steps its files have changed for. */
package org.layerbook.interpreter.session.context;
