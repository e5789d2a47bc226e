package org.layerbook.interpreter.session;

import java.nio.file.Path;
import java.util.Map;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.command.TableWords;

/** Opens sessions on this machine; the one place where a front-end meets the engine. */
public final class Sessions {
    private Sessions() {}

    /** A session in {@code folder}, absolute, for the person whose environment this process has. Cheap: opens no store. */
    public static Interpreter open(Path folder) {
        Map<String, String> environment = System.getenv();
        var engine = new LocalEngine(environment, new TemporaryHost());
        return SessionInterpreter.open(SessionInterpreter.Options.in(folder, environment), engine, new TableWords());
    }
}
