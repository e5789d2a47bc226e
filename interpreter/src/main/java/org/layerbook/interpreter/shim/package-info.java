/**
 * The {@code docker} on the PATH of host commands: the session's side of it. The other side are the scripts in {@code
 * launcher/shim}, whose head says how the two speak.
 */
package org.layerbook.interpreter.shim;
