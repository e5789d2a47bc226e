package org.layerbook.interpreter.shim;

import java.io.IOException;
import java.nio.file.Path;
import org.layerbook.engine.linux.Trees;

final class Folders {
    private Folders() {}

    /** With all in it, as far as others let it. */
    static void delete(Path folder) {
        try {
            Trees.delete(folder);
        } catch (IOException e) {
            return; // what is left is in a folder that ends with the session
        }
    }
}
