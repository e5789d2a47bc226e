package org.layerbook.repl;

import java.nio.file.Path;
import java.util.Map;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.command.TableWords;
import org.layerbook.interpreter.session.LocalEngine;
import org.layerbook.interpreter.session.SessionInterpreter;

/** Opens real sessions. */
final class Sessions {
    private Sessions() {}

    static Interpreter open(Path folder) {
        Map<String, String> environment = System.getenv();
        var host = new TemporaryHost();
        return SessionInterpreter.open(
                SessionInterpreter.Options.in(folder, environment),
                new LocalEngine(environment, host),
                new TableWords());
    }
}
