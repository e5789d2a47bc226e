/**
 * The system calls that Java has no method for, by {@code java.lang.foreign}. Linked on first use. Knows nothing else of
 * Layerbook.
 */
package org.layerbook.engine.linux;
