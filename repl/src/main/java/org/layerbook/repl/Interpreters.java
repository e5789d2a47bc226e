package org.layerbook.repl;

import java.nio.file.Path;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.session.Sessions;

/** Opens sessions; a port, so that tests need no engine. Paths are absolute. */
interface Interpreters {
    /** A session whose relative paths and build context begin at {@code folder}. */
    Interpreter in(Path folder);

    /** A session over the cells of a notebook file, in its folder. */
    Interpreter over(Path notebook);

    /** The sessions of this machine's engine. */
    Interpreters LOCAL = new Interpreters() {
        @Override
        public Interpreter in(Path folder) {
            return Sessions.open(folder);
        }

        @Override
        public Interpreter over(Path notebook) {
            return Sessions.openFor(notebook);
        }
    };
}
