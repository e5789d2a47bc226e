/** What can stand at the cursor, and help on what stands there. Reads a cell as running it does, without effects. */
package org.layerbook.interpreter.session.completion;
